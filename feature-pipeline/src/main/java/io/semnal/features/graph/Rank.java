package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * Percentage of the n values before the present one that are less than it; equal ones are not. NaN
 * while a missing value is in the window.
 *
 * <p>Up to {@link #COUNTED} values are compared one by one, as whole numbers in the order of the
 * doubles, which a processor does several at a time; more are kept in a tree, in O(log n).
 */
public final class Rank extends SeriesNode {
  /**
   * Here a close costs some 100 ns by comparing and 300 ns by the tree, a provisional value 100 ns
   * and 20 ns.
   */
  static final int COUNTED = 1024;

  private final int period;

  /** Null where a tree is kept. */
  private final long[] keys;

  private final boolean[] present;
  private final SortedWindow sorted;
  private int head;
  private int ready;

  public Rank(Node x, int period) {
    super(period + 1, period + 1, x);
    this.period = period;
    boolean counted = period <= COUNTED;
    keys = counted ? new long[period] : null;
    present = counted ? new boolean[period] : null;
    sorted = counted ? null : new SortedWindow(period);
  }

  @Override
  double compute(double v) {
    if (Double.isNaN(v)) {
      return Double.NaN;
    }
    if (keys != null) {
      return ready == period ? 100.0 * below(keys, key(v)) / period : Double.NaN;
    }
    return sorted.isReady() ? 100.0 * sorted.below(v) / period : Double.NaN;
  }

  @Override
  void commit(double v, double value) {
    if (keys == null) {
      sorted.commit(v);
      return;
    }
    ready -= present[head] ? 1 : 0;
    present[head] = !Double.isNaN(v);
    ready += present[head] ? 1 : 0;
    keys[head] = key(v);
    head = head + 1 == period ? 0 : head + 1;
  }

  @Override
  protected void history(StateVisitor s) {
    if (keys == null) {
      sorted.state(s);
      return;
    }
    s.of(keys);
    s.of(present);
    head = s.of(head);
    ready = s.of(ready);
  }

  /** Orders as the doubles do; both zeros are one. */
  private static long key(double v) {
    long bits = Double.doubleToRawLongBits(v + 0.0);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /** How many keys are less: without a branch, and right where a difference overflows. */
  private static int below(long[] keys, long bound) {
    long count = 0;
    for (long key : keys) {
      count += ((key & ~bound) | (~(key ^ bound) & (key - bound))) >>> 63;
    }
    return (int) count;
  }
}
