package io.semnal.research;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.research.evaluate.Backtest;
import io.semnal.research.evaluate.ClassMetrics;
import io.semnal.research.evaluate.ModelScorer;
import io.semnal.research.evaluate.Predictions;
import io.semnal.research.evaluate.TradeMetrics;
import io.semnal.research.sample.Samples;
import io.semnal.research.train.LabelShuffles;
import io.semnal.research.train.Trained;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The model that ships, by the recipe that it ships with: it finds something on simulated days that
 * it has not seen, and twenty models of shuffled labels find nothing. Prints what it finds, which
 * is what {@code docs/training.md} states.
 */
@Tag("long")
class ShippedModelTest {
  /** Other days of another seed, so that enough trades are made to tell an edge from luck. */
  private static final TrainingRecipe SHIPPED = TrainingRecipe.shipped();

  private static final TrainingRecipe UNSEEN =
      new TrainingRecipe(
          SHIPPED.seed() + 1,
          Instant.parse("2026-03-01T22:00:00Z"),
          54,
          SHIPPED.activity(),
          SHIPPED.symbols(),
          SHIPPED.stride(),
          SHIPPED.heldOut(),
          SHIPPED.penalty());

  private static Trained shipped;
  private static String description;
  private static ClassMetrics classes;
  private static TradeMetrics trading;

  @TempDir private static Path models;

  @BeforeAll
  static void fit() throws IOException {
    SemnalConfig reference = ConfigLoader.reference();
    DefaultModel maker = DefaultModel.of(reference.engine(), reference.runtime().feed(), SHIPPED);
    shipped = maker.train(maker.samples(), 20);
    ModelRegistry registry = new ModelRegistry(models, ScorerChoice.AUTO);
    registry.register(shipped.onnx(), maker.card(shipped));
    try (LoadedModel model = registry.load(DefaultModel.NAME + "@1")) {
      description = model.card().description();
      judge(reference, model);
    }
    System.out.printf("shuffled: %s%n", shipped.shuffles());
    System.out.printf(
        "unseen: %d rows, log loss %.4f of %.4f, AUC %.4f; %d trades, %s%n",
        classes.rows(),
        classes.logLoss(),
        classes.baseLogLoss(),
        classes.auc(),
        trading.count(),
        trading.expectancy());
  }

  private static void judge(SemnalConfig reference, LoadedModel model) throws IOException {
    EngineConfig engine = reference.engine();
    Samples unseen = DefaultModel.of(engine, reference.runtime().feed(), UNSEEN).samples();
    int[] rows = IntStream.range(0, unseen.size()).filter(unseen::isComplete).toArray();
    Predictions predictions = Predictions.of(unseen, rows, new ModelScorer(model));
    classes = ClassMetrics.of(predictions, shipped.base());
    StrategyConfig strategy = engine.strategies().getFirst();
    trading =
        TradeMetrics.of(
            Backtest.run(
                predictions,
                strategy.policy(),
                strategy.timeframe(),
                new MarketCalendar(engine.holidays())),
            0);
  }

  @Test
  void hasAnEdgeOnDaysItHasNotSeen() {
    assertThat(classes.rows()).isGreaterThan(100_000);
    assertThat(classes.logLoss()).isLessThan(classes.baseLogLoss());
    assertThat(classes.brier()).isLessThan(classes.baseBrier());
    assertThat(classes.auc()).isGreaterThan(0.6);
    assertThat(trading.expectancy().low()).as("%s", trading.expectancy()).isPositive();
  }

  @Test
  void labelsShuffledTwentyTimesTeachNothing() {
    LabelShuffles.Result shuffled = shipped.shuffles();
    assertThat(shuffled.shuffles()).isEqualTo(20);
    assertThat(shuffled.auc().contains(0.5)).as("%s", shuffled.auc()).isTrue();
    assertThat(shuffled.expectancy().low()).as("%s", shuffled.expectancy()).isLessThanOrEqualTo(0);
    assertThat(shipped.report().classes().auc()).isGreaterThan(shuffled.auc().high());
    assertThat(shipped.report().trading().expectancy().value())
        .isGreaterThan(shuffled.expectancy().high());
  }

  @Test
  void cardSaysThatItKnowsTheSimulatorOnly() {
    assertThat(description).contains("fitted on simulated data; no edge on real markets");
  }
}
