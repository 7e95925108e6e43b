package io.semnal.features.graph;

/**
 * Mean absolute deviation of the last n values from their mean. NaN while a missing value is in the
 * window; exactly zero where all are equal.
 *
 * <p>Up to {@link #SCANNED} values are looked at one by one; more are kept in a tree that knows how
 * many lie below the mean and how far, in O(log n). The tree measures from a centre that is moved
 * to the mean each time the ring has gone round, and when a bar closes with the mean more than
 * {@link #FAR} mean deviations away from it.
 */
public final class MeanDeviation extends Node {
  /**
   * Here a close costs some 100 ns by looking and 200 ns by the tree, a provisional value 20 ns.
   */
  static final int SCANNED = 256;

  /** Three of sixteen digits are lost to cancellation here. */
  private static final double FAR = 1024;

  private final Node x;
  private final int period;

  /** Null where a tree is kept. */
  private final RollingSum window;

  private final SortedWindow sorted;

  public MeanDeviation(Node x, int period) {
    super(period, period, x);
    this.x = x;
    this.period = period;
    boolean scanned = period <= SCANNED;
    window = scanned ? new RollingSum(period) : null;
    sorted = scanned ? null : new SortedWindow(period - 1);
  }

  @Override
  protected double compute() {
    double v = x.out;
    if (window != null) {
      double shift = window.meanFrom(v);
      return Double.isNaN(shift)
          ? Double.NaN
          : (Math.abs(shift) + window.distances(v, shift)) / period;
    }
    if (!sorted.isReady() || Double.isNaN(v)) {
      return Double.NaN;
    }
    double d = v - sorted.centre();
    double mean = (sorted.sum() + d) / period;
    return (Math.abs(d - mean) + sorted.distances(mean)) / period;
  }

  @Override
  protected void commit() {
    if (window != null) {
      window.commit(x.out);
      return;
    }
    sorted.commit(x.out);
    if (sorted.isReady() && (sorted.isTurned() || isWorn())) {
      sorted.recentre();
    }
  }

  /** Asked for the values that the next window begins with; an overflow counts as worn. */
  private boolean isWorn() {
    double sum = sorted.sum();
    return !(Math.abs(sum) <= FAR * sorted.distances(sum / (period - 1)));
  }
}
