package io.semnal.inference.compiled;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.scorer.OnnxScorer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators of float64 against ONNX Runtime, to what float32 could not give. */
class WideOperatorsTest {
  private static final double TOLERANCE = 1e-11;
  private static final int WIDTH = 12;

  private final Random random = new Random(20261122);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Relu",
        "Tanh",
        "Sigmoid",
        "Exp",
        "Sin",
        "Cos",
        "Neg",
        "Abs",
        "Floor",
        "Ceil",
        "Round",
        "Sign",
        "Softmax",
        "LogSoftmax",
        "ReduceSum",
        "ReduceMax",
        "ReduceMin",
        "ReduceMean",
        "ReduceProd",
        "ReduceSumSquare",
        "ReduceL2",
        "ReduceLogSumExp",
        "Identity",
        "Flatten"
      })
  void ofOneValue(String operator) {
    agree(graph(13).node(operator, List.of("features"), List.of("made"), Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Log", "Sqrt", "Reciprocal"})
  void ofOneValueAboveZero(String operator) {
    agree(
        graph(13)
            .node("Exp", List.of("features"), List.of("size"), Map.of())
            .node(operator, List.of("size"), List.of("made"), Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Add", "Sub", "Mul", "Div", "Min", "Max", "Sum"})
  void ofTwoValues(String operator) {
    agree(
        graph(13)
            .initializer("other", reals(WIDTH), WIDTH)
            .node(operator, List.of("features", "other"), List.of("made"), Map.of()));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0,1", "1,0", "1,1"})
  void matrices(long transA, long transB) {
    OnnxGraph graph = graph(13);
    String from = "features";
    if (transA == 1) {
      graph.node("Transpose", List.of("features"), List.of("column"), Map.of());
      from = "column";
    }
    graph
        .initializer("W", reals(5 * WIDTH), transB == 1 ? 5 : WIDTH, transB == 1 ? WIDTH : 5)
        .initializer("C", reals(5), 5);
    Map<String, Object> attributes =
        Map.of("transA", transA, "transB", transB, "alpha", 0.5f, "beta", 2f);
    agree(graph.node("Gemm", List.of(from, "W", "C"), List.of("made"), attributes));
  }

  @ParameterizedTest
  @ValueSource(ints = {12, 13, 17})
  void anExportedNetwork(int opset) {
    OnnxGraph graph =
        graph(opset)
            .initializer("mean", reals(WIDTH), WIDTH)
            .initializer("W1", reals(WIDTH * 8), WIDTH, 8)
            .initializer("b1", reals(8), 8)
            .initializer("scale", reals(8), 8)
            .initializer("W2", reals(8 * 3), 8, 3)
            .initializer("least", new double[] {-1.5})
            .initializer("most", new double[] {1.5});
    agree(
        graph
            .node("Sub", List.of("features", "mean"), List.of("centred"), Map.of())
            .node("Clip", List.of("centred", "least", "most"), List.of("clipped"), Map.of())
            .node("MatMul", List.of("clipped", "W1"), List.of("product"), Map.of())
            .node("Add", List.of("product", "b1"), List.of("sum"), Map.of())
            .node("Tanh", List.of("sum"), List.of("hidden"), Map.of())
            .node("Greater", List.of("hidden", "b1"), List.of("above"), Map.of())
            .node("Where", List.of("above", "hidden", "scale"), List.of("chosen"), Map.of())
            .node("MatMul", List.of("chosen", "W2"), List.of("logits"), Map.of())
            .node("Softmax", List.of("logits"), List.of("made"), Map.of("axis", 1L)));
  }

  /** Widened, then narrowed: the row and the scores are float32. */
  @ParameterizedTest
  @ValueSource(ints = {9, 13, 21})
  void float64BetweenCasts(int opset) {
    byte[] onnx =
        new OnnxGraph("casts")
            .opset("", opset)
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, WIDTH)
            .initializer("other", reals(WIDTH), WIDTH)
            .node("Cast", List.of("features"), List.of("wide"), Map.of("to", 11L))
            .node("Mul", List.of("wide", "other"), List.of("product"), Map.of())
            .node("Cast", List.of("product"), List.of("scores"), Map.of("to", 1L))
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, WIDTH)
            .toBytes();
    Peers.assertAgree(onnx, WIDTH, 50, 0, Peers.gaussian(random, 2, false));
  }

  private static OnnxGraph graph(int opset) {
    return new OnnxGraph("wide")
        .opset("", opset)
        .input("features", Element.FLOAT64, OnnxGraph.BATCH, WIDTH);
  }

  private double[] reals(int count) {
    return random.doubles(count, -1, 1).toArray();
  }

  private void agree(OnnxGraph graph) {
    byte[] onnx =
        graph
            .initializer("row-shape", new long[] {1, -1}, 2)
            .node("Reshape", List.of("made", "row-shape"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT64, 1, OnnxGraph.BATCH)
            .toBytes();
    try (OnnxScorer runtime = OnnxScorer.open(onnx, WIDTH, "")) {
      assertThat(runtime.isDouble()).isTrue();
    }
    Peers.assertAgree(onnx, WIDTH, 50, TOLERANCE, Peers.gaussian(random, 2, false));
  }
}
