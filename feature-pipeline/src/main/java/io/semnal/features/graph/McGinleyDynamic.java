package io.semnal.features.graph;

/**
 * McGinley's Dynamic (1990): {@code m + (x − m) / (0.6 n (x / m)⁴)}, begun with the first value.
 *
 * <p>Near its series it is an average of weight 1 / (0.6 n); the warm-up reckons with 1 / n, as
 * slow as it is while the price runs some 14 % ahead. A missing or zero value is left out.
 */
public final class McGinleyDynamic extends Node {
  private static final double K = 0.6;

  private final Node x;
  private final double divisor;
  private double state = Double.NaN;

  public McGinleyDynamic(Node x, int period) {
    super(1, 1 + Smoothed.barsToForget(1.0 / period), x);
    this.x = x;
    this.divisor = K * period;
  }

  @Override
  protected double compute() {
    double v = x.out;
    if (Double.isNaN(state)) {
      return v == 0 ? Double.NaN : v;
    }
    double r = v / state;
    return state + (v - state) / (divisor * (r * r) * (r * r));
  }

  @Override
  protected void commit() {
    // An infinity of a zero value has become NaN by now.
    if (!Double.isNaN(out)) {
      state = out;
    }
  }
}
