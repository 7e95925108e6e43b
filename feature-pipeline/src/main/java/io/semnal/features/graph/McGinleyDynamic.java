package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * McGinley's Dynamic (1990): {@code m + (x − m) / (0.6 n (x / m)⁴)}, begun with the first value.
 *
 * <p>Near its series it is an average of weight 1 / (0.6 n). The weight is held between 0.1 / n and
 * 1: the fourth power would throw the average beyond a price that falls by half, and freeze it
 * where one doubles. Warm when what each bar has left of a small difference between two beginnings,
 * {@code 1 + (4 q³ − 5 q⁴) / (0.6 n)} with {@code q = m / x} to first order, multiplies to 1e-6; a
 * warm-up reckons with a weight of 1 / n. A missing value, and one that is not above zero, is left
 * out.
 */
public final class McGinleyDynamic extends Node {
  private static final double K = 0.6;

  private final Node x;
  private final double divisor;
  private final int usual;
  private final double least;
  private double state = Double.NaN;
  private double before = Double.NaN;

  /** What is left of a small difference at the beginning. */
  private double left = 1;

  public McGinleyDynamic(Node x, int period) {
    super(1, 2, x);
    this.x = x;
    this.divisor = K * period;
    this.usual = 1 + Smoothed.barsToForget(1.0 / period);
    this.least = 0.1 / period;
  }

  @Override
  protected double compute() {
    double v = x.out;
    if (!(v > 0)) {
      return Double.NaN;
    }
    if (Double.isNaN(state)) {
      return v;
    }
    return state + Math.clamp(weight(v, state), least, 1) * (v - state);
  }

  private double weight(double v, double average) {
    double r = v / average;
    return 1 / (divisor * (r * r) * (r * r));
  }

  @Override
  protected void commit() {
    if (!Double.isNaN(out)) {
      before = state;
      state = out;
    }
  }

  @Override
  protected void history(StateVisitor s) {
    state = s.of(state);
    before = s.of(before);
    left = s.of(left);
  }

  @Override
  protected boolean converged() {
    if (!Double.isNaN(out) && !Double.isNaN(before)) {
      double weight = weight(x.out, before);
      double held = Math.clamp(weight, least, 1);
      double q = before / x.out;
      left *= Math.abs(weight == held ? 1 + q * q * q * (4 - 5 * q) / divisor : 1 - held);
    }
    return left <= Smoothed.SEED_WEIGHT;
  }

  @Override
  int usuallyWarmAfter() {
    return usual;
  }

  @Override
  String warmWhen() {
    return "its weights have left a millionth of the beginning";
  }
}
