package io.semnal.feed;

import java.io.IOException;

/** Ticks in the order of their source: a file, or the simulator. One thread. */
public interface TickSource extends AutoCloseable {
  /**
   * Reads the next tick.
   *
   * @return {@code false} at the end
   * @throws BadInputException naming the place and what was wrong
   */
  boolean next(Tick into) throws IOException;

  @Override
  void close() throws IOException;
}
