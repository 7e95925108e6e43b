package io.semnal.research;

/**
 * Softmax over linear scores of raw features.
 *
 * @param weights by class, then column
 * @param bias by class
 */
record LinearClassifier(double[][] weights, double[] bias) {
  int classes() {
    return bias.length;
  }

  /** Probabilities of all classes for one row; any {@code double} order of summation is fixed. */
  void probabilities(float[] row, double[] into) {
    for (int k = 0; k < bias.length; k++) {
      double score = bias[k];
      for (int j = 0; j < row.length; j++) {
        score += weights[k][j] * row[j];
      }
      into[k] = score;
    }
    softmax(into, 0, bias.length);
  }

  /** In place, shifted by the largest so that nothing overflows. */
  static void softmax(double[] scores, int from, int count) {
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
