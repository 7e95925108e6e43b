package io.semnal.research.learn;

import java.util.function.BooleanSupplier;

/**
 * What a fit needs beside rows and parameters.
 *
 * @param threads most that a library may use
 * @param embargo nanoseconds between the rows that are fitted and those that say when to stop
 * @param stop asked now and then; when it says true the fit ends with {@link StoppedException}
 */
public record FitContext(int classes, int threads, long seed, long embargo, BooleanSupplier stop) {
  public FitContext withSeed(long other) {
    return new FitContext(classes, threads, other, embargo, stop);
  }

  void checkStop() {
    if (stop.getAsBoolean()) {
      throw new StoppedException();
    }
  }

  /** The last part of the rows, for early stopping, with what its labels touch taken away. */
  Split split(Rows rows, double share) {
    long border = rows.timeAt(1.0 - share);
    return new Split(
        rows.between(Long.MIN_VALUE, border), rows.where(i -> rows.time(i) >= border + embargo));
  }

  /** Rows to fit, and later ones to watch. */
  record Split(Rows fit, Rows watch) {}
}
