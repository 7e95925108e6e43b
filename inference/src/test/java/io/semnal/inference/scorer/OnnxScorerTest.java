package io.semnal.inference.scorer;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.inference.onnx.ExternalWeightsModel;
import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.onnx.ZipMapModel;
import io.semnal.inference.registry.ModelRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OnnxScorerTest {
  private static final long N = OnnxGraph.BATCH;

  @Test
  void keepsEveryBitOfDoubles() {
    try (OnnxScorer scorer = open(Graphs.identity(Element.FLOAT64, N, 3), 3)) {
      assertThat(scorer.isDouble()).isTrue();
      assertThat(scorer.input().byteSize()).isEqualTo(24);
      double[] row = {Math.PI, -Double.MIN_VALUE, Double.NaN};
      for (int i = 0; i < 3; i++) {
        scorer.input().setAtIndex(JAVA_DOUBLE, i, row[i]);
      }
      assertThat(scorer.score()).isTrue();
      assertThat(outputs(scorer)).containsExactly(row);
    }
  }

  @Test
  void takesWindowsFlattenedRowByRow() {
    OnnxGraph lastStep =
        new OnnxGraph("last-step")
            .input("features", Element.FLOAT32, N, 5, 2)
            .initializer("W", new float[] {0, 0, 0, 0, 1}, 1, 5)
            .node("MatMul", List.of("W", "features"), List.of("step"), Map.of())
            .node("Flatten", List.of("step"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, N, 2);
    try (OnnxScorer scorer = open(lastStep, 10)) {
      for (int i = 0; i < 10; i++) {
        scorer.input().setAtIndex(JAVA_FLOAT, i, i);
      }
      assertThat(scorer.score()).isTrue();
      assertThat(outputs(scorer)).containsExactly(8, 9);
    }
  }

  @Test
  void fillsTheOneOpenDimensionByTheCardsFeatures() {
    try (OnnxScorer scorer = open(Graphs.identity(Element.FLOAT32, N, N), 7)) {
      assertThat(scorer.features()).isEqualTo(7);
      assertThat(scorer.outputs()).isEqualTo(7);
    }
    refused(
        Graphs.identity(Element.FLOAT32, N, N), 0, "number of features of features float32[?,?]");
    refused(
        Graphs.identity(Element.FLOAT32, N, N, N), 6, "is not fixed; export with only the batch");
    refused(Graphs.identity(Element.FLOAT32, N, N, 4), 6, "expected 6 features, which do not fill");
  }

  @Test
  void readsTheOutputThatTheCardNames() {
    OnnxGraph two =
        Graphs.identity(Element.FLOAT32, 1, 2)
            .node("Neg", List.of("features"), List.of("negated"), Map.of())
            .node("Cast", List.of("features"), List.of("label"), Map.of("to", 7L))
            .output("label", Element.INT64, 1, 2)
            .output("negated", Element.FLOAT32, 1, 2);
    try (OnnxScorer scorer = OnnxScorer.open(two.toBytes(), 2, "negated")) {
      scorer.input().setAtIndex(JAVA_FLOAT, 0, 3f);
      assertThat(scorer.score()).isTrue();
      assertThat(scorer.output(0)).isEqualTo(-3);
    }
    assertThatThrownBy(() -> OnnxScorer.open(two.toBytes(), 2, "nagated"))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessage(
            "no output is named nagated; the model has scores float32[1,2], label int64[1,2],"
                + " negated float32[1,2]");
    assertThatThrownBy(() -> OnnxScorer.open(two.toBytes(), 2, "label"))
        .hasMessage(
            "expected an output tensor of float32 or float64, the model has label int64[1,2]");
  }

  @Test
  void refusesZipMapWithAdviceAndReadsTheTensorBesideIt() {
    assertThatThrownBy(() -> OnnxScorer.open(ZipMapModel.bytes(false), 3, ""))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("the model has output_probability sequence")
        .hasMessageContaining("export without it (options={'zipmap': False})");
    assertThatThrownBy(() -> OnnxScorer.open(ZipMapModel.bytes(true), 3, "output_probability"))
        .hasMessageContaining("export without it");
    try (OnnxScorer scorer = OnnxScorer.open(ZipMapModel.bytes(true), 3, "")) {
      assertThat(scorer.outputName()).isEqualTo("probabilities");
      assertThat(scorer.score()).isTrue();
      assertThat(scorer.output(2)).isEqualTo((double) (1 / 3f));
    }
  }

  @Test
  void refusesInputsThatAreNoRow() {
    refused(Graphs.identity(Element.FLOAT32, 32, 4), 4, "the batch of features float32[32,4] is");
    refused(Graphs.identity(Element.FLOAT32, 4), 4, "shape [N,F] or [N,T,C], the model has");
    refused(Graphs.identity(Element.FLOAT32, 1, 0), 0, "no row has the shape of");
    refused(Graphs.identity(Element.INT64, 1, 4), 4, "the model has features int64[1,4]");
    refused(
        Graphs.identity(Element.FLOAT32, 1, 4).input("mask", Element.FLOAT32, 1, 4),
        4,
        "expected one input, the model has 2: features float32[1,4], mask float32[1,4]");
    refused(
        Graphs.identity(Element.FLOAT32, 1, 4),
        5,
        "expected 5 features, the model takes 4: features float32[1,4]");
  }

  @Test
  void refusesOutputsThatAreNoRow() {
    refused(
        Graphs.identity(Element.FLOAT32, 1, 3, 2),
        6,
        "expected one row of scores for one row of features, a run gave scores float32[1,3,2]");
  }

  @Test
  void saysWhatTheRuntimeSaidOfAFailedScoreAndGoesOn() {
    try (OnnxScorer scorer = OnnxScorer.open(Graphs.lookup(), 1, "")) {
      assertThat(scorer.lastError()).isEmpty();
      for (int round = 0; round < 3; round++) {
        scorer.input().setAtIndex(JAVA_FLOAT, 0, 99f + round);
        assertThat(scorer.score()).isFalse();
        assertThat(scorer.lastError()).contains("Gather").contains("idx=" + (99 + round));
        scorer.input().setAtIndex(JAVA_FLOAT, 0, 2f);
        assertThat(scorer.score()).isTrue();
        assertThat(scorer.output(0)).isEqualTo(30);
      }
    }
  }

  @Test
  void closesOnceAndScoresNoMore() {
    OnnxScorer scorer = OnnxScorer.open(Graphs.lookup(), 1, "");
    scorer.input().setAtIndex(JAVA_FLOAT, 0, 99f);
    assertThat(scorer.score()).isFalse();
    scorer.close();
    scorer.close();
    assertThat(scorer.score()).isFalse();
    assertThat(scorer.lastError()).isEqualTo("the scorer is closed");
    assertThatThrownBy(() -> scorer.output(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesWeightsInAnotherFileEvenWhereThatFileIsThere() throws IOException {
    Path weights = Path.of("external-weights.bin");
    Files.write(weights, new byte[ExternalWeightsModel.WEIGHTS_LENGTH]);
    try {
      byte[] onnx = ExternalWeightsModel.bytes(weights.toString());
      assertThatThrownBy(() -> OnnxScorer.open(onnx, 4, ""))
          .isInstanceOf(ModelRefusedException.class)
          .hasMessageContaining("keeps weights in another file: export it as one");
    } finally {
      Files.delete(weights);
    }
  }

  @Test
  void refusesEveryTruncation() {
    byte[] whole =
        OnnxWriter.logistic(new double[3][4], new double[3], List.of("SELL", "NEUTRAL", "BUY"));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      // A cut between the last fields leaves a model that lacks metadata only.
      if (opens(cut)) {
        assertThat(length).isGreaterThan(whole.length - 50);
      }
    }
    assertThat(opens(whole)).isTrue();
    assertThatThrownBy(() -> OnnxScorer.open(new byte[0], 4, ""))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessage("the model file is empty");
  }

  @Test
  void survivesRandomAndDamagedBytes() {
    Random random = new Random(20261122);
    byte[] whole =
        OnnxWriter.logistic(new double[3][4], new double[3], List.of("SELL", "NEUTRAL", "BUY"));
    for (int round = 0; round < 300; round++) {
      byte[] noise = new byte[1 + random.nextInt(400)];
      random.nextBytes(noise);
      assertThat(opens(noise)).isFalse();
      byte[] damaged = whole.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      opens(damaged);
    }
  }

  /** Whether it opens; if not, then by the one exception that callers know. */
  private static boolean opens(byte[] bytes) {
    try (OnnxScorer scorer = OnnxScorer.open(bytes, 4, "")) {
      return scorer.score();
    } catch (ModelRefusedException e) {
      assertThat(e.getMessage()).isNotBlank();
      return false;
    }
  }

  private static OnnxScorer open(OnnxGraph graph, int features) {
    return OnnxScorer.open(graph.toBytes(), features, "");
  }

  private static void refused(OnnxGraph graph, int features, String part) {
    assertThatThrownBy(() -> open(graph, features).close())
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining(part);
  }

  private static double[] outputs(Scorer scorer) {
    double[] values = new double[scorer.outputs()];
    for (int i = 0; i < values.length; i++) {
      values[i] = scorer.output(i);
    }
    return values;
  }
}
