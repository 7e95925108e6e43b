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
    return mlp(null, layers, 1.0, classes);
  }

  /**
   * What is done to features before the first layer: (x - mean) / deviation, held within ± limit.
   * Nodes of their own, since folded into float32 weights it would cost digits.
   */
  public record Scaling(double[] mean, double[] deviation, double limit) {}

  /**
   * The same behind a scaling, and with a temperature.
   *
   * @param scaling {@code null} = none
   * @param temperature that the last layer's outputs are divided by before the softmax; 1 = none
   */
  public static byte[] mlp(
      Scaling scaling, List<Layer> layers, double temperature, List<String> classes) {
    if (layers.isEmpty() || layers.getLast().outputs() != classes.size()) {
      throw new IllegalArgumentException(
          "the last layer's outputs are not as many as the classes " + classes);
    }
    OnnxGraph graph =
        new OnnxGraph(layers.size() == 1 ? "logistic" : "mlp")
            .metadata("classes", String.join(",", classes))
            .input(INPUT, Element.FLOAT32, OnnxGraph.BATCH, layers.getFirst().inputs());
    String current = scaling == null ? INPUT : scaled(graph, scaling);
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
      current = "linear" + i;
      if (i < layers.size() - 1) {
        graph.node("Relu", List.of(current), List.of("hidden" + i), Map.of());
        current = "hidden" + i;
      }
    }
    if (temperature != 1.0) {
      graph.initializer("temperature", new float[] {Layer.finite(temperature)}, 1);
      graph.node("Div", List.of(current, "temperature"), List.of("logits"), Map.of());
      current = "logits";
    }
    graph.node("Softmax", List.of(current), List.of(OUTPUT), Map.of("axis", -1L));
    return graph.output(OUTPUT, Element.FLOAT32, OnnxGraph.BATCH, classes.size()).toBytes();
  }

  private static String scaled(OnnxGraph graph, Scaling scaling) {
    int columns = scaling.mean().length;
    float[] mean = new float[columns];
    float[] deviation = new float[columns];
    for (int i = 0; i < columns; i++) {
      mean[i] = Layer.finite(scaling.mean()[i]);
      deviation[i] = Layer.finite(scaling.deviation()[i]);
    }
    float limit = Layer.finite(scaling.limit());
    graph.initializer("mean", mean, columns).initializer("deviation", deviation, columns);
    graph.initializer("least", new float[] {-limit}).initializer("most", new float[] {limit});
    graph.node("Sub", List.of(INPUT, "mean"), List.of("centred"), Map.of());
    graph.node("Div", List.of("centred", "deviation"), List.of("standardised"), Map.of());
    graph.node("Clip", List.of("standardised", "least", "most"), List.of("scaled"), Map.of());
    return "scaled";
  }
}
