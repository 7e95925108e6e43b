package io.semnal.features.graph;

/**
 * Exponential average whose weight is itself a series: {@code previous + α (x − previous)}, begun
 * with the first value that comes with a weight.
 *
 * <p>Warm when the beginning's weight has fallen to 1e-6 even if α has always been the given
 * slowest; where the true α may be smaller still, that is the entry's own statement. A missing
 * value or weight is left out: the value is NaN on that bar only.
 */
public final class AdaptiveAverage extends Node {
  private final Node x;
  private final Node alpha;
  private double state = Double.NaN;

  /**
   * @param slowest weight that the warm-up reckons with, in (0, 1]
   */
  public AdaptiveAverage(Node x, Node alpha, double slowest) {
    super(1, 1 + Smoothed.barsToForget(slowest), x, alpha);
    this.x = x;
    this.alpha = alpha;
  }

  @Override
  protected double compute() {
    double v = x.out;
    double weight = alpha.out;
    if (Double.isNaN(state)) {
      return v + 0 * weight;
    }
    return state + weight * (v - state);
  }

  @Override
  protected void commit() {
    if (!Double.isNaN(out)) {
      state = out;
    }
  }
}
