package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxModel.Graph;
import io.semnal.inference.onnx.OnnxModel.Node;
import io.semnal.inference.onnx.OnnxModel.Tensor;
import io.semnal.inference.registry.ModelRefusedException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Refuses nodes by which a small file could fill the memory or never end: results whose size stands
 * in the file and is beyond any row's, and loops. Looks at every node, needed or not, and into the
 * bodies of branches: a runtime computes some of them when it loads.
 */
final class GrowthGuard {
  /** Values of a result. */
  private static final double MOST = 1 << 24;

  private final Map<String, Tensor> constants;

  private GrowthGuard(Map<String, Tensor> constants) {
    this.constants = constants;
  }

  static void check(Graph graph) {
    new GrowthGuard(Map.of()).checkAll(graph);
  }

  private void checkAll(Graph graph) {
    Map<String, Tensor> known = new HashMap<>(constants);
    known.putAll(graph.constants());
    for (Node node : graph.nodes()) {
      if (node.operator().equals("Constant")
          && node.outputs().size() == 1
          && constant(node) instanceof Tensor value) {
        known.put(node.outputs().getFirst(), value);
      }
    }
    GrowthGuard guard = new GrowthGuard(known);
    for (Node node : graph.nodes()) {
      guard.check(node);
      for (Object attribute : node.attributes().values()) {
        if (attribute instanceof Graph body) {
          guard.checkAll(body);
        }
      }
    }
  }

  private static Tensor constant(Node node) {
    return switch (node.attributes().get("value")) {
      case Tensor tensor -> tensor;
      case null, default ->
          node.attributes().get("value_ints") instanceof long[] ints ? tensor(ints) : null;
    };
  }

  private static Tensor tensor(long[] values) {
    return new Tensor(
        OnnxModel.INT64,
        new int[] {values.length},
        Arrays.stream(values).asDoubleStream().toArray());
  }

  private void check(Node node) {
    if (!node.domain().isEmpty()) {
      return;
    }
    switch (node.operator()) {
      case "Loop" ->
          throw new ModelRefusedException(
              node.describe() + " may never end; export the model with its loops unrolled");
      case "ConstantOfShape" -> limit(node, product(input(node, 0)));
      case "Expand", "Tile", "Reshape" -> limit(node, product(input(node, 1)));
      case "OneHot" -> limit(node, product(input(node, 1)));
      case "Pad" -> {
        limit(node, sum(input(node, 1)));
        limit(node, sum(attribute(node, "pads")));
      }
      case "Upsample", "Resize" -> {
        limit(node, product(attribute(node, "scales")));
        for (int i = 1; i < node.inputs().size(); i++) {
          limit(node, product(input(node, i)));
        }
      }
      case "Range" -> range(node);
      case "RandomNormal", "RandomUniform" -> limit(node, product(attribute(node, "shape")));
      default -> {
        // The result is no larger than what goes in makes it.
      }
    }
  }

  private double[] input(Node node, int index) {
    Tensor tensor = index < node.inputs().size() ? constants.get(node.inputs().get(index)) : null;
    return tensor == null ? new double[0] : tensor.values();
  }

  private static double[] attribute(Node node, String name) {
    return switch (node.attributes().get(name)) {
      case long[] values -> Arrays.stream(values).asDoubleStream().toArray();
      case float[] values -> {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
          wide[i] = values[i];
        }
        yield wide;
      }
      case null, default -> new double[0];
    };
  }

  /** Not of those that stand for "as it was" (0) or "the rest" (-1). */
  private static double product(double[] dimensions) {
    double product = 1;
    for (double dimension : dimensions) {
      product *= dimension == 0 || dimension == -1 ? 1 : Math.abs(dimension);
    }
    return product;
  }

  private static double sum(double[] pads) {
    return Arrays.stream(pads).map(Math::abs).sum();
  }

  private void range(Node node) {
    double[] start = input(node, 0);
    double[] end = input(node, 1);
    double[] step = input(node, 2);
    if (start.length == 1 && end.length == 1 && step.length == 1) {
      limit(node, (end[0] - start[0]) / step[0]);
    }
  }

  private static void limit(Node node, double values) {
    if (!(values <= MOST)) {
      throw new ModelRefusedException(
          node.describe() + " would make a value too large for one row: " + values + " elements");
    }
  }
}
