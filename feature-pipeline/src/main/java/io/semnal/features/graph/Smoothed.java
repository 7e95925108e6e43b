package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * Exponential average: {@code previous + α (x − previous)}, begun with the mean of the first n
 * values.
 *
 * <p>Warm when the seed's weight (1 − α)^m has fallen to 1e-6: what any other beginning, off by the
 * size of the series' own range, would have left in the value is then below a millionth of that
 * range. A missing value is left out: the value is NaN on that bar only.
 */
public final class Smoothed extends SeriesNode {
  /** The seed's weight in a warm value is at most this. */
  public static final double SEED_WEIGHT = 1e-6;

  private final double alpha;
  private final int seedPeriod;
  private int seen;

  /** Sum of the seed's values until it is complete, then the average. */
  private double state;

  /**
   * @param alpha weight of the newest value, in (0, 1]
   * @param seedPeriod how many values the seed is the mean of
   */
  public Smoothed(Node x, double alpha, int seedPeriod) {
    super(seedPeriod, seedPeriod + barsToForget(alpha), x);
    this.alpha = alpha;
    this.seedPeriod = seedPeriod;
  }

  /** EMA (2 / (n + 1)). */
  public static Smoothed exponential(Node x, int period) {
    return new Smoothed(x, 2.0 / (period + 1), period);
  }

  /** Wilder's average (1 / n), also called SMMA or RMA. */
  public static Smoothed wilder(Node x, int period) {
    return new Smoothed(x, 1.0 / period, period);
  }

  @Override
  boolean movesWithinBar(boolean inputsMove) {
    return inputsMove;
  }

  @Override
  double compute(double v) {
    if (seen >= seedPeriod) {
      return state + alpha * (v - state);
    }
    return seen == seedPeriod - 1 ? (state + v) / seedPeriod : Double.NaN;
  }

  @Override
  void commit(double v, double value) {
    if (Double.isNaN(v)) {
      return;
    }
    if (seen >= seedPeriod) {
      state = value;
    } else {
      seen++;
      state = seen == seedPeriod ? value : state + v;
    }
  }

  @Override
  protected void history(StateVisitor s) {
    seen = s.of(seen);
    state = s.of(state);
  }

  /** Bars until 1 − α, as often multiplied, is at most {@link #SEED_WEIGHT}. */
  static int barsToForget(double alpha) {
    return alpha >= 1
        ? 0
        : (int) Math.ceil(StrictMath.log(SEED_WEIGHT) / StrictMath.log(1 - alpha));
  }
}
