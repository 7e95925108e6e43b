package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import java.util.Arrays;

/**
 * Mean absolute deviation of the last n values from their mean. NaN while a missing value is in the
 * window; exactly zero where all are equal.
 *
 * <p>Up to {@link #SCANNED} values are looked at one by one; more are kept in a tree that knows how
 * many lie below the mean and how far, in O(log n). The tree measures from a centre that is moved
 * to the mean each time the ring has gone round, and when a bar closes with the mean more than
 * {@link #FAR} mean deviations away from it.
 */
public final class MeanDeviation extends SeriesNode {
  /**
   * Here a close cost some 100 ns by looking, when its sums did not take turns yet, and 200 ns by
   * the tree.
   */
  static final int SCANNED = 256;

  /** Three of sixteen digits are lost to cancellation here. */
  private static final double FAR = 1024;

  private final int period;

  /** The values before the newest; null where a tree is kept. */
  private final double[] ring;

  private final SortedWindow sorted;
  private int head;

  public MeanDeviation(Node x, int period) {
    super(period, period, x);
    this.period = period;
    boolean scanned = period <= SCANNED;
    ring = scanned ? new double[period - 1] : null;
    sorted = scanned ? null : new SortedWindow(period - 1);
    if (scanned) {
      Arrays.fill(ring, Double.NaN);
    }
  }

  @Override
  double compute(double v) {
    if (Double.isNaN(v)) {
      return Double.NaN;
    }
    if (ring != null) {
      // From v, since the mean itself must be rounded.
      double shift = distances(v) / period;
      return (Math.abs(shift) + absoluteDistances(v, shift)) / period;
    }
    if (!sorted.isReady()) {
      return Double.NaN;
    }
    double d = v - sorted.centre();
    double mean = (sorted.sum() + d) / period;
    return (Math.abs(d - mean) + sorted.distances(mean)) / period;
  }

  @Override
  void commit(double v, double value) {
    if (ring != null) {
      if (ring.length > 0) {
        ring[head] = v;
        head = head + 1 == ring.length ? 0 : head + 1;
      }
      return;
    }
    sorted.commit(v);
    if (sorted.isReady() && (sorted.isTurned() || isWorn())) {
      sorted.recentre();
    }
  }

  @Override
  protected void history(StateVisitor s) {
    if (ring != null) {
      s.of(ring);
      head = s.of(head);
    } else {
      sorted.state(s);
    }
  }

  /** Σ(r − base): four sums by turns, so that no addition waits for the one before. */
  private double distances(double base) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < ring.length; i += 4) {
      a += ring[i] - base;
      b += ring[i + 1] - base;
      c += ring[i + 2] - base;
      d += ring[i + 3] - base;
    }
    for (; i < ring.length; i++) {
      a += ring[i] - base;
    }
    return (a + b) + (c + d);
  }

  /** Σ|r − base − shift|, likewise. */
  private double absoluteDistances(double base, double shift) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < ring.length; i += 4) {
      a += Math.abs(ring[i] - base - shift);
      b += Math.abs(ring[i + 1] - base - shift);
      c += Math.abs(ring[i + 2] - base - shift);
      d += Math.abs(ring[i + 3] - base - shift);
    }
    for (; i < ring.length; i++) {
      a += Math.abs(ring[i] - base - shift);
    }
    return (a + b) + (c + d);
  }

  /** Asked for the values that the next window begins with; an overflow counts as worn. */
  private boolean isWorn() {
    double sum = sorted.sum();
    return !(Math.abs(sum) <= FAR * sorted.distances(sum / (period - 1)));
  }
}
