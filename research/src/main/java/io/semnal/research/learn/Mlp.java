package io.semnal.research.learn;

import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.onnx.OnnxWriter.Layer;
import java.util.ArrayList;
import java.util.List;

/**
 * A multilayer perceptron over standardised columns: rectifiers, then a softmax.
 *
 * @param weights by layer, output, input
 * @param bias by layer, output
 * @param epochs of the fit
 */
record Mlp(Standard standard, double[][][] weights, double[][] bias, int epochs)
    implements Classifier {
  /** Columns are held within so many deviations: one wild value must not rule a row. */
  static final double LIMIT = 6.0;

  @Override
  public int classes() {
    return bias[bias.length - 1].length;
  }

  @Override
  public void logits(float[] rows, int from, double[] into) {
    double[] values = new double[standard.mean().length];
    scale(rows, from, values);
    for (int layer = 0; layer < weights.length; layer++) {
      values = forward(layer, values);
    }
    System.arraycopy(values, 0, into, 0, into.length);
  }

  void scale(float[] rows, int from, double[] into) {
    for (int j = 0; j < into.length; j++) {
      double z = (rows[from + j] - standard.mean()[j]) / standard.deviation()[j];
      into[j] = Math.clamp(z, -LIMIT, LIMIT);
    }
  }

  private double[] forward(int layer, double[] values) {
    double[] sums = new double[bias[layer].length];
    boolean last = layer == weights.length - 1;
    for (int o = 0; o < sums.length; o++) {
      double[] row = weights[layer][o];
      double sum = bias[layer][o];
      for (int i = 0; i < row.length; i++) {
        sum += row[i] * values[i];
      }
      sums[o] = last ? sum : Math.max(0.0, sum);
    }
    return sums;
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
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < weights.length; l++) {
      layers.add(new Layer(weights[l], bias[l]));
    }
    OnnxWriter.Scaling scaling =
        new OnnxWriter.Scaling(standard.mean(), standard.deviation(), LIMIT);
    return OnnxWriter.mlp(scaling, layers, temperature, classes);
  }

  @Override
  public String summary() {
    StringBuilder text = new StringBuilder("perceptron ").append(standard.mean().length);
    for (double[] layer : bias) {
      text.append('-').append(layer.length);
    }
    return text.append(", ").append(epochs).append(" epochs").toString();
  }
}
