package io.semnal.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semnal.inference.compiled.CompiledScorer;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.registry.RowScores;
import io.semnal.inference.scorer.OnnxScorer;
import io.semnal.inference.scorer.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The added operator does what mathematics says of it, whatever the file and its opset. */
class GraphEditTest {
  private static final Path MODELS =
      Path.of(System.getProperty("semnal.testdata", "missing"), "models");
  private static final double[][] ROWS = {{0, 0, 0, 0}, {1, -2, 3, 0.5}, {-30, 20, 10, -5}};

  @ParameterizedTest
  @ValueSource(ints = {9, 11, 12, 13, 17, 21})
  void addsASoftmaxUnderEveryOpset(int opset) {
    byte[] logits = linear(opset, 3);
    GraphEdit.Edited edited = GraphEdit.withSoftmax(logits, "scores");
    assertThat(edited.outputName()).isEqualTo("probabilities");
    assertEqual(softmax(scores(logits, "scores", ROWS)), edited, ROWS);
  }

  @Test
  void addsASigmoid() {
    byte[] logit = linear(17, 1);
    double[][] expected = scores(logit, "scores", ROWS);
    for (double[] row : expected) {
      row[0] = 1 / (1 + Math.exp(-row[0]));
    }
    assertEqual(expected, GraphEdit.withSigmoid(logit, "scores"), ROWS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlp32.dynamo", "mlp32.torchscript", "forest60_label_probabilities",
        "lightgbm60x3_missing", "lstm20x8.dynamo", "tcn20x8.torchscript"
      })
  void editsFilesOfRealExporters(String name) throws IOException {
    Path file = MODELS.resolve(name + ".onnx");
    assumeTrue(Files.isRegularFile(file), "no test data in " + MODELS);
    String stem = name.split("\\.")[0];
    double[][] rows = rows(MODELS.resolve(stem + ".inputs.csv"));
    double[][] expected = rows(MODELS.resolve(stem + ".expected.csv"));
    byte[] onnx = Files.readAllBytes(file);
    String read;
    try (OnnxScorer scorer = OnnxScorer.open(onnx, rows[0].length, "")) {
      read = scorer.outputName();
    }
    assertEqual(softmax(expected), GraphEdit.withSoftmax(onnx, read), rows);
  }

  @Test
  void leavesTheOtherOutputsAndTakesAFreeName() {
    byte[] two =
        new OnnxGraph("two")
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, 4)
            .node("Identity", List.of("features"), List.of("probabilities"), Map.of())
            .node("Neg", List.of("features"), List.of("other"), Map.of())
            .output("other", Element.FLOAT32, OnnxGraph.BATCH, 4)
            .output("probabilities", Element.FLOAT32, OnnxGraph.BATCH, 4)
            .toBytes();
    GraphEdit.Edited edited = GraphEdit.withSoftmax(two, "probabilities");
    assertThat(edited.outputName()).isEqualTo("probabilities2");
    assertThat(scores(edited.onnx(), "other", ROWS)).isDeepEqualTo(scores(two, "other", ROWS));
    assertEqual(softmax(ROWS), edited, ROWS);
  }

  @Test
  void refusesAnOutputThatIsNotThere() {
    assertThatThrownBy(() -> GraphEdit.withSoftmax(linear(17, 3), "labels"))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessage("no output is named labels");
  }

  private static byte[] linear(int opset, int outputs) {
    float[] weights = new float[4 * outputs];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (i * 7 % 11 - 5) / 4f;
    }
    return new OnnxGraph("linear")
        .opset("", opset)
        .input("features", Element.FLOAT32, OnnxGraph.BATCH, 4)
        .initializer("W", weights, 4, outputs)
        .node("MatMul", List.of("features", "W"), List.of("scores"), Map.of())
        .output("scores", Element.FLOAT32, OnnxGraph.BATCH, outputs)
        .toBytes();
  }

  private static void assertEqual(double[][] expected, GraphEdit.Edited edited, double[][] rows) {
    int features = rows[0].length;
    double[][] runtime = scores(edited.onnx(), edited.outputName(), rows);
    double[][] compiled;
    try (Scorer scorer = CompiledScorer.open(edited.onnx(), features, edited.outputName())) {
      compiled = RowScores.of(scorer, rows);
    }
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < expected[i].length; k++) {
        assertThat(runtime[i][k]).isCloseTo(expected[i][k], within(1e-5));
        assertThat(compiled[i][k]).isCloseTo(expected[i][k], within(1e-5));
      }
    }
  }

  private static double[][] scores(byte[] onnx, String output, double[][] rows) {
    try (Scorer scorer = OnnxScorer.open(onnx, rows[0].length, output)) {
      return RowScores.of(scorer, rows);
    }
  }

  private static double[][] softmax(double[][] logits) {
    return Arrays.stream(logits)
        .map(
            row -> {
              double most = Arrays.stream(row).max().orElseThrow();
              double[] powers = Arrays.stream(row).map(v -> Math.exp(v - most)).toArray();
              double sum = Arrays.stream(powers).sum();
              return Arrays.stream(powers).map(v -> v / sum).toArray();
            })
        .toArray(double[][]::new);
  }

  private static double[][] rows(Path csv) throws IOException {
    return Files.readAllLines(csv).stream()
        .map(
            line ->
                Arrays.stream(line.split(",", -1))
                    .mapToDouble(
                        cell ->
                            cell.isEmpty() || cell.equalsIgnoreCase("nan")
                                ? Double.NaN
                                : Double.parseDouble(cell))
                    .toArray())
        .toArray(double[][]::new);
  }
}
