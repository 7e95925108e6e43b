package io.semnal.inference.drift;

import io.semnal.inference.registry.ModelTraining.Deciles;
import java.util.Arrays;
import java.util.List;

/**
 * Counts the values of one column against its deciles in training, over the last one to two windows
 * of rows. One thread.
 *
 * <p>The population stability index is the sum over bins of (a − e) · ln(a / e), a the share of the
 * values counted, e the share in training: 0.1 is worth a look, 0.25 an alarm. Bins are closed at
 * their upper edge. Where edges coincide, a value is common; its bin's share in training is known
 * to half a tenth, and the middle is taken.
 */
final class Stability {
  /** Fewer values say nothing: by chance alone the index would be about 9 / values. */
  static final int LEAST_VALUES = 500;

  /** Shares of nothing count as this much. */
  private static final double LEAST_SHARE = 1e-4;

  /** Values further than this many spans of the inner eight tenths beyond them are out of range. */
  private static final double RANGE_SPANS = 3;

  private static final int TENTHS = 10;

  private final Deciles trained;
  private final double[] edges;
  private final double[] expected;
  private final double low;
  private final double high;
  private final int window;
  private long[] current;
  private long[] previous;

  /**
   * @param window rows
   */
  Stability(Deciles trained, int window) {
    this.trained = trained;
    this.window = window;
    List<Double> all = trained.edges();
    edges = all.stream().mapToDouble(Double::doubleValue).distinct().toArray();
    expected = new double[edges.length + 1];
    double before = 0;
    for (int i = 0; i < edges.length; i++) {
      double upTo = shareUpTo(all, edges[i]);
      expected[i] = upTo - before;
      before = upTo;
    }
    expected[edges.length] = 1 - before;
    double span = all.isEmpty() ? 0 : edges[edges.length - 1] - edges[0];
    low = all.isEmpty() ? Double.NEGATIVE_INFINITY : edges[0] - RANGE_SPANS * span;
    high = all.isEmpty() ? Double.POSITIVE_INFINITY : edges[edges.length - 1] + RANGE_SPANS * span;
    current = new long[expected.length + 3];
    previous = new long[current.length];
  }

  private static double shareUpTo(List<Double> all, double edge) {
    int last = all.lastIndexOf(edge) + 1;
    boolean common = all.indexOf(edge) + 1 < last;
    if (!common) {
      return (double) last / TENTHS;
    }
    return last == TENTHS - 1 ? 1 : (last + 0.5) / TENTHS;
  }

  private int missingAt() {
    return expected.length;
  }

  private int outAt() {
    return expected.length + 1;
  }

  private int rowsAt() {
    return expected.length + 2;
  }

  /**
   * @param value NaN = missing
   */
  void add(double value) {
    if (current[rowsAt()] == window) {
      long[] oldest = previous;
      previous = current;
      current = oldest;
      Arrays.fill(current, 0);
    }
    current[rowsAt()]++;
    if (Double.isNaN(value)) {
      current[missingAt()]++;
      return;
    }
    int bin = 0;
    while (bin < edges.length && value > edges[bin]) {
      bin++;
    }
    current[bin]++;
    if (value < low || value > high) {
      current[outAt()]++;
    }
  }

  private long count(int at) {
    return current[at] + previous[at];
  }

  ColumnDrift drift() {
    long rows = count(rowsAt());
    long values = rows - count(missingAt());
    return new ColumnDrift(
        trained.name(),
        values < LEAST_VALUES || edges.length == 0 ? Double.NaN : index(values),
        share(count(missingAt()), rows),
        trained.missing(),
        share(count(outAt()), rows));
  }

  private double index(long values) {
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      double actual = Math.max((double) count(i) / values, LEAST_SHARE);
      double wanted = Math.max(expected[i], LEAST_SHARE);
      sum += (actual - wanted) * Math.log(actual / wanted);
    }
    return sum;
  }

  private static double share(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }
}
