package io.semnal.research.learn;

/** Turns scores into probabilities, the same on every machine. */
public final class Softmax {
  private Softmax() {}

  /** In place, shifted by the largest so that nothing overflows. */
  public static void apply(double[] scores, int from, int count) {
    double largest = scores[from];
    for (int k = 1; k < count; k++) {
      largest = Math.max(largest, scores[from + k]);
    }
    double sum = 0.0;
    for (int k = 0; k < count; k++) {
      scores[from + k] = StrictMath.exp(scores[from + k] - largest);
      sum += scores[from + k];
    }
    for (int k = 0; k < count; k++) {
      scores[from + k] /= sum;
    }
  }
}
