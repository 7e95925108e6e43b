package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * Exponential average whose weight is itself a series: {@code previous + α (x − previous)}, begun
 * with the first value that comes with a weight.
 *
 * <p>Warm when the weights since the inputs were warm have left no more than 1e-6 of any other
 * beginning: the product of all (1 − α) is kept until then. A warm-up reckons with the slowest
 * weight. A missing value or weight is left out: the value is NaN on that bar only.
 */
public final class AdaptiveAverage extends Node {
  private final Node x;
  private final Node alpha;
  private final int usual;
  private double state = Double.NaN;

  /** What is left of another beginning. */
  private double left = 1;

  /**
   * @param slowest weight that the warm-up reckons with, in (0, 1]
   */
  public AdaptiveAverage(Node x, Node alpha, double slowest) {
    super(1, 1, x, alpha);
    this.x = x;
    this.alpha = alpha;
    this.usual = 1 + Smoothed.barsToForget(slowest);
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

  @Override
  protected void history(StateVisitor s) {
    state = s.of(state);
    left = s.of(left);
  }

  @Override
  protected boolean converged() {
    if (!Double.isNaN(out)) {
      left *= Math.abs(1 - alpha.out);
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
