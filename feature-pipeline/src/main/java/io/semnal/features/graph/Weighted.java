package io.semnal.features.graph;

/**
 * Mean of the last n values under fixed weights. O(n): weights that follow no recurrence have no
 * running form. NaN while a missing value is in the window.
 */
public final class Weighted extends Node {
  private final Node x;
  private final RollingSum window;

  /** Oldest first, their sum is one. */
  private final double[] weights;

  private Weighted(Node x, double[] weights) {
    super(weights.length, weights.length, x);
    this.x = x;
    this.weights = weights;
    this.window = new RollingSum(weights.length);
  }

  /** A bell around {@code offset (n − 1)}, of width {@code n / sigma}. */
  public static Weighted gaussian(Node x, int period, double offset, double sigma) {
    double[] weights = new double[period];
    double centre = offset * (period - 1);
    double width = period / sigma;
    double total = 0;
    for (int i = 0; i < period; i++) {
      double d = i - centre;
      weights[i] = StrictMath.exp(-d * d / (2 * width * width));
      total += weights[i];
    }
    for (int i = 0; i < period; i++) {
      weights[i] /= total;
    }
    return new Weighted(x, weights);
  }

  @Override
  protected double compute() {
    if (!window.isReady()) {
      return Double.NaN;
    }
    int last = weights.length - 1;
    double sum = weights[last] * x.out;
    for (int i = 0; i < last; i++) {
      sum += weights[i] * window.get(i);
    }
    return sum;
  }

  @Override
  protected void commit() {
    window.commit(x.out);
  }
}
