package io.semnal.research;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelContract;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.scorer.Scorer;
import io.semnal.research.evaluate.ClassMetrics;
import io.semnal.research.learn.LinearClassifier;
import io.semnal.research.sample.Samples;
import io.semnal.research.train.LabelShuffles;
import io.semnal.research.train.Trained;
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
  private static final SemnalConfig REFERENCE = ConfigLoader.reference();
  private static final EngineConfig CONFIG = REFERENCE.engine();
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
  private static Trained fitted;
  private static ModelRegistry registry;
  private static List<String> progress;

  @TempDir private static Path models;

  @BeforeAll
  static void fit() throws IOException {
    trainer = DefaultModel.of(CONFIG, REFERENCE.runtime().feed(), FEW_DAYS);
    samples = trainer.samples();
    fitted = trainer.train(samples, 20);
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
        if (!samples.isComplete(row)) {
          continue;
        }
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
    ClassMetrics classes = fitted.report().classes();
    assertThat(classes.rows()).isGreaterThan(1_000);
    assertThat(classes.logLoss()).isLessThan(classes.baseLogLoss());
    assertThat(classes.brier()).isLessThan(classes.baseBrier());
    assertThat(classes.auc()).isGreaterThan(0.55);
  }

  @Test
  void labelsShuffledTwentyTimesTeachNothing() {
    LabelShuffles.Result shuffled = fitted.shuffles();
    assertThat(shuffled.shuffles()).isEqualTo(20);
    assertThat(shuffled.auc().contains(0.5)).as("%s", shuffled.auc()).isTrue();
    assertThat(shuffled.expectancy().low()).as("%s", shuffled.expectancy()).isLessThanOrEqualTo(0);
    assertThat(fitted.report().classes().auc()).isGreaterThan(shuffled.auc().high());
    assertThat(fitted.report().trading().expectancy().value())
        .isGreaterThan(shuffled.expectancy().high());
  }

  @Test
  void secondTrainingGivesTheSameBytes() throws IOException {
    Trained again = trainer.train(samples);
    assertThat(again.onnx()).isEqualTo(Files.readAllBytes(models.resolve("default/1/model.onnx")));
    assertThat(trainer.card(again)).isEqualTo(registry.list().getFirst().card().orElseThrow());
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
    assertThat(
            DefaultModel.of(CONFIG, REFERENCE.runtime().feed(), stricter)
                .provide(other, line -> {}))
        .isEqualTo(2);
    try (LoadedModel champion = new ModelRegistry(other, ScorerChoice.AUTO).load("default")) {
      assertThat(champion.card().version()).isEqualTo(2);
    }
  }

  private static double[] naive(int row) {
    double[] p = new double[3];
    double sum = 0;
    LinearClassifier linear = (LinearClassifier) fitted.classifier();
    for (int k = 0; k < 3; k++) {
      double z = linear.bias()[k];
      for (int j = 0; j < samples.columns(); j++) {
        z += linear.weights()[k][j] * samples.feature(row, j);
      }
      p[k] = Math.exp(z / fitted.temperature());
      sum += p[k];
    }
    for (int k = 0; k < 3; k++) {
      p[k] /= sum;
    }
    return p;
  }
}
