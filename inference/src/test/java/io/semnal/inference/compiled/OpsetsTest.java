package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.onnx.OnnxModel;
import io.semnal.inference.onnx.OnnxModel.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every operator set that is said to be covered, in the form in which it writes the operators that
 * changed between the sets, against ONNX Runtime.
 */
class OpsetsTest {
  private static final double TOLERANCE = 2e-6;
  private static final int WIDTH = 24;
  private static final String ML = "ai.onnx.ml";

  private final Random random = new Random(20261122);
  private int opset;
  private OnnxGraph graph;

  @ParameterizedTest
  @ValueSource(ints = {7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
  void everyOperatorSetMeansWhatOnnxRuntimeMakesOfIt(int version) {
    opset = version;
    softmaxes();
    bounds();
    shapes();
    reductions();
    parts();
    matrices();
    layers();
    recurrent();
    latest();
  }

  private void softmaxes() {
    for (String operator : List.of("Softmax", "LogSoftmax")) {
      agree(operator, List.of("grid"), Map.of());
      agree(operator, List.of("grid"), Map.of("axis", 1L));
      agree(operator, List.of("grid"), Map.of("axis", 2L));
    }
  }

  private void bounds() {
    if (opset < 11) {
      agree("Clip", List.of("grid"), Map.of("min", -0.5f, "max", 0.75f));
    } else {
      start().initializer("least", new float[] {-0.5f}).initializer("most", new float[] {0.75f});
      end("Clip", List.of("grid", "least", "most"), Map.of());
      start().initializer("most", new float[] {0.75f});
      end("Clip", List.of("grid", "", "most"), Map.of());
    }
    agree("Dropout", List.of("grid"), opset < 12 ? Map.of("ratio", 0.3f) : Map.of());
    agree("Relu", List.of("grid"), Map.of());
    agree("Cast", List.of("grid"), Map.of("to", 1L));
    agree("Transpose", List.of("grid"), Map.of("perm", new long[] {0, 2, 1}));
  }

  private void shapes() {
    start();
    graph.initializer("shape", new long[] {0, 2, -1, 4}, 4);
    graph.node("Reshape", List.of("grid", "shape"), List.of("four"), Map.of());
    axes("Unsqueeze", "four", "five", 13, 1, 3);
    axes("Squeeze", "five", "less", 13, 1, 3);
    end("Flatten", List.of("less"), Map.of("axis", 2L));
    if (opset >= 14) {
      start().initializer("shape", new long[] {1, 6, 4}, 3);
      end("Reshape", List.of("grid", "shape"), Map.of("allowzero", 1L));
    }
  }

  private void reductions() {
    for (String operator : List.of("ReduceSum", "ReduceMean", "ReduceMax", "ReduceL2")) {
      start();
      axes(operator, "grid", "reduced", operator.equals("ReduceSum") ? 13 : 18, 1);
      end("Neg", List.of("reduced"), Map.of());
    }
    agree("ReduceMin", List.of("grid"), Map.of("keepdims", 0L));
    start().node("ArgMax", List.of("grid"), List.of("places"), Map.of("axis", 2L));
    end("Cast", List.of("places"), Map.of("to", 1L));
  }

  private void parts() {
    start();
    if (opset < 10) {
      Map<String, Object> given = new TreeMap<>();
      given.put("axes", new long[] {2, 1});
      given.put("starts", new long[] {1, -3});
      given.put("ends", new long[] {1000, -1});
      graph.node("Slice", List.of("grid"), List.of("part"), given);
    } else {
      graph
          .initializer("starts", new long[] {-1, -3}, 2)
          .initializer("ends", new long[] {-1000, -1}, 2)
          .initializer("axes", new long[] {2, 1}, 2)
          .initializer("steps", new long[] {-2, 1}, 2)
          .node(
              "Slice",
              List.of("grid", "starts", "ends", "axes", "steps"),
              List.of("part"),
              Map.of());
    }
    end("Abs", List.of("part"), Map.of());
    start();
    List<String> split = new ArrayList<>(List.of("grid"));
    Map<String, Object> sizes = new TreeMap<>(Map.of("axis", 2L));
    if (opset < 13) {
      sizes.put("split", new long[] {1, 3});
    } else {
      graph.initializer("sizes", new long[] {1, 3}, 2);
      split.add("sizes");
    }
    graph.node("Split", split, List.of("left", "right"), sizes);
    end("Concat", List.of("right", "left"), Map.of("axis", 2L));
    if (opset >= 18) {
      start();
      Map<String, Object> three = Map.of("axis", 1L, "num_outputs", 3L);
      graph.node("Split", List.of("grid"), List.of("a", "b", "c"), three);
      end("Concat", List.of("c", "a"), Map.of("axis", 1L));
    }
    start();
    long[] pads = {0, 1, 0, 0, 0, 2};
    if (opset < 11) {
      end("Pad", List.of("grid"), Map.of("pads", pads, "value", 0.5f));
    } else {
      graph.initializer("pads", pads, 6).initializer("filling", new float[] {0.5f});
      end("Pad", List.of("grid", "pads", "filling"), Map.of());
    }
    start().initializer("places", new long[] {2, 0}, 2);
    end("Gather", List.of("grid", "places"), Map.of("axis", 2L));
  }

  private void matrices() {
    start();
    graph
        .initializer("W", Peers.reals(random, 5 * WIDTH, 0.3), 5, WIDTH)
        .initializer("C", Peers.reals(random, 5, 0.3), 5)
        .node(
            "Gemm",
            List.of("features", "W", "C"),
            List.of("product"),
            Map.of("transB", 1L, "alpha", 0.5f, "beta", 2f));
    end("Tanh", List.of("product"), Map.of());
    if (opset >= 11) {
      start().initializer("W", Peers.reals(random, 5 * WIDTH, 0.3), WIDTH, 5);
      end("Gemm", List.of("features", "W"), Map.of());
    }
    start().initializer("W", Peers.reals(random, 20, 0.3), 4, 5);
    end("MatMul", List.of("grid", "W"), Map.of());
    for (String operator : List.of("Add", "Sub", "Mul", "Div", "Min", "Max", "PRelu")) {
      boolean alike = opset == 7 && (operator.equals("Min") || operator.equals("Max"));
      start().initializer("other", Peers.reals(random, alike ? WIDTH : 4, 1), other(alike));
      end(operator, List.of("grid", "other"), Map.of());
    }
  }

  /** Before opset 8 only shapes that are the same. */
  private static long[] other(boolean alike) {
    return alike ? new long[] {1, 6, 4} : new long[] {4};
  }

  private void layers() {
    start();
    for (String name : List.of("scale", "bias", "mean", "variance")) {
      float[] values = Peers.reals(random, 6, 1);
      for (int i = 0; i < 6; i++) {
        values[i] = Math.abs(values[i]) + 0.1f;
      }
      graph.initializer(name, values, 6);
    }
    end("BatchNormalization", List.of("grid", "scale", "bias", "mean", "variance"), Map.of());
    start().initializer("W", Peers.reals(random, 2 * 6 * 3, 0.3), 2, 6, 3);
    Map<String, Object> kernel = Map.of("kernel_shape", new long[] {3}, "pads", new long[] {1, 1});
    end("Conv", List.of("grid", "W"), kernel);
    agree("MaxPool", List.of("grid"), Map.of("kernel_shape", new long[] {2}));
    agree("AveragePool", List.of("grid"), Map.of("kernel_shape", new long[] {3}));
    agree("GlobalAveragePool", List.of("grid"), Map.of());
    agree("LeakyRelu", List.of("grid"), Map.of("alpha", 0.2f));
    agree("Elu", List.of("grid"), Map.of("alpha", 0.7f));
  }

  private void recurrent() {
    for (String operator : List.of("LSTM", "GRU", "RNN")) {
      int gates = operator.equals("LSTM") ? 4 : operator.equals("GRU") ? 3 : 1;
      for (long linear = 0; linear <= (gates == 3 ? 1 : 0); linear++) {
        start();
        graph
            .node("Transpose", List.of("grid"), List.of("steps"), perm(1, 0, 2))
            .initializer("W", Peers.reals(random, gates * 3 * 4, 0.4), 1, gates * 3L, 4)
            .initializer("R", Peers.reals(random, gates * 3 * 3, 0.4), 1, gates * 3L, 3)
            .initializer("B", Peers.reals(random, gates * 6, 0.4), 1, gates * 6L);
        Map<String, Object> attributes = new TreeMap<>(Map.of("hidden_size", 3L));
        if (gates == 3) {
          attributes.put("linear_before_reset", linear);
        }
        graph.node(operator, List.of("steps", "W", "R", "B"), List.of("", "last"), attributes);
        end("Identity", List.of("last"), Map.of());
      }
    }
  }

  private static Map<String, Object> perm(long... order) {
    return Map.of("perm", order);
  }

  private void latest() {
    if (opset >= 8) {
      start().initializer("shape", new long[] {2, 6, 4}, 3);
      end("Expand", List.of("grid", "shape"), Map.of());
    }
    if (opset >= 9) {
      start().node("IsNaN", List.of("grid"), List.of("missing"), Map.of());
      graph.initializer("zero", new float[] {0.25f});
      end("Where", List.of("missing", "zero", "grid"), Map.of());
      agree("Erf", List.of("grid"), Map.of());
    }
    if (opset >= 14) {
      agree("HardSwish", List.of("grid"), Map.of());
    }
    if (opset >= 17) {
      start().initializer("scale", Peers.reals(random, 4, 1), 4);
      end("LayerNormalization", List.of("grid", "scale"), Map.of());
    }
    if (opset >= 18) {
      agree("Mish", List.of("grid"), Map.of());
    }
    if (opset >= 20) {
      agree("Gelu", List.of("grid"), Map.of("approximate", "tanh"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void everyOperatorSetOfMachineLearning(int version) {
    float[] many = Peers.reals(random, 3 * WIDTH, 0.5);
    float[] three = Peers.reals(random, 3, 0.5);
    long[] labels = {0, 1, 2};
    ml(version, "Scaler", Map.of("offset", new float[] {0.2f}, "scale", new float[] {3}), WIDTH);
    ml(version, "Normalizer", Map.of("norm", "L2"), WIDTH);
    ml(version, "Imputer", Map.of("imputed_value_floats", new float[] {0.2f}), WIDTH);
    Map<String, Object> linear = new TreeMap<>(Map.of("coefficients", many, "intercepts", three));
    linear.put("targets", 3L);
    ml(version, "LinearRegressor", linear, 3);
    linear.remove("targets");
    linear.put("classlabels_ints", labels);
    linear.put("post_transform", "SOFTMAX");
    ml(version, "LinearClassifier", linear, 3);
    // The fifth has one operator instead, see FlatTreesTest.
    for (boolean classifier : version < 5 ? new boolean[] {false, true} : new boolean[0]) {
      RandomTrees trees = new RandomTrees(random, WIDTH, RandomTrees.MODES, true);
      trees.grow(12, 5, tree -> new long[] {tree % 3}, false);
      Map<String, Object> attributes = trees.attributes(classifier);
      attributes.put(classifier ? "classlabels_int64s" : "n_targets", classifier ? labels : 3L);
      String last = classifier ? "Classifier" : "Regressor";
      ml(version, "TreeEnsemble" + last, attributes, 3);
    }
  }

  private void ml(int version, String operator, Map<String, Object> attributes, int outputs) {
    boolean classifier = operator.endsWith("Classifier");
    OnnxGraph made =
        new OnnxGraph("ml")
            .opset(ML, version)
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, WIDTH)
            .node(
                ML,
                operator,
                List.of("features"),
                classifier ? List.of("label", "scores") : List.of("scores"),
                attributes)
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, outputs);
    Peers.Rows rows = Peers.gaussian(random, 1, false);
    Peers.assertAgree(made.toBytes(), WIDTH, 20, TOLERANCE, rows);
  }

  /** Thresholds and weights of float64, ai.onnx.ml 3. */
  @ParameterizedTest
  @ValueSource(strings = {"TreeEnsembleRegressor", "TreeEnsembleClassifier"})
  void treesInFloat64(String operator) {
    boolean classifier = operator.endsWith("Classifier");
    for (int targets = classifier ? 2 : 1; targets <= 3; targets++) {
      int all = targets;
      RandomTrees trees = new RandomTrees(random, WIDTH, RandomTrees.MODES, true);
      trees.grow(15, 6, tree -> new long[] {tree % all}, false);
      Map<String, Object> attributes = trees.attributes(classifier);
      String weights = classifier ? "class_weights" : "target_weights";
      for (String name : List.of("nodes_values", weights)) {
        attributes.put(name + "_as_tensor", wide((float[]) attributes.remove(name)));
      }
      attributes.put("base_values_as_tensor", wide(Peers.reals(random, targets, 0.3)));
      if (classifier) {
        attributes.put("classlabels_int64s", Arrays.copyOf(new long[] {0, 1, 2}, targets));
        attributes.put("post_transform", "SOFTMAX");
      } else {
        attributes.put("n_targets", (long) targets);
      }
      OnnxGraph made =
          new OnnxGraph("wide")
              .opset(ML, 3)
              .input("features", Element.FLOAT64, OnnxGraph.BATCH, WIDTH)
              .node(
                  ML,
                  operator,
                  List.of("features"),
                  classifier ? List.of("label", "scores") : List.of("scores"),
                  attributes)
              .output("scores", Element.FLOAT32, OnnxGraph.BATCH, targets);
      Peers.assertAgree(made.toBytes(), WIDTH, 300, TOLERANCE, trees.rows(true));
    }
  }

  /** Not exactly float32: a third more. */
  private static Tensor wide(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i] * (values[i] == Math.rint(values[i]) ? 1 : 4.0 / 3);
    }
    return new Tensor(OnnxModel.FLOAT64, new int[] {wide.length}, wide);
  }

  private OnnxGraph start() {
    graph =
        new OnnxGraph("opset")
            .opset("", opset)
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, WIDTH)
            .initializer("grid-shape", new long[] {1, 6, 4}, 3)
            .initializer("row-shape", new long[] {1, -1}, 2)
            .node("Reshape", List.of("features", "grid-shape"), List.of("grid"), Map.of());
    return graph;
  }

  private void axes(String operator, String from, String to, int since, long... axes) {
    if (opset < since) {
      graph.node(operator, List.of(from), List.of(to), Map.of("axes", axes));
    } else {
      graph
          .initializer(operator + "-axes", axes, axes.length)
          .node(operator, List.of(from, operator + "-axes"), List.of(to), Map.of());
    }
  }

  private void agree(String operator, List<String> from, Map<String, Object> attributes) {
    start();
    end(operator, from, attributes);
  }

  private void end(String operator, List<String> from, Map<String, Object> attributes) {
    byte[] onnx =
        graph
            .node(operator, from, List.of("result"), attributes)
            .node("Reshape", List.of("result", "row-shape"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, 1, OnnxGraph.BATCH)
            .toBytes();
    try {
      Peers.assertAgree(onnx, WIDTH, 5, TOLERANCE, Peers.gaussian(random, 1, false));
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(operator + " of opset " + opset + ": " + e.getMessage(), e);
    }
  }
}
