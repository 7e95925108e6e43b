package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.onnx.OnnxWriter.Layer;
import io.semnal.inference.registry.ModelCard.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files that were damaged or made to do harm end in a sentence: no crash, no hang, no flood. */
class HostileModelsTest {
  private static final int FEATURES = 4;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final ModelCard CARD =
      TestModels.card("m", Output.REGRESSION, List.of(), "pips", FEATURES, false);

  @Test
  void everyTruncationIsRefusedOrHarmless() {
    for (byte[] whole : List.of(network(), trees(0, 3, 1, 2))) {
      for (int part = 0; part < 200; part++) {
        byte[] cut = Arrays.copyOf(whole, whole.length * part / 200);
        // A cut between the last fields leaves a model that lacks metadata only.
        if (loads(cut)) {
          assertThat(cut.length).isGreaterThan(whole.length - 50);
        }
      }
      assertThat(loads(whole)).isTrue();
    }
  }

  @Test
  void flippedBitsAreRefusedOrHarmless() {
    Random random = new Random(20261122);
    for (byte[] whole : List.of(network(), trees(0, 3, 1, 2))) {
      for (int round = 0; round < 150; round++) {
        byte[] damaged = whole.clone();
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        loads(damaged);
      }
    }
  }

  @Test
  void noiseIsRefused() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      byte[] noise = new byte[1 + random.nextInt(300)];
      random.nextBytes(noise);
      assertThat(loads(noise)).isFalse();
    }
  }

  @Test
  void cyclesAreRefused() {
    OnnxGraph cyclic =
        graph()
            .node("Add", List.of("features", "later"), List.of("first"), Map.of())
            .node("Relu", List.of("first"), List.of("later"), Map.of());
    refused(
        cyclic.node("ReduceSum", List.of("first"), List.of("scores"), Map.of()),
        "the graph has a cycle: 3 nodes wait for each other's results");
    refused(
        graph().node("Relu", List.of("nowhere"), List.of("scores"), Map.of()),
        "reads nowhere, which nothing gives");
  }

  @Test
  void valuesTooLargeForMemoryAreRefusedBeforeTheyAreMade() {
    long many = 1L << 20;
    refused(
        graph()
            .initializer("shape", new long[] {many, many}, 2)
            .node("ConstantOfShape", List.of("shape"), List.of("ones"), Map.of())
            .node("ReduceSum", List.of("ones"), List.of("scores"), Map.of()),
        "too large for one row");
    refused(
        graph()
            .initializer("shape", new long[] {many, many, 1, FEATURES}, 4)
            .node("Expand", List.of("features", "shape"), List.of("more"), Map.of())
            .node("ReduceSum", List.of("more"), List.of("scores"), Map.of()),
        "too large for one row");
    float[] column = new float[20_000];
    refused(
        graph()
            .initializer("column", column, column.length, 1)
            .initializer("row", column, 1, column.length)
            .node("MatMul", List.of("column", "row"), List.of("square"), Map.of())
            .node("ReduceSum", List.of("square"), List.of("scores"), Map.of()),
        "too large for one row");
  }

  @Test
  void manyLargeValuesAreRefusedTogether() {
    OnnxGraph graph = graph().initializer("shape", new long[] {1 << 22, 1, 1}, 3);
    String last = "features";
    for (int i = 0; i < 10; i++) {
      graph.node("Neg", List.of(last), List.of("turned" + i), Map.of());
      graph.node("Expand", List.of("turned" + i, "shape"), List.of("more" + i), Map.of());
      last = i == 0 ? "more0" : "turned" + i;
    }
    refused(graph.node("ReduceSum", List.of(last), List.of("scores"), Map.of()), "too large");
  }

  @Test
  void shapesThatTheirValuesDoNotFillAreRefused() {
    byte[] onnx =
        graph()
            .initializer("weights", new float[] {1, 2, 3, 4}, FEATURES, 1)
            .node("MatMul", List.of("features", "weights"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 1)
            .toBytes();
    assertThat(loads(onnx)).isTrue();
    // The first dimension of the weights: tag 8, value 4, before the second: tag 8, value 1.
    int at = indexOf(onnx, new byte[] {8, 4, 8, 1, 16, 1});
    onnx[at + 1] = 127;
    assertThatThrownBy(() -> load(onnx))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessage("constant weights holds 4 values, its shape says 127");
  }

  @Test
  void treesThatLeadAstrayAreRefused() {
    refused(trees(0, 3, 0, 2), "a tree has a cycle");
    refused(trees(0, 3, 1, 77), "there is no node 77 in tree 0");
    refused(trees(0, FEATURES, 1, 2), "a tree looks at feature 4 of 4");
    refused(trees(9, 3, 1, 2), "a weight is for target 9 of 1");
  }

  /**
   * @param yes the root's true child: 1 is a leaf
   * @param no its false child: 2 is a leaf
   */
  private static byte[] trees(long target, long feature, long yes, long no) {
    Map<String, Object> attributes =
        Map.ofEntries(
            Map.entry("n_targets", 1L),
            Map.entry("nodes_treeids", new long[3]),
            Map.entry("nodes_nodeids", new long[] {0, 1, 2}),
            Map.entry("nodes_featureids", new long[] {feature, 0, 0}),
            Map.entry("nodes_modes", List.of("BRANCH_LT", "LEAF", "LEAF")),
            Map.entry("nodes_values", new float[] {0.5f, 0, 0}),
            Map.entry("nodes_truenodeids", new long[] {yes, 0, 0}),
            Map.entry("nodes_falsenodeids", new long[] {no, 0, 0}),
            Map.entry("target_treeids", new long[2]),
            Map.entry("target_nodeids", new long[] {1, 2}),
            Map.entry("target_ids", new long[] {target, 0}),
            Map.entry("target_weights", new float[] {0.25f, 0.75f}));
    return graph()
        .opset("ai.onnx.ml", 3)
        .node(
            "ai.onnx.ml",
            "TreeEnsembleRegressor",
            List.of("features"),
            List.of("scores"),
            attributes)
        .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 1)
        .toBytes();
  }

  private static byte[] network() {
    double[][] hidden = new double[20][FEATURES];
    double[][] last = new double[1][20];
    Random random = new Random(3);
    Arrays.stream(hidden).forEach(row -> Arrays.setAll(row, i -> random.nextGaussian()));
    Arrays.setAll(last[0], i -> random.nextGaussian());
    List<Layer> layers = List.of(new Layer(hidden, new double[20]), new Layer(last, new double[1]));
    return OnnxWriter.mlp(layers, new ArrayList<>(List.of("SCORE")));
  }

  private static OnnxGraph graph() {
    return new OnnxGraph("hostile").input("features", Element.FLOAT32, OnnxGraph.BATCH, FEATURES);
  }

  private static void refused(OnnxGraph graph, String part) {
    refused(graph.output("scores", Element.FLOAT32, 1, 1).toBytes(), part);
  }

  private static void refused(byte[] onnx, String part) {
    assertThatThrownBy(() -> load(onnx))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining(part);
  }

  /** Whether it loads; if not, then by the one exception that callers know. */
  private static boolean loads(byte[] onnx) {
    try {
      load(onnx);
      return true;
    } catch (ModelRefusedException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
  }

  private static void load(byte[] onnx) {
    assertTimeoutPreemptively(
        LIMIT, () -> ModelVerifier.load(new ModelFiles(onnx, CARD), ScorerChoice.AUTO).close());
  }

  private static int indexOf(byte[] all, byte[] part) {
    for (int i = 0; i + part.length <= all.length; i++) {
      if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }
}
