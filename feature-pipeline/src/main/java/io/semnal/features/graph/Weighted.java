package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * Mean of the last n values under Gaussian weights: {@code exp(−(i − c)² / 2 w²)} with the oldest
 * value at i = 0, divided by their sum. NaN while a missing value is in the window; of equal values
 * exactly that value.
 *
 * <p>What the past contributes to the next value is worked out when a bar closes, so that a
 * provisional value is one multiplication. Up to {@link #DIRECT} weights are multiplied out; more
 * are summed by {@link GaussianSum}. Weights below 1e-17 of the largest are left out.
 */
public final class Weighted extends Node {
  /** Where the two ways cost the same: some 60 ns a close. */
  static final int DIRECT = 100;

  /** Beyond this width, in windows, all weights are equal in double. */
  private static final double WIDEST = 1e8;

  /** Sums of absolute values below this part of their highest are summed anew. */
  private static final double FADED = 0x1p-8;

  private final Node x;

  /** Weight of the newest value. */
  private final double newest;

  /** How many values a window has before the newest. */
  private final int length;

  /** These values twice in a row, so that the window is in one piece; a missing one is zero. */
  private final double[] ring;

  /** The part of the window whose weights count, and null or its weights. */
  private final int from;

  private final int to;
  private final double[] weights;

  /** Null where weights are multiplied out. */
  private final GaussianSum sum;

  private final CompensatedSum absolute = new CompensatedSum();
  private double peak;
  private int age;
  private int head;
  private double past;
  private int known;
  private double last = Double.NaN;
  private int equal;

  private Weighted(Node x, int period, double centre, double width) {
    super(period, period, x);
    this.x = x;
    length = period - 1;
    ring = new double[2 * length];
    double total = 0;
    for (int i = 0; i < period; i++) {
      total += bell(i - centre, width);
    }
    newest = bell(length - centre, width) / total;
    from = (int) Math.max(0, Math.ceil(centre - GaussianSum.REACH * width));
    to = (int) Math.min(length, Math.floor(centre + GaussianSum.REACH * width) + 1);
    boolean direct = to - from <= DIRECT;
    weights = direct ? new double[Math.max(0, to - from)] : null;
    sum = direct ? null : new GaussianSum(from - centre, to - from, width, 1 / total);
    for (int i = from; direct && i < to; i++) {
      weights[i - from] = bell(i - centre, width) / total;
    }
  }

  /**
   * A bell around {@code offset (n − 1)}, of width {@code n / sigma}.
   *
   * @param offset 0 to 1
   */
  public static Weighted gaussian(Node x, int period, double offset, double sigma) {
    double width = Math.min(period / sigma, WIDEST * period);
    return new Weighted(x, period, offset * (period - 1), width);
  }

  private static double bell(double d, double width) {
    return StrictMath.exp(-d * d / (2 * width * width));
  }

  @Override
  protected double compute() {
    double v = x.out;
    if (known < length) {
      return Double.NaN;
    }
    return v == last && equal >= length ? v : past + newest * v;
  }

  @Override
  protected void commit() {
    if (length == 0) {
      return;
    }
    double v = x.out;
    boolean missing = Double.isNaN(v);
    known = missing ? 0 : Math.min(known + 1, length);
    equal = v == last ? equal + 1 : 1;
    last = v;
    double leaving = from < to ? ring[head + from] : 0;
    ring[head] = missing ? 0 : v;
    ring[head + length] = ring[head];
    head = head + 1 == length ? 0 : head + 1;
    if (sum != null) {
      slide(leaving, ring[head + to - 1]);
    } else {
      past = product(ring, head + from, weights);
    }
  }

  private void slide(double leaving, double entering) {
    sum.slide(leaving, entering);
    absolute.add(Math.abs(entering) - Math.abs(leaving));
    double size = absolute.value();
    peak = Math.max(peak, size);
    // Written so that an overflow is summed anew as well.
    if (++age >= to - from || !(size >= FADED * peak)) {
      age = 0;
      absolute.clear();
      boolean faded = !(size >= FADED * peak);
      for (int i = from; i < to; i++) {
        absolute.add(Math.abs(ring[head + i]));
      }
      if (faded) {
        sum.startAnew();
        for (int i = from; i < to; i++) {
          sum.grow(ring[head + i]);
        }
      }
      peak = absolute.value();
    }
    past = sum.value();
  }

  @Override
  protected void history(StateVisitor s) {
    s.of(ring);
    if (sum != null) {
      sum.state(s);
    }
    absolute.state(s);
    peak = s.of(peak);
    age = s.of(age);
    head = s.of(head);
    past = s.of(past);
    known = s.of(known);
    last = s.of(last);
    equal = s.of(equal);
  }

  private static double product(double[] values, int offset, double[] weights) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < weights.length; i += 4) {
      a += values[offset + i] * weights[i];
      b += values[offset + i + 1] * weights[i + 1];
      c += values[offset + i + 2] * weights[i + 2];
      d += values[offset + i + 3] * weights[i + 3];
    }
    for (; i < weights.length; i++) {
      a += values[offset + i] * weights[i];
    }
    return (a + b) + (c + d);
  }
}
