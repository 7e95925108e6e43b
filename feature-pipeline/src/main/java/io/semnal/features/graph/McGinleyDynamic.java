package io.semnal.features.graph;

/**
 * McGinley's Dynamic (1990): {@code m + (x − m) / (0.6 n (x / m)⁴)}, begun with the first value.
 *
 * <p>Near its series it is an average of weight 1 / (0.6 n); far above or below, a small difference
 * between two beginnings shrinks faster, or even grows. Warm when what each bar has left of such a
 * difference, {@code 1 + (4 q³ − 5 q⁴) / (0.6 n)} with {@code q = m / x} to first order, multiplies
 * to 1e-6; a warm-up reckons with a weight of 1 / n. A missing or zero value is left out.
 */
public final class McGinleyDynamic extends Node {
  private static final double K = 0.6;

  private final Node x;
  private final double divisor;
  private final int usual;
  private double state = Double.NaN;
  private double before = Double.NaN;

  /** What is left of a small difference at the beginning. */
  private double left = 1;

  public McGinleyDynamic(Node x, int period) {
    super(1, 2, x);
    this.x = x;
    this.divisor = K * period;
    this.usual = 1 + Smoothed.barsToForget(1.0 / period);
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
      before = state;
      state = out;
    }
  }

  @Override
  protected boolean converged() {
    if (!Double.isNaN(out) && !Double.isNaN(before)) {
      double q = before / x.out;
      left *= Math.abs(1 + q * q * q * (4 - 5 * q) / divisor);
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
