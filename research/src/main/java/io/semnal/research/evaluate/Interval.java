package io.semnal.research.evaluate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * An estimate with its 95 % interval.
 *
 * @param low NaN where there is nothing to estimate from, as are the others
 */
public record Interval(double value, double low, double high) {
  private static final int RESAMPLES = 1_000;
  private static final double NORMAL_95 = 1.959963984540054;

  /** The mean, by the percentile bootstrap over the values. */
  public static Interval ofMean(double[] values, long seed) {
    int n = values.length;
    if (n == 0) {
      return new Interval(Double.NaN, Double.NaN, Double.NaN);
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] means = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += values[random.nextInt(n)];
      }
      means[r] = sum / n;
    }
    Arrays.sort(means);
    double mean = Arrays.stream(values).average().orElseThrow();
    return new Interval(mean, means[(int) (0.025 * RESAMPLES)], means[(int) (0.975 * RESAMPLES)]);
  }

  /** A share, by Wilson's score interval. */
  public static Interval ofShare(long hits, long count) {
    if (count == 0) {
      return new Interval(Double.NaN, Double.NaN, Double.NaN);
    }
    double p = (double) hits / count;
    double z2 = NORMAL_95 * NORMAL_95;
    double centre = (p + z2 / (2 * count)) / (1 + z2 / count);
    double half =
        NORMAL_95 * Math.sqrt(p * (1 - p) / count + z2 / (4.0 * count * count)) / (1 + z2 / count);
    return new Interval(p, Math.max(0, centre - half), Math.min(1, centre + half));
  }

  public boolean contains(double other) {
    return low <= other && other <= high;
  }
}
