package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxGraph.Element;
import java.util.List;
import java.util.Map;

/**
 * Writes the models that Semnal fits itself as ONNX files: input {@code features} float32 {@code
 * [N,F]}, output {@code probabilities} float32 {@code [N,C]}. Equal numbers give equal bytes.
 */
public final class OnnxWriter {
  public static final String INPUT = "features";
  public static final String OUTPUT = "probabilities";

  private OnnxWriter() {}

  /**
   * A layer of {@code weights · input + bias}.
   *
   * @param weights by output, then input
   * @param bias by output
   */
  public record Layer(double[][] weights, double[] bias) {
    public Layer {
      if (weights.length == 0 || weights.length != bias.length || weights[0].length == 0) {
        throw new IllegalArgumentException(
            "a layer of " + weights.length + " rows of weights and " + bias.length + " biases");
      }
      for (double[] row : weights) {
        if (row.length != weights[0].length) {
          throw new IllegalArgumentException(
              "rows of " + weights[0].length + " and of " + row.length + " weights");
        }
      }
    }

    int inputs() {
      return weights[0].length;
    }

    int outputs() {
      return weights.length;
    }

    private float[] flatWeights() {
      float[] flat = new float[outputs() * inputs()];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = finite(weights[i / inputs()][i % inputs()]);
      }
      return flat;
    }

    private float[] floatBias() {
      float[] narrowed = new float[bias.length];
      for (int i = 0; i < bias.length; i++) {
        narrowed[i] = finite(bias[i]);
      }
      return narrowed;
    }

    private static float finite(double value) {
      float narrowed = (float) value;
      if (!Float.isFinite(narrowed)) {
        throw new IllegalArgumentException(value + " is no float32 weight");
      }
      return narrowed;
    }
  }

  /**
   * Multinomial logistic regression: softmax(weights · features + bias).
   *
   * @param weights by class, then feature
   * @param bias by class
   * @param classes their names in that order, kept in the file's metadata
   */
  public static byte[] logistic(double[][] weights, double[] bias, List<String> classes) {
    return mlp(List.of(new Layer(weights, bias)), classes);
  }

  /**
   * A multilayer perceptron: each layer but the last through a rectifier, the last through a
   * softmax.
   *
   * @param classes names of the last layer's outputs in its order, kept in the file's metadata
   */
  public static byte[] mlp(List<Layer> layers, List<String> classes) {
    if (layers.isEmpty() || layers.getLast().outputs() != classes.size()) {
      throw new IllegalArgumentException(
          "the last layer's outputs are not as many as the classes " + classes);
    }
    OnnxGraph graph =
        new OnnxGraph(layers.size() == 1 ? "logistic" : "mlp")
            .metadata("classes", String.join(",", classes))
            .input(INPUT, Element.FLOAT32, OnnxGraph.BATCH, layers.getFirst().inputs());
    String current = INPUT;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      if (i > 0 && layer.inputs() != layers.get(i - 1).outputs()) {
        throw new IllegalArgumentException(
            "layer " + i + " does not take what layer " + (i - 1) + " gives");
      }
      graph.initializer("W" + i, layer.flatWeights(), layer.outputs(), layer.inputs());
      graph.initializer("B" + i, layer.floatBias(), layer.outputs());
      List<String> operands = List.of(current, "W" + i, "B" + i);
      graph.node("Gemm", operands, List.of("linear" + i), Map.of("transB", 1L));
      boolean last = i == layers.size() - 1;
      current = last ? OUTPUT : "hidden" + i;
      graph.node(
          last ? "Softmax" : "Relu",
          List.of("linear" + i),
          List.of(current),
          last ? Map.of("axis", -1L) : Map.of());
    }
    return graph.output(OUTPUT, Element.FLOAT32, OnnxGraph.BATCH, classes.size()).toBytes();
  }
}
