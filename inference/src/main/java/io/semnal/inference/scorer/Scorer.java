package io.semnal.inference.scorer;

import java.lang.foreign.MemorySegment;

/**
 * Scores one row in place: the caller writes {@link #input()}, calls {@link #score()}, reads {@link
 * #output(int)}. One thread at a time; scoring allocates nothing and throws nothing.
 */
public interface Scorer extends AutoCloseable {
  /** Values in a row. */
  int features();

  /** Whether the input is float64; else float32. */
  boolean isDouble();

  /** Off-heap, {@code features() * (isDouble() ? 8 : 4)} bytes, native order. */
  MemorySegment input();

  /** Values in the scored output that the card names. */
  int outputs();

  /**
   * @return whether the outputs are valid; if not, {@link #lastError()} says why
   */
  boolean score();

  double output(int index);

  /** What the runtime said about the last failure; cold path. */
  String lastError();

  @Override
  void close();
}
