package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.market.Timeframe;
import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.onnx.ZipMapModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of somebody else becomes a version, or its owner learns what does not fit. */
class ModelImportTest {
  private static final double[][] NO_ROWS = {};
  private static final String CLASSES = "classes=SELL,NEUTRAL,BUY";

  @TempDir Path directory;

  @Test
  void readsWhatNumbersMean() {
    assertThat(OutputSpec.parse("classes=buy,sell").classes()).containsExactly("BUY", "SELL");
    assertThat(OutputSpec.parse("regression:atr").unit()).isEqualTo("atr");
    for (String wrong :
        List.of("classes=UP,DOWN", "classes=SELL,SELL,BUY", "regression:", "probability", "")) {
      assertThatThrownBy(() -> OutputSpec.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void addsTheSoftmaxThatLogitsLack() {
    byte[] logits = TestModels.linear(4, 2f, 0f, -1f);
    assertThatThrownBy(() -> of(logits, CLASSES, false, NO_ROWS))
        .hasMessageContaining("end the model with a Softmax or register it with --logits");
    ModelImport model = of(logits, CLASSES, true, NO_ROWS);
    assertThat(model.card().origin())
        .isEqualTo(
            "mine.onnx, SHA-256 "
                + ModelFiles.hex(ModelFiles.sha256(logits))
                + "; registration added a Softmax behind its output scores (--logits)");
    ModelRegistry registry = new ModelRegistry(directory, ScorerChoice.AUTO);
    assertThat(registry.register(model)).isEqualTo(1);
    try (LoadedModel loaded = registry.load("mine@1")) {
      // e^2, 1 and 1/e over their sum, on a row of zeros.
      double sum = Math.exp(2) + 1 + Math.exp(-1);
      double[] scores = RowScores.of(loaded.scorer(), new double[4]);
      assertThat(scores[0]).isCloseTo(Math.exp(2) / sum, within(1e-6));
      assertThat(scores[2]).isCloseTo(Math.exp(-1) / sum, within(1e-6));
      assertThat(loaded.card()).isEqualTo(model.card());
    }
  }

  @Test
  void addsNoSecondSoftmax() {
    assertThatThrownBy(() -> of(TestModels.logistic(1), CLASSES, true, NO_ROWS))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("holds probabilities already, and a second Softmax would flatten");
    assertThatThrownBy(() -> of(TestModels.linear(4, 1f), "regression:pips", true, NO_ROWS))
        .hasMessageContaining("--logits is for probabilities");
  }

  @Test
  void keepsRowsWithTheirScoresAndDeciles() throws IOException {
    double[][] rows = rows(2500);
    ModelImport model = of(TestModels.logistic(0.5), CLASSES, false, rows);
    ModelTraining training = model.card().training().orElseThrow();
    assertThat(training.deciles())
        .extracting(ModelTraining.Deciles::name)
        .containsExactly(
            "return(1)",
            "return(2)",
            "return(3)",
            "return(4)",
            "score.SELL",
            "score.NEUTRAL",
            "score.BUY");
    assertThat(training.deciles().getFirst().edges())
        .containsExactly(250.0, 500.0, 750.0, 1000.0, 1250.0, 1500.0, 1750.0, 2000.0, 2250.0);
    ModelRegistry registry = new ModelRegistry(directory, ScorerChoice.AUTO);
    registry.register(model);
    Path kept = directory.resolve("mine/1/rows.csv");
    assertThat(Files.readAllLines(kept)).hasSize(1001);
    assertThat(Files.readString(directory.resolve("mine/1/SHA256SUMS"))).contains("rows.csv");
    assertThat(registry.named("mine@1").rows().orElseThrow().inputs()[999])
        .containsExactly(rows[2497]);
    registry.load("mine@1").close();
    Files.writeString(kept, Files.readString(kept).replace("0.", "1."));
    assertThatThrownBy(() -> registry.load("mine@1")).hasMessageContaining("rows.csv has SHA-256");
  }

  @Test
  void scoresTheKeptRowsAgainAtEveryLoad() {
    byte[] onnx = TestModels.logistic(0.5);
    ModelImport model = of(onnx, CLASSES, false, rows(3));
    ParityRows rows = model.rows().orElseThrow();
    rows.expected()[1][2] += 0.001;
    assertThatThrownBy(
            () ->
                new ModelRegistry(directory, ScorerChoice.ONNXRUNTIME)
                    .register(onnx, model.card(), model.rows()))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("a row of line 3 of rows.csv scores")
        .hasMessageContaining("output 2 was");
  }

  @Test
  void refusesRowsThatTheModelMayNotScore() {
    double[][] rows = rows(3);
    rows[1][2] = Double.NaN;
    assertThatThrownBy(() -> of(TestModels.logistic(0.5), CLASSES, false, rows))
        .hasMessage(
            "row 2 of --rows has no value in column return(3); say --accepts-nan if the model"
                + " takes that");
    rows[1][2] = Double.NEGATIVE_INFINITY;
    assertThatThrownBy(() -> of(TestModels.logistic(0.5), CLASSES, false, rows))
        .hasMessageContaining("row 2 of --rows has an infinite value in column return(3)");
  }

  @Test
  void refusesAClassOrderThatTheModelContradicts() {
    byte[] buyFirst = classifier("BUY", "NEUTRAL", "SELL");
    assertThatThrownBy(() -> of(buyFirst, CLASSES, false, NO_ROWS))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("--output says classes=SELL,NEUTRAL,BUY, the model's")
        .hasMessageContaining("says [BUY, NEUTRAL, SELL]: the wrong order would trade backwards");
    of(buyFirst, "classes=BUY,NEUTRAL,SELL", false, NO_ROWS);
  }

  @Test
  void saysWhatDoesNotFit() {
    assertThatThrownBy(() -> of(3, ZipMapModel.bytes(false), CLASSES, false, NO_ROWS))
        .hasMessageContaining("export without it (options={'zipmap': False})");
    assertThatThrownBy(() -> of(TestModels.linear(3, 1f), "up-probability", false, NO_ROWS))
        .hasMessageContaining("expected 4 features, the model takes 3");
    assertThatThrownBy(() -> of(TestModels.logistic(1), "up-probability", false, NO_ROWS))
        .hasMessageContaining("so 1 value; the model gives 3");
    byte[] window =
        new OnnxGraph("window")
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, 3, 2)
            .node("Flatten", List.of("features"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 6)
            .toBytes();
    assertThatThrownBy(() -> of(window, CLASSES, false, NO_ROWS))
        .hasMessageContaining("expected 4 features, the model takes 6: features float32[?,3,2]");
    byte[] whole =
        new OnnxGraph("whole")
            .input("features", Element.INT64, OnnxGraph.BATCH, 4)
            .node("Identity", List.of("features"), List.of("scores"), Map.of())
            .output("scores", Element.INT64, OnnxGraph.BATCH, 4)
            .toBytes();
    assertThatThrownBy(() -> of(whole, CLASSES, false, NO_ROWS))
        .hasMessageContaining(
            "expected an input of float32 or float64, the model has features int64");
  }

  private static byte[] classifier(String... labels) {
    return new OnnxGraph("classifier")
        .opset("ai.onnx.ml", 1)
        .input("features", Element.FLOAT32, OnnxGraph.BATCH, 4)
        .node(
            "ai.onnx.ml",
            "LinearClassifier",
            List.of("features"),
            List.of("label", "probabilities"),
            Map.of(
                "classlabels_strings",
                List.of(labels),
                "coefficients",
                new float[] {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0},
                "intercepts",
                new float[] {0, 0, 0},
                "multi_class",
                1L,
                "post_transform",
                "SOFTMAX"))
        .output("probabilities", Element.FLOAT32, OnnxGraph.BATCH, 3)
        .toBytes();
  }

  /** The first column counts, the others are small. */
  private static double[][] rows(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new double[] {i, i * 0.25 % 1, -0.5, (float) Math.sin(i)})
        .toArray(double[][]::new);
  }

  private static ModelImport of(byte[] onnx, String output, boolean logits, double[][] rows) {
    return of(4, onnx, output, logits, rows);
  }

  private static ModelImport of(
      int columns, byte[] onnx, String output, boolean logits, double[][] rows) {
    FeatureSetConfig set =
        new FeatureSetConfig(
            "four",
            Timeframe.M1,
            FeatureSetConfig.Price.MID,
            List.of("return(1)", "return(2)", "return(3)", "return(4)").subList(0, columns));
    return ModelImport.of(
        onnx,
        new ModelImport.Request(
            "mine.onnx",
            "mine",
            set,
            new byte[32],
            OutputSpec.parse(output),
            logits,
            "",
            false,
            "",
            "by hand"),
        rows,
        "rows of a test");
  }
}
