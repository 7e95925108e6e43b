package io.semnal.features.graph;

/**
 * Third or fourth moment of the last n values by the population's own deviation, in O(1): skewness,
 * or kurtosis in excess of the normal distribution's 3; 0 where flat. NaN while a missing value is
 * in the window.
 *
 * <p>Runs on sums of powers of d, the distance to a centre: the window's mean when it was last
 * built anew. That happens every n closes or every {@link #LONGEST}, and wherever the mean has
 * moved away from the centre by more than {@link #FAR} deviations or the squares have shrunk so far
 * that rounding errors of the past would show. Both are looked at when a bar closes, over the
 * values that the next window begins with, so that a provisional value never has to. Between two
 * such rebuilds in the same half turn the deviation has fallen by a factor of four at least: a
 * series pays for as many as its deviations have powers of four between them, and not for one a
 * bar.
 */
public final class Moment extends Node {
  /** Squared, in deviations: then (1 + 8)⁴ of 10¹⁶ are lost to cancellation. */
  static final double FAR = 64;

  /** Squares that have fallen below this part of their highest are summed anew. */
  static final double FADED = 0x1p-26;

  /** A short window needs no new sums each time its ring has gone round. */
  static final int LONGEST = 256;

  private final Node x;

  /** 1 / n. */
  private final double share;

  /** 1 / (n − 1). */
  private final double ringShare;

  private final boolean kurtosis;
  private final double[] ring;

  /** Closes between two rebuilds. */
  private final int longest;

  private final CompensatedSum first = new CompensatedSum();
  private final CompensatedSum second = new CompensatedSum();
  private final CompensatedSum third = new CompensatedSum();
  private final CompensatedSum fourth = new CompensatedSum();
  private int head;
  private int filled;
  private int missing;
  private double centre;
  private double peak;
  private int age;

  /**
   * @param order 3: skewness; 4: kurtosis
   */
  public Moment(Node x, int period, int order) {
    super(period, period, x);
    this.x = x;
    this.share = 1.0 / period;
    this.ringShare = 1.0 / (period - 1);
    this.kurtosis = order == 4;
    this.ring = new double[period - 1];
    this.longest = Math.max(period, LONGEST);
    this.age = longest;
  }

  @Override
  protected double compute() {
    double v = x.out;
    if (filled < ring.length || missing > 0 || Double.isNaN(v)) {
      return Double.NaN;
    }
    double d = v - centre;
    double square = d * d;
    double m = (first.value() + d) * share;
    double s2 = (second.value() + square) * share;
    double variance = s2 - m * m;
    if (ring.length == 0 || !(variance > 0)) {
      return 0;
    }
    double s3 = (third.value() + square * d) * share;
    if (!kurtosis) {
      return (s3 - m * (3 * s2 - 2 * m * m)) / (variance * Math.sqrt(variance));
    }
    double s4 = (fourth.value() + square * square) * share;
    return (s4 - m * (4 * s3 - m * (6 * s2 - 3 * m * m))) / (variance * variance) - 3;
  }

  @Override
  protected void commit() {
    if (ring.length == 0) {
      return;
    }
    double v = x.out;
    if (filled == ring.length) {
      take(ring[head], -1);
    } else {
      filled++;
    }
    ring[head] = v;
    take(v, 1);
    head = head + 1 == ring.length ? 0 : head + 1;
    age++;
    peak = Math.max(peak, second.value());
    if (filled == ring.length && missing == 0 && isWorn()) {
      rebuild();
    }
  }

  /** Written so that an overflow counts as worn. */
  private boolean isWorn() {
    double sum = first.value();
    double squares = second.value();
    double shift = sum * sum * ringShare;
    return age >= longest || !(shift <= FAR * (squares - shift) && squares >= FADED * peak);
  }

  private void take(double v, int sign) {
    if (Double.isNaN(v)) {
      missing += sign;
      return;
    }
    double d = v - centre;
    double square = d * d;
    first.add(sign * d);
    second.add(sign * square);
    third.add(sign * (square * d));
    if (kurtosis) {
      fourth.add(sign * (square * square));
    }
  }

  private void rebuild() {
    centre = Centre.of(ring, 0, filled);
    first.clear();
    second.clear();
    third.clear();
    fourth.clear();
    missing = 0;
    age = 0;
    for (int i = 0; i < filled; i++) {
      take(ring[i], 1);
    }
    peak = second.value();
  }
}
