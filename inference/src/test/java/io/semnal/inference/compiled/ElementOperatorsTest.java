package io.semnal.inference.compiled;

import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Functions of single elements, their combinations and normalisations, against ONNX Runtime. */
class ElementOperatorsTest {
  private static final double TOLERANCE = 2e-6;
  private static final int WIDTH = 12;

  /** An operator, the operator set to ask for it in, and its attributes. */
  record Use(String operator, int opset, Map<String, Object> attributes) {}

  @Provide
  Arbitrary<Use> functions() {
    return Arbitraries.of(
        use("Relu", 14),
        use("LeakyRelu", 16, "alpha", 0.1f),
        use("LeakyRelu", 9),
        use("Elu", 9, "alpha", 1.5f),
        use("Celu", 12, "alpha", 2f),
        use("Selu", 9),
        use("Gelu", 20),
        use("Gelu", 20, "approximate", "tanh"),
        use("Tanh", 13),
        use("Sigmoid", 13),
        use("HardSigmoid", 9),
        use("HardSwish", 14),
        use("Softplus", 9),
        use("Softsign", 9),
        use("Mish", 18),
        use("ThresholdedRelu", 10, "alpha", 0.5f),
        use("Exp", 13),
        use("Erf", 13),
        use("Neg", 13),
        use("Abs", 13),
        use("Floor", 13),
        use("Ceil", 13),
        use("Round", 11),
        use("Sign", 13),
        use("Clip", 9, "min", -0.5f, "max", 2f),
        use("Identity", 19),
        use("Dropout", 11));
  }

  private static Use use(String operator, int opset, Object... attributes) {
    Map<String, Object> map = new TreeMap<>();
    for (int i = 0; i < attributes.length; i += 2) {
      map.put((String) attributes[i], attributes[i + 1]);
    }
    return new Use(operator, opset, map);
  }

  @Property(tries = 60)
  void functionsOfOneElement(@ForAll("functions") Use use, @ForAll long seed) {
    byte[] onnx =
        graph(use.opset)
            .node(use.operator, List.of("features"), List.of("scores"), use.attributes)
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, WIDTH)
            .toBytes();
    Peers.assertAgree(onnx, WIDTH, 40, TOLERANCE, Peers.gaussian(new Random(seed), 2, true));
  }

  @Property(tries = 20)
  void functionsOfWhatIsPositive(@ForAll("positive") Use use, @ForAll long seed) {
    byte[] onnx =
        graph(use.opset)
            .node("Abs", List.of("features"), List.of("size"), Map.of())
            .node(use.operator, List.of("size"), List.of("scores"), use.attributes)
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, WIDTH)
            .toBytes();
    Peers.assertAgree(onnx, WIDTH, 40, TOLERANCE, Peers.gaussian(new Random(seed), 5, true));
  }

  @Provide
  Arbitrary<Use> positive() {
    return Arbitraries.of(use("Log", 13), use("Sqrt", 13), use("Reciprocal", 13));
  }

  @Property(tries = 60)
  void combinationsOfTwoWithShapesThatGrow(
      @ForAll("combinations") String operator,
      @ForAll("shapes") long[] constant,
      @ForAll boolean constantFirst,
      @ForAll long seed) {
    Random random = new Random(seed);
    long size = 1;
    for (long dimension : constant) {
      size *= dimension;
    }
    float[] values = Peers.reals(random, (int) size, 1);
    for (int i = 0; i < values.length; i++) {
      values[i] += Math.signum(values[i]) * 0.1f;
    }
    List<String> operands =
        constantFirst ? List.of("constant", "grid") : List.of("grid", "constant");
    byte[] onnx =
        graph(13)
            .initializer("grid-shape", new long[] {-1, 3, 4}, 3)
            .initializer("row-shape", new long[] {1, -1}, 2)
            .initializer("constant", values, constant)
            .node("Reshape", List.of("features", "grid-shape"), List.of("grid"), Map.of())
            .node(operator, operands, List.of("combined"), Map.of())
            .node("Reshape", List.of("combined", "row-shape"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, 1, OnnxGraph.BATCH)
            .toBytes();
    Peers.assertAgree(onnx, WIDTH, 20, TOLERANCE, Peers.gaussian(random, 2, false));
  }

  @Provide
  Arbitrary<String> combinations() {
    return Arbitraries.of("Add", "Sub", "Mul", "Div", "Min", "Max", "Sum", "Mean");
  }

  @Provide
  Arbitrary<long[]> shapes() {
    return Arbitraries.of(
        new long[] {},
        new long[] {1},
        new long[] {4},
        new long[] {3, 1},
        new long[] {3, 4},
        new long[] {2, 1, 1, 4});
  }

  @Property(tries = 10)
  void powersOfConstants(@ForAll("exponents") float exponent, @ForAll long seed) {
    byte[] onnx =
        graph(13)
            .initializer("exponent", new float[] {exponent})
            .node("Abs", List.of("features"), List.of("size"), Map.of())
            .node("Pow", List.of("size", "exponent"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, WIDTH)
            .toBytes();
    Peers.assertAgree(onnx, WIDTH, 20, TOLERANCE, Peers.gaussian(new Random(seed), 2, false));
  }

  @Provide
  Arbitrary<Float> exponents() {
    return Arbitraries.of(0.5f, 1f, 2f, 3f, 1.7f);
  }

  @Property(tries = 40)
  void softmaxAlongAnyAxis(
      @ForAll boolean logarithm, @ForAll("axes") long axis, @ForAll boolean old, @ForAll long s) {
    byte[] onnx =
        graph(old ? 11 : 13)
            .initializer("grid-shape", new long[] {-1, 3, 4}, 3)
            .initializer("row-shape", new long[] {1, -1}, 2)
            .node("Reshape", List.of("features", "grid-shape"), List.of("grid"), Map.of())
            .node(
                logarithm ? "LogSoftmax" : "Softmax",
                List.of("grid"),
                List.of("soft"),
                Map.of("axis", axis))
            .node("Reshape", List.of("soft", "row-shape"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, 1, OnnxGraph.BATCH)
            .toBytes();
    Peers.assertAgree(onnx, WIDTH, 20, TOLERANCE, Peers.gaussian(new Random(s), 4, false));
  }

  @Provide
  Arbitrary<Long> axes() {
    return Arbitraries.of(-1L, 1L, 2L, -2L);
  }

  @Property(tries = 20)
  void batchAndLayerNormalization(@ForAll boolean batch, @ForAll long seed) {
    Random random = new Random(seed);
    float[] variance = Peers.reals(random, WIDTH, 1);
    for (int i = 0; i < WIDTH; i++) {
      variance[i] = Math.abs(variance[i]) + 0.2f;
    }
    OnnxGraph graph =
        graph(17)
            .initializer("scale", Peers.reals(random, WIDTH, 1), WIDTH)
            .initializer("bias", Peers.reals(random, WIDTH, 1), WIDTH)
            .initializer("mean", Peers.reals(random, WIDTH, 1), WIDTH)
            .initializer("variance", variance, WIDTH);
    List<String> operands =
        batch
            ? List.of("features", "scale", "bias", "mean", "variance")
            : List.of("features", "scale", "bias");
    byte[] onnx =
        graph
            .node(
                batch ? "BatchNormalization" : "LayerNormalization",
                operands,
                List.of("scores"),
                Map.of("epsilon", 1e-3f))
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, WIDTH)
            .toBytes();
    Peers.assertAgree(onnx, WIDTH, 20, 5e-6, Peers.gaussian(random, 2, false));
  }

  @Property(tries = 30)
  void comparisonsChooseBetweenValues(@ForAll("comparisons") String comparison, @ForAll long s) {
    byte[] onnx =
        graph(16)
            .initializer("zero", new float[] {0})
            .node(comparison, List.of("features", "zero"), List.of("test"), Map.of())
            .node("Exp", List.of("features"), List.of("power"), Map.of())
            .node("Where", List.of("test", "power", "features"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, WIDTH)
            .toBytes();
    Peers.assertAgree(onnx, WIDTH, 20, TOLERANCE, Peers.gaussian(new Random(s), 1, false));
  }

  @Provide
  Arbitrary<String> comparisons() {
    return Arbitraries.of("Greater", "Less", "Equal", "GreaterOrEqual", "LessOrEqual");
  }

  private static OnnxGraph graph(int opset) {
    return new OnnxGraph("elements")
        .opset("", opset)
        .input("features", Element.FLOAT32, OnnxGraph.BATCH, WIDTH);
  }
}
