package io.semnal.features.graph;

/**
 * Sum over the last n values in O(1), as exact as summing afresh.
 *
 * <p>Holds the n−1 committed values that a window still contains when the next one joins them. The
 * sum is kept in two doubles (error-free addition, Knuth 1969), and built anew each time the ring
 * has gone round, so that no error outlives n bars. A missing value makes the sum missing as long
 * as the window holds it.
 */
final class RollingSum {
  private final double[] ring;
  private int head;
  private int filled;
  private int missing;
  private double sum;
  private double error;

  /** How many of the newest committed values are equal to {@link #newest}. */
  private int equal;

  private double newest = Double.NaN;

  RollingSum(int period) {
    ring = new double[period - 1];
  }

  /** Whether the window is full, and none of its committed values missing. */
  boolean isReady() {
    return filled == ring.length && missing == 0;
  }

  /** Sum of the window that ends with {@code x}; NaN where it is not ready. */
  double with(double x) {
    return isReady() ? sum + x + error : Double.NaN;
  }

  /** Mean of the window that ends with {@code x}: of equal values exactly that value. */
  double meanWith(double x) {
    return x == newest && equal >= ring.length && isReady() ? x : with(x) / (ring.length + 1);
  }

  /** That mean's distance from {@code x}, exact where the mean itself must be rounded. */
  double meanFrom(double x) {
    return isReady()
        ? (Math.fma(-(double) ring.length, x, sum) + error) / (ring.length + 1)
        : Double.NaN;
  }

  /** Σ|v − base − shift| over the committed values v, in the order of their places. */
  double distances(double base, double shift) {
    double result = 0;
    for (double v : ring) {
      result += Math.abs(v - base - shift);
    }
    return result;
  }

  /** Committed values, oldest first; for the rare recomputation. */
  double get(int index) {
    int i = (filled == ring.length ? head : 0) + index;
    return ring[i >= ring.length ? i - ring.length : i];
  }

  int size() {
    return filled;
  }

  void commit(double x) {
    if (ring.length == 0) {
      return;
    }
    if (filled == ring.length) {
      take(ring[head], -1);
    } else {
      filled++;
    }
    ring[head] = x;
    equal = x == newest ? equal + 1 : 1;
    newest = x;
    take(x, 1);
    if (++head == ring.length) {
      head = 0;
      rebuild();
    }
  }

  private void take(double x, int sign) {
    if (Double.isNaN(x)) {
      missing += sign;
    } else {
      add(sign * x);
    }
  }

  private void add(double x) {
    double total = sum + x;
    double part = total - sum;
    error += (sum - (total - part)) + (x - part);
    sum = total;
  }

  private void rebuild() {
    sum = 0;
    error = 0;
    for (double x : ring) {
      if (!Double.isNaN(x)) {
        add(x);
      }
    }
  }
}
