package io.semnal.research.learn;

import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.onnx.OnnxWriter.Layer;
import java.util.List;

/**
 * Softmax over linear scores of raw features.
 *
 * @param weights by class, then column
 * @param bias by class
 */
public record LinearClassifier(double[][] weights, double[] bias) implements Classifier {
  @Override
  public int classes() {
    return bias.length;
  }

  @Override
  public void logits(float[] rows, int from, double[] into) {
    for (int k = 0; k < bias.length; k++) {
      double score = bias[k];
      for (int j = 0; j < weights[k].length; j++) {
        score += weights[k][j] * rows[from + j];
      }
      into[k] = score;
    }
  }

  @Override
  public double[] own(Rows rows, double temperature) {
    return probabilities(rows, temperature);
  }

  @Override
  public boolean acceptsNaN() {
    return false;
  }

  @Override
  public byte[] onnx(double temperature, List<String> classes) {
    return OnnxWriter.mlp(null, List.of(new Layer(weights, bias)), temperature, classes);
  }

  @Override
  public String summary() {
    return "linear, " + weights[0].length + " columns";
  }
}
