package io.semnal.research;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelContract;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.scorer.Scorer;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultModelTest {
  private static final EngineConfig CONFIG = ConfigLoader.reference().engine();
  private static final TrainingRecipe FEW_DAYS =
      new TrainingRecipe(
          7,
          Instant.parse("2026-02-01T22:00:00Z"),
          17,
          0.15,
          List.of("EURUSD", "USDJPY", "AUDUSD"),
          5,
          0.3,
          10.0);

  private static DefaultModel trainer;
  private static Samples samples;
  private static FittedModel fitted;
  private static ModelRegistry registry;
  private static List<String> progress;

  @TempDir private static Path models;

  @BeforeAll
  static void fit() throws IOException {
    trainer = DefaultModel.of(CONFIG, FEW_DAYS);
    samples = trainer.samples();
    fitted = trainer.fit();
    progress = new ArrayList<>();
    trainer.provide(models, progress::add);
    registry = new ModelRegistry(models, ScorerChoice.AUTO);
  }

  @Test
  void writesTheRegistryLayout() {
    Path version = models.resolve("default").resolve("1");
    assertThat(version.resolve("model.onnx")).isNotEmptyFile();
    assertThat(version.resolve("card.json")).isNotEmptyFile();
    assertThat(version.resolve("SHA256SUMS")).isNotEmptyFile();
  }

  @Test
  void cardFitsTheReferenceFeatures() {
    FeatureSetConfig set = CONFIG.featureSet("fx-core");
    try (LoadedModel champion = registry.load("default")) {
      ModelContract.check(champion.card(), set, FeaturePipeline.hash(set));
      assertThat(champion.card().classes()).containsExactly("SELL", "NEUTRAL", "BUY");
      assertThat(champion.card().output()).isEqualTo(ModelCard.Output.CLASSES);
      assertThat(champion.card().acceptsNaN()).isFalse();
      assertThat(champion.card().labelPolicy()).contains("horizonBars=30");
      assertThat(champion.card().description())
          .contains("fitted on simulated data; no edge on real markets is claimed")
          .contains("log loss");
    }
  }

  @Test
  void scorerEqualsPlainEvaluationOfTheCoefficients() {
    try (LoadedModel champion = registry.load("default")) {
      Scorer scorer = champion.scorer();
      for (int row = 0; row < samples.size(); row += 7) {
        for (int j = 0; j < samples.columns(); j++) {
          scorer
              .input()
              .set(ValueLayout.JAVA_FLOAT, (long) j * Float.BYTES, samples.feature(row, j));
        }
        assertThat(scorer.score()).as(scorer.lastError()).isTrue();
        double[] expected = naive(row);
        double sum = 0;
        for (int k = 0; k < 3; k++) {
          assertThat(scorer.output(k)).isCloseTo(expected[k], within(1e-6));
          sum += scorer.output(k);
        }
        assertThat(sum).isCloseTo(1.0, within(1e-6));
      }
    }
  }

  @Test
  void beatsTheBaseRateOnDaysItHasNotSeen() {
    Evaluation evaluation = fitted.evaluation();
    assertThat(evaluation.rows()).isGreaterThan(1_000);
    assertThat(evaluation.logLoss()).isLessThan(evaluation.baseLogLoss());
    assertThat(evaluation.accuracy()).isGreaterThanOrEqualTo(evaluation.baseAccuracy());
  }

  @Test
  void labelsShuffledInTimeTeachNothing() {
    Samples shuffled = new Samples(samples.columns());
    float[] row = new float[samples.columns()];
    int half = samples.size() / 2;
    for (int i = 0; i < samples.size(); i++) {
      samples.copyRow(i, row);
      // A label from half the sample away belongs to another day.
      int label = samples.label((i + half) % samples.size());
      int added = shuffled.add(samples.time(i), row);
      if (label != Samples.NONE) {
        shuffled.label(added, label, samples.time(i) + 1);
      }
    }
    long split = samples.time(samples.size() * 7 / 10);
    Samples fit = shuffled.between(0, split);
    Samples held = shuffled.between(split, Long.MAX_VALUE);
    LinearClassifier model = LogisticRegression.fit(fit, 3, 10.0);
    Evaluation evaluation = Evaluation.of(model, fit.frequencies(3), held, 0.5);
    double learned = fitted.evaluation().baseLogLoss() - fitted.evaluation().logLoss();
    assertThat(evaluation.baseLogLoss() - evaluation.logLoss()).isLessThan(learned / 2);
  }

  @Test
  void secondFitGivesTheSameBytes() throws IOException {
    assertThat(trainer.fit().onnx())
        .isEqualTo(Files.readAllBytes(models.resolve("default/1/model.onnx")));
  }

  @Test
  void presentModelIsLeftAlone() throws IOException {
    FileTime before = Files.getLastModifiedTime(models.resolve("default/1/model.onnx"));
    List<String> told = new ArrayList<>();
    assertThat(trainer.provide(models, told::add)).isEqualTo(1);
    assertThat(Files.getLastModifiedTime(models.resolve("default/1/model.onnx"))).isEqualTo(before);
    assertThat(told).singleElement().asString().contains("up to date");
    assertThat(progress).last().asString().contains("log loss");
  }

  @Test
  void otherRecipeMakesTheNextVersion(@TempDir Path other) throws IOException {
    trainer.provide(other, line -> {});
    TrainingRecipe stricter =
        new TrainingRecipe(
            FEW_DAYS.seed(),
            FEW_DAYS.from(),
            FEW_DAYS.days(),
            FEW_DAYS.activity(),
            FEW_DAYS.symbols(),
            FEW_DAYS.stride(),
            FEW_DAYS.heldOut(),
            500.0);
    assertThat(DefaultModel.of(CONFIG, stricter).provide(other, line -> {})).isEqualTo(2);
    try (LoadedModel champion = new ModelRegistry(other, ScorerChoice.AUTO).load("default")) {
      assertThat(champion.card().version()).isEqualTo(2);
    }
  }

  private static double[] naive(int row) {
    double[] p = new double[3];
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      double z = fitted.classifier().bias()[k];
      for (int j = 0; j < samples.columns(); j++) {
        z += fitted.classifier().weights()[k][j] * samples.feature(row, j);
      }
      p[k] = Math.exp(z);
      sum += p[k];
    }
    for (int k = 0; k < 3; k++) {
      p[k] /= sum;
    }
    return p;
  }
}
