package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Products, convolutions, recurrent layers, reductions and movements, against ONNX Runtime. */
class MatrixOperatorsTest {
  private static final double TOLERANCE = 5e-6;
  private static final int STEPS = 6;
  private static final int CHANNELS = 4;
  private static final int WIDTH = STEPS * CHANNELS;

  @Property(tries = 50)
  void gemmOfAnyWidth(
      @ForAll @IntRange(min = 1, max = 40) int inputs,
      @ForAll @IntRange(min = 1, max = 40) int outputs,
      @ForAll boolean transposed,
      @ForAll @IntRange(min = 0, max = 3) int biasKind,
      @ForAll long seed) {
    Random random = new Random(seed);
    long[] weights = transposed ? new long[] {outputs, inputs} : new long[] {inputs, outputs};
    long[][] biases = {{outputs}, {1, outputs}, {1}, {}};
    int biasSize = biasKind < 2 ? outputs : 1;
    byte[] onnx =
        new OnnxGraph("gemm")
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, inputs)
            .initializer("W", Peers.reals(random, inputs * outputs, 0.3), weights)
            .initializer("B", Peers.reals(random, biasSize, 1), biases[biasKind])
            .node(
                "Gemm",
                List.of("features", "W", "B"),
                List.of("linear"),
                Map.of(
                    "transB", transposed ? 1L : 0L,
                    "alpha", 0.5f + random.nextInt(2) * 0.5f,
                    "beta", 0.25f + random.nextInt(2) * 0.75f))
            .node("Relu", List.of("linear"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, outputs)
            .toBytes();
    Peers.assertAgree(onnx, inputs, 10, TOLERANCE, Peers.gaussian(random, 1, false));
  }

  @Property(tries = 40)
  void matMulOfStacks(@ForAll("stacks") String kind, @ForAll long seed) {
    Random random = new Random(seed);
    OnnxGraph graph = window("stack");
    switch (kind) {
      case "weights" -> {
        graph.initializer("W", Peers.reals(random, CHANNELS * 5, 0.5), CHANNELS, 5);
        graph.initializer("B", Peers.reals(random, 5, 0.5), 5);
        graph.node("MatMul", List.of("window", "W"), List.of("linear"), Map.of());
        graph.node("Add", List.of("B", "linear"), List.of("product"), Map.of());
      }
      case "left" -> {
        graph.initializer("W", Peers.reals(random, 3 * STEPS, 0.5), 3, STEPS);
        graph.node("MatMul", List.of("W", "window"), List.of("product"), Map.of());
      }
      case "vector" -> {
        graph.initializer("W", Peers.reals(random, CHANNELS, 0.5), CHANNELS);
        graph.node("MatMul", List.of("window", "W"), List.of("product"), Map.of());
      }
      default -> {
        graph.node(
            "Transpose",
            List.of("window"),
            List.of("turned"),
            Map.of("perm", new long[] {0, 2, 1}));
        graph.node("MatMul", List.of("window", "turned"), List.of("product"), Map.of());
      }
    }
    check(graph, "product", random);
  }

  @Provide
  Arbitrary<String> stacks() {
    return Arbitraries.of("weights", "left", "vector", "both");
  }

  @Property(tries = 60)
  void convolutionsAndPools(
      @ForAll("windows") String operator,
      @ForAll @IntRange(min = 1, max = 3) int kernel,
      @ForAll @IntRange(min = 1, max = 2) int stride,
      @ForAll @IntRange(min = 1, max = 2) int dilation,
      @ForAll @IntRange(min = 0, max = 1) int padding,
      @ForAll @IntRange(min = 1, max = 2) int groups,
      @ForAll long seed) {
    Random random = new Random(seed);
    OnnxGraph graph = window("conv");
    Map<String, Object> attributes = new TreeMap<>();
    attributes.put("kernel_shape", new long[] {kernel});
    attributes.put("strides", new long[] {stride});
    if (kernel > padding) {
      attributes.put("pads", new long[] {padding, padding});
    }
    graph.node("Transpose", List.of("window"), List.of("x"), Map.of("perm", new long[] {0, 2, 1}));
    if (operator.equals("Conv")) {
      int channels = 6;
      attributes.put("group", (long) groups);
      attributes.put("dilations", new long[] {dilation});
      int size = channels * CHANNELS / groups * kernel;
      graph.initializer("W", Peers.reals(random, size, 0.5), channels, CHANNELS / groups, kernel);
      graph.initializer("B", Peers.reals(random, channels, 0.5), channels);
      graph.node("Conv", List.of("x", "W", "B"), List.of("pooled"), attributes);
    } else if (operator.startsWith("Global")) {
      graph.node(operator, List.of("x"), List.of("pooled"), Map.of());
    } else {
      graph.node(operator, List.of("x"), List.of("pooled"), attributes);
    }
    check(graph, "pooled", random);
  }

  @Provide
  Arbitrary<String> windows() {
    return Arbitraries.of("Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool");
  }

  @Property(tries = 60)
  void recurrentLayers(
      @ForAll("layers") String operator,
      @ForAll("directions") String direction,
      @ForAll boolean linearBeforeReset,
      @ForAll boolean initial,
      @ForAll("readings") int read,
      @ForAll long seed) {
    Random random = new Random(seed);
    int hidden = 5;
    int gates = operator.equals("LSTM") ? 4 : operator.equals("GRU") ? 3 : 1;
    int directions = direction.equals("bidirectional") ? 2 : 1;
    int rows = directions * gates * hidden;
    OnnxGraph graph =
        window("recurrent")
            .initializer(
                "W", Peers.reals(random, rows * CHANNELS, 0.5), directions, gates * hidden, 4)
            .initializer(
                "R", Peers.reals(random, rows * hidden, 0.5), directions, gates * hidden, hidden)
            .initializer("B", Peers.reals(random, 2 * rows, 0.5), directions, 2 * gates * hidden)
            .initializer("H", Peers.reals(random, directions * hidden, 1), directions, 1, hidden)
            .node(
                "Transpose", List.of("window"), List.of("x"), Map.of("perm", new long[] {1, 0, 2}));
    Map<String, Object> attributes = new TreeMap<>();
    attributes.put("hidden_size", (long) hidden);
    attributes.put("direction", direction);
    if (operator.equals("GRU")) {
      attributes.put("linear_before_reset", linearBeforeReset ? 1L : 0L);
    }
    List<String> operands = new ArrayList<>(List.of("x", "W", "R", "B"));
    if (initial) {
      operands.addAll(List.of("", "H"));
      if (operator.equals("LSTM")) {
        operands.add("H");
      }
    }
    graph.node(operator, operands, List.of("all", "last"), attributes);
    check(graph, read == 0 ? "all" : "last", random);
  }

  @Provide
  Arbitrary<String> layers() {
    return Arbitraries.of("LSTM", "GRU", "RNN");
  }

  @Provide
  Arbitrary<String> directions() {
    return Arbitraries.of("forward", "reverse", "bidirectional");
  }

  @Provide
  Arbitrary<Integer> readings() {
    return Arbitraries.of(0, 1);
  }

  @Property(tries = 60)
  void reductions(
      @ForAll("reductions") String operator,
      @ForAll("axes") long[] axes,
      @ForAll boolean keep,
      @ForAll long seed) {
    OnnxGraph graph = window("reduced");
    Map<String, Object> attributes = new TreeMap<>(Map.of("keepdims", keep ? 1L : 0L));
    boolean place = operator.startsWith("Arg");
    List<String> operands = List.of("window");
    if (place) {
      attributes.put("axis", axes[0]);
    } else if (operator.equals("ReduceSum")) {
      graph.initializer("axes", axes, axes.length);
      operands = List.of("window", "axes");
    } else {
      attributes.put("axes", axes);
    }
    graph.node(operator, operands, List.of("reduced"), attributes);
    graph.node("Cast", List.of("reduced"), List.of("real"), Map.of("to", 1L));
    check(graph, "real", new Random(seed));
  }

  @Provide
  Arbitrary<String> reductions() {
    return Arbitraries.of(
        "ReduceSum",
        "ReduceMean",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceSumSquare",
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSumExp",
        "ArgMax",
        "ArgMin");
  }

  @Provide
  Arbitrary<long[]> axes() {
    return Arbitraries.of(new long[] {1}, new long[] {-1}, new long[] {1, 2});
  }

  @Property(tries = 60)
  void movements(@ForAll("movements") String operator, @ForAll long seed) {
    Random random = new Random(seed);
    OnnxGraph graph = window("moved");
    switch (operator) {
      case "Slice" -> {
        graph.initializer("from", new long[] {-random.nextInt(1, 6), 1}, 2);
        graph.initializer("to", new long[] {Long.MAX_VALUE, 4}, 2);
        graph.initializer("axes", new long[] {1, 2}, 2);
        graph.initializer("by", new long[] {random.nextInt(1, 3), random.nextInt(1, 3)}, 2);
        List<String> operands = List.of("window", "from", "to", "axes", "by");
        graph.node("Slice", operands, List.of("moved"), Map.of());
      }
      case "Gather" -> {
        graph.initializer("places", new long[] {random.nextInt(4), -1, 0}, 3);
        graph.node("Gather", List.of("window", "places"), List.of("moved"), Map.of("axis", 2L));
      }
      case "Split" -> {
        graph.initializer("sizes", new long[] {2, 3, 1}, 3);
        List<String> parts = List.of("first", "moved", "third");
        graph.node("Split", List.of("window", "sizes"), parts, Map.of("axis", 1L));
      }
      case "Concat" -> {
        graph.initializer("more", Peers.reals(random, 2 * CHANNELS, 1), 1, 2, CHANNELS);
        graph.node("Neg", List.of("window"), List.of("negative"), Map.of());
        List<String> parts = List.of("window", "more", "negative");
        graph.node("Concat", parts, List.of("moved"), Map.of("axis", 1L));
      }
      case "Tile" -> {
        graph.initializer("times", new long[] {1, 2, 3}, 3);
        graph.node("Tile", List.of("window", "times"), List.of("moved"), Map.of());
      }
      case "Pad" -> {
        graph.initializer("pads", new long[] {0, 1, 0, 0, 0, 2}, 6);
        graph.initializer("filling", new float[] {0.5f});
        List<String> operands = List.of("window", "pads", "filling");
        graph.node("Pad", operands, List.of("moved"), Map.of());
      }
      case "Expand" -> {
        graph.initializer("shape", new long[] {2, 1, 1}, 3);
        graph.node("Expand", List.of("window", "shape"), List.of("moved"), Map.of());
      }
      default -> {
        graph.initializer("axis", new long[] {0}, 1);
        graph.node("Unsqueeze", List.of("window", "axis"), List.of("four"), Map.of());
        graph.node(
            "Transpose",
            List.of("four"),
            List.of("turned"),
            Map.of("perm", new long[] {3, 0, 2, 1}));
        graph.node("Flatten", List.of("turned"), List.of("moved"), Map.of("axis", 2L));
      }
    }
    check(graph, "moved", random);
  }

  @Provide
  Arbitrary<String> movements() {
    return Arbitraries.of(
        "Slice", "Gather", "Split", "Concat", "Tile", "Pad", "Expand", "Transpose");
  }

  /** The row as a window of steps by channels. */
  private static OnnxGraph window(String name) {
    return new OnnxGraph(name)
        .input("features", Element.FLOAT32, OnnxGraph.BATCH, WIDTH)
        .initializer("window-shape", new long[] {-1, STEPS, CHANNELS}, 3)
        .initializer("row-shape", new long[] {1, -1}, 2)
        .node("Reshape", List.of("features", "window-shape"), List.of("window"), Map.of());
  }

  private static void check(OnnxGraph graph, String result, Random random) {
    graph.node("Reshape", List.of(result, "row-shape"), List.of("scores"), Map.of());
    graph.output("scores", Element.FLOAT32, 1, OnnxGraph.BATCH);
    Peers.assertAgree(graph.toBytes(), WIDTH, 8, TOLERANCE, Peers.gaussian(random, 1, false));
  }
}
