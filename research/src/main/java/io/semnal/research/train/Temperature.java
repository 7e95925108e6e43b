package io.semnal.research.train;

import io.semnal.research.learn.Classifier;
import io.semnal.research.learn.LogLoss;
import io.semnal.research.learn.Rows;

/**
 * The temperature that makes probabilities fit best (Guo et al., 2017): scores are divided by it
 * before the softmax, so that the order of rows stays.
 */
final class Temperature {
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final double LEAST = 0.1;
  private static final double MOST = 20.0;
  private static final int STEPS = 40;

  private Temperature() {}

  /** By golden-section search over its logarithm; the log loss has one minimum there. */
  static double fit(Classifier classifier, Rows rows) {
    double low = StrictMath.log(LEAST);
    double high = StrictMath.log(MOST);
    for (int i = 0; i < STEPS; i++) {
      double a = high - GOLDEN * (high - low);
      double b = low + GOLDEN * (high - low);
      if (loss(classifier, rows, a) <= loss(classifier, rows, b)) {
        high = b;
      } else {
        low = a;
      }
    }
    return (float) StrictMath.exp((low + high) / 2);
  }

  private static double loss(Classifier classifier, Rows rows, double logarithm) {
    return LogLoss.of(rows, classifier.probabilities(rows, StrictMath.exp(logarithm)));
  }
}
