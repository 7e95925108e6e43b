package io.semnal.inference.registry;

import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.onnx.OnnxWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Small models and cards for the tests of this package. */
final class TestModels {
  static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");
  static final int FEATURES = 4;

  private TestModels() {}

  /** Logistic regression whose bias tells one model from another. */
  static byte[] logistic(double bias) {
    double[][] weights = new double[3][FEATURES];
    for (int i = 0; i < 3 * FEATURES; i++) {
      weights[i / FEATURES][i % FEATURES] = (i - 5) / 10.0;
    }
    return OnnxWriter.logistic(weights, new double[] {bias, 0, -bias}, CLASSES);
  }

  /** {@code features · 1 + bias}, one weight per output: no probabilities. */
  static byte[] linear(int features, float... bias) {
    float[] weights = new float[features * bias.length];
    Arrays.fill(weights, 0.01f);
    return new OnnxGraph("linear")
        .input("features", Element.FLOAT32, OnnxGraph.BATCH, features)
        .initializer("W", weights, features, bias.length)
        .initializer("B", bias, bias.length)
        .node("Gemm", List.of("features", "W", "B"), List.of("scores"), Map.of())
        .output("scores", Element.FLOAT32, OnnxGraph.BATCH, bias.length)
        .toBytes();
  }

  static ModelCard card(String name) {
    return card(name, ModelCard.Output.CLASSES, CLASSES, "", FEATURES, false);
  }

  static ModelCard card(
      String name,
      ModelCard.Output output,
      List<String> classes,
      String unit,
      int features,
      boolean acceptsNaN) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < features; i++) {
      columns.add("return(" + (i + 1) + ")");
    }
    return new ModelCard(
        name,
        1,
        "fx-core",
        "ab".repeat(32),
        columns,
        output,
        classes,
        unit,
        "",
        acceptsNaN,
        "",
        "made by a test; not \"fitted\"",
        "2014-05-01T00:00:00Z",
        "");
  }
}
