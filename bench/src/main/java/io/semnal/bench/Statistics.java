package io.semnal.bench;

import java.util.Arrays;

/** Medians of a few repeated runs. */
public final class Statistics {
  private Statistics() {}

  public static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** {@code least to most of n}. */
  public static String range(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return Figure.number(sorted[0])
        + " to "
        + Figure.number(sorted[sorted.length - 1])
        + " over "
        + sorted.length;
  }
}
