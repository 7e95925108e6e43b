package io.semnal.features;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The columns of one feature set for one instrument; of a set with a window, those of each of its
 * rows, oldest first, as {@link io.semnal.core.config.FeatureSetConfig#inputs} names them. Same
 * thread as its pipeline; allocates nothing but where it says so.
 */
public interface FeatureRow {
  int columns();

  /** Whether every column has a value by its seeding convention. */
  boolean isDefined();

  /** Whether every column has converged to its stated bound. */
  boolean isWarm();

  /** Whether one column has converged to its stated bound. */
  boolean isWarm(int column);

  /**
   * What one column needs until it has converged, and has: per instrument and timeframe that it
   * looks at, by timeframe, then instrument. Allocates: for reports.
   */
  List<WarmUpNeed> warmUp(int column);

  /** Computes the columns as of the last closed bar of the set's timeframe. */
  void closed();

  /** Computes provisional columns that take the forming bar as if it closed now. */
  void forming();

  /**
   * Makes what {@link #forming()} needs and its first call would otherwise make; once everything is
   * bound.
   */
  void prepareForming();

  /**
   * A column of the last {@link #closed()} or {@link #forming()}, until the next bar closes; NaN
   * where undefined.
   */
  double value(int column);

  /** Writes all columns as float32, in order, from {@code offset} on. */
  void writeFloats(MemorySegment target, long offset);

  /** Writes all columns as float64. */
  void writeDoubles(MemorySegment target, long offset);
}
