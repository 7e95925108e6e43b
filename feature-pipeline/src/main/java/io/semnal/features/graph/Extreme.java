package io.semnal.features.graph;

/**
 * Highest or lowest of the last n values, or how many bars ago it was; amortised O(1) by a
 * monotonic queue (Lemire 2006). Among equals the newest counts. NaN while a missing value is in
 * the window.
 */
public final class Extreme extends Node {
  /** Which one. */
  public enum Kind {
    HIGHEST,
    LOWEST,
    BARS_SINCE_HIGHEST,
    BARS_SINCE_LOWEST
  }

  private final Node x;
  private final int period;

  /** +1 seeks the highest, −1 the lowest. */
  private final double sign;

  private final boolean age;

  /** Candidates among the last n−1 committed values, best first, newest last. */
  private final double[] values;

  private final long[] bars;
  private int head;
  private int size;
  private long bar;
  private long lastMissing = Long.MIN_VALUE / 2;

  public Extreme(Kind kind, Node x, int period) {
    super(period, period, x);
    this.x = x;
    this.period = period;
    this.sign = kind == Kind.HIGHEST || kind == Kind.BARS_SINCE_HIGHEST ? 1 : -1;
    this.age = kind == Kind.BARS_SINCE_HIGHEST || kind == Kind.BARS_SINCE_LOWEST;
    this.values = new double[period];
    this.bars = new long[period];
  }

  @Override
  protected double compute() {
    double v = sign * x.out;
    if (bar < period - 1 || bar - lastMissing < period || Double.isNaN(v)) {
      return Double.NaN;
    }
    boolean present = size == 0 || v >= values[head];
    if (age) {
      return present ? 0 : bar - bars[head];
    }
    return sign * (present ? v : values[head]);
  }

  @Override
  protected void commit() {
    double v = sign * x.out;
    if (Double.isNaN(v)) {
      lastMissing = bar;
    } else {
      while (size > 0 && values[slot(size - 1)] <= v) {
        size--;
      }
      values[slot(size)] = v;
      bars[slot(size)] = bar;
      size++;
    }
    bar++;
    // The next window begins at bar − (n − 1).
    while (size > 0 && bars[head] <= bar - period) {
      head = slot(1);
      size--;
    }
  }

  private int slot(int offset) {
    int i = head + offset;
    return i >= values.length ? i - values.length : i;
  }
}
