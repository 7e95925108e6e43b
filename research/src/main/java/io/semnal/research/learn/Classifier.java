package io.semnal.research.learn;

import java.util.List;

/** A fitted model. Immutable; any thread. */
public interface Classifier {
  int classes();

  /** Scores before the softmax of the row that begins at {@code from}. */
  void logits(float[] rows, int from, double[] into);

  /**
   * Probabilities of all rows as the library that fitted it says them, row by row: what an exported
   * model is held against.
   *
   * @param temperature that scores are divided by before the softmax
   */
  double[] own(Rows rows, double temperature);

  /** Whether it was fitted to rows with missing values. */
  boolean acceptsNaN();

  /** The ONNX file. */
  byte[] onnx(double temperature, List<String> classes);

  /** What the fit found by itself, for the log: rounds, epochs. */
  String summary();

  /** Probabilities by {@link #logits}, row by row. */
  default double[] probabilities(Rows rows, double temperature) {
    double[] all = new double[rows.size() * classes()];
    double[] one = new double[classes()];
    for (int i = 0; i < rows.size(); i++) {
      logits(rows.features(), i * rows.columns(), one);
      for (int k = 0; k < one.length; k++) {
        all[i * one.length + k] = one[k] / temperature;
      }
      Softmax.apply(all, i * one.length, one.length);
    }
    return all;
  }
}
