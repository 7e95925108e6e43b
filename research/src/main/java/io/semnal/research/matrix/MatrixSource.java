package io.semnal.research.matrix;

import java.io.IOException;
import java.util.List;
import java.util.function.LongConsumer;

/** Where the quotes or bars of a matrix come from. */
public interface MatrixSource extends AutoCloseable {
  /** Between two reports of progress, a power of two. */
  int EVERY = 1 << 17;

  /**
   * Feeds everything, in the order of time, as far as the sink needs it.
   *
   * @param progress told the quotes or bars read, now and then
   * @throws io.semnal.feed.BadInputException naming file, line and what was wrong
   */
  void feed(PriceSink sink, LongConsumer progress) throws IOException;

  /** What is counted: {@code bars}, {@code ticks} or {@code messages}. */
  String unit();

  /** How many of them were read. */
  long count();

  /** What should be known about the input: what was left out, and why. */
  List<String> remarks();

  @Override
  void close() throws IOException;
}
