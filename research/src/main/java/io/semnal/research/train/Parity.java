package io.semnal.research.train;

import io.semnal.inference.scorer.OnnxScorer;
import io.semnal.inference.scorer.Scorer;
import io.semnal.research.learn.Classifier;
import io.semnal.research.learn.Rows;
import java.lang.foreign.ValueLayout;

/** Holds an exported model against the library that fitted it, row by row. */
public final class Parity {
  /** The largest difference of a probability that an export may have. */
  public static final double LIMIT = 1e-5;

  private Parity() {}

  /**
   * @param rows compared
   * @param largest difference of a probability
   */
  public record Result(int rows, double largest) {}

  /**
   * @throws IllegalStateException where they differ by more than {@link #LIMIT}
   */
  public static Result check(byte[] onnx, Classifier classifier, double temperature, Rows rows) {
    double[] expected = classifier.own(rows, temperature);
    int classes = classifier.classes();
    double largest = 0;
    try (Scorer scorer = OnnxScorer.open(onnx, rows.columns(), "")) {
      for (int i = 0; i < rows.size(); i++) {
        for (int j = 0; j < rows.columns(); j++) {
          scorer.input().setAtIndex(ValueLayout.JAVA_FLOAT, j, rows.feature(i, j));
        }
        if (!scorer.score()) {
          throw new IllegalStateException("the exported model fails: " + scorer.lastError());
        }
        for (int k = 0; k < classes; k++) {
          double difference = Math.abs(scorer.output(k) - expected[i * classes + k]);
          largest = Double.isNaN(difference) ? Double.NaN : Math.max(largest, difference);
        }
      }
    }
    if (!(largest <= LIMIT)) {
      throw new IllegalStateException(
          "the exported model differs from the fitted one by " + largest + " on the held-out rows");
    }
    return new Result(rows.size(), largest);
  }
}
