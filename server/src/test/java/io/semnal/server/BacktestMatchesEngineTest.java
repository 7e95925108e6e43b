package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.signal.OutcomeStatistics.Outcome;
import io.semnal.protocol.sbe.MarketSession;
import io.semnal.research.evaluate.Backtest;
import io.semnal.research.evaluate.ModelScorer;
import io.semnal.research.evaluate.Predictions;
import io.semnal.research.evaluate.Trade;
import io.semnal.research.sample.DataReader;
import io.semnal.research.sample.DataRequest;
import io.semnal.research.sample.LabelRule;
import io.semnal.research.sample.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backtest over a journal counts the outcomes that the engine counted when it wrote it. */
class BacktestMatchesEngineTest {
  private static final Instant FROM = Instant.parse("2026-01-04T22:00:00Z");

  /** Saturday: whatever is still open stays so. */
  private static final Instant TO = Instant.parse("2026-01-17T12:00:00Z");

  @TempDir private Path folder;

  @Test
  void signalBySignal() throws IOException {
    SemnalConfig config = config();
    List<Outcome> engine = engine(config);
    List<Trade> trades = backtest(config);
    Map<String, double[]> expected = new TreeMap<>();
    for (Outcome outcome : engine) {
      add(expected, outcome.key().session(), outcome.count(), outcome.wins(), outcome.pips());
    }
    Map<String, double[]> actual = new TreeMap<>();
    for (Trade trade : trades) {
      add(actual, trade.session(), 1, trade.pips() > 0 ? 1 : 0, trade.pips());
    }
    assertThat(trades).hasSizeGreaterThan(100);
    assertThat(trades.stream().map(Trade::reason).distinct().count()).isGreaterThan(2);
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (session, sums) -> {
          assertThat(actual.get(session)[0]).as("%s trades", session).isEqualTo(sums[0]);
          assertThat(actual.get(session)[1]).as("%s wins", session).isEqualTo(sums[1]);
          assertThat(actual.get(session)[2])
              .as("%s pips", session)
              .isCloseTo(sums[2], within(1e-6));
        });
  }

  private static void add(
      Map<String, double[]> sums, MarketSession session, long count, long wins, double pips) {
    double[] sum = sums.computeIfAbsent(session.name(), name -> new double[3]);
    sum[0] += count;
    sum[1] += wins;
    sum[2] += pips;
  }

  private SemnalConfig config() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("own.conf"),
            """
            universe = [EURUSD, USDJPY]
            clock.mode = source
            policy {
              buyThreshold = 0.30, sellThreshold = 0.30, margin = 0.02
              cooldownBars = 2, maxSpreadPips = 1.5, commissionPips = 0.1
              horizonBars = 15, stopAtr = 2.0, targetAtr = 2.0, allowLabelMismatch = true
            }
            journal.directory = "%s"
            models.directory = "%s"
            """
                .formatted(folder.resolve("journal"), TestModels.directory()));
    return ConfigLoader.load(file, Map.of(), Map.of());
  }

  private static List<Outcome> engine(SemnalConfig config) throws IOException {
    Metrics metrics = new Metrics();
    try (MarketSimulator market =
            new MarketSimulator(
                31, config.engine().instruments(), Times.nanos(FROM), Times.nanos(TO), 0.1);
        EngineHost host = EngineHost.open(config, metrics, (task, done, total) -> {})) {
      ImportRun.run(host, config, metrics, market, -1, List.of(), "simulator", ticks -> {});
      return new ArrayList<>(host.engine().outcomes().outcomes());
    }
  }

  private List<Trade> backtest(SemnalConfig config) throws IOException {
    StrategyConfig strategy = config.engine().strategies().getFirst();
    FeatureSetConfig set = config.engine().featureSet(strategy.featureSet());
    LabelRule rule = new LabelRule.TripleBarrier(strategy.policy());
    Samples samples =
        new DataReader(config, set, rule, read -> {}, remark -> {})
            .read(DataRequest.journal(folder.resolve("journal")));
    int[] rows = IntStream.range(0, samples.size()).filter(samples::isComplete).toArray();
    try (LoadedModel model =
        new ModelRegistry(TestModels.directory(), ScorerChoice.AUTO).load("default")) {
      return Backtest.run(
          Predictions.of(samples, rows, new ModelScorer(model)),
          strategy.policy(),
          set.timeframe(),
          new MarketCalendar(config.engine().holidays()));
    }
  }
}
