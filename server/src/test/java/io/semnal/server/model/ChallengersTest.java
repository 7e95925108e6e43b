package io.semnal.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.inference.engine.ScoredRows;
import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.scorer.Scorer;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.Progress;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.research.compare.Comparison;
import io.semnal.research.compare.ShadowComparison;
import io.semnal.server.EngineHost;
import io.semnal.server.TickIntake;
import io.semnal.server.command.ModelsCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Which challengers run, what they are shown, and that nobody waits for them. */
class ChallengersTest {
  private static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");
  private static final int TICKS = 12_000;

  /** The only flag of a good quote here: bit 8 of the schema's QuoteFlags. */
  private static final int SIMULATED = 1 << 8;

  @TempDir private Path folder;
  private ModelRegistry registry;
  private FeatureSetConfig set;

  @BeforeEach
  void register() {
    registry = new ModelRegistry(folder.resolve("models"), ScorerChoice.AUTO);
    SemnalConfig config = config(Map.of());
    set = config.engine().featureSet(config.engine().strategies().getFirst().featureSet());
  }

  private SemnalConfig config(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.put("universe", "[EURUSD]");
    all.put("clock.mode", "source");
    all.put("strategies.core-1m.trigger", "tick");
    all.put("journal.directory", folder.resolve("journal").toString());
    all.put("models.directory", folder.resolve("models").toString());
    return ConfigLoader.load(null, Map.of(), all);
  }

  private int register(String name, byte[] onnx, List<String> columns) {
    return registry.register(
        onnx,
        new ModelCard(
            name,
            1,
            set.name(),
            "",
            columns,
            ModelCard.Output.CLASSES,
            CLASSES,
            "",
            "",
            false,
            "",
            "",
            "",
            ""));
  }

  private byte[] float32() {
    return OnnxWriter.logistic(weights(), new double[] {0.1, 0.2, 0}, CLASSES);
  }

  private double[][] weights() {
    double[][] weights = new double[CLASSES.size()][set.columns().size()];
    for (int c = 0; c < weights.length; c++) {
      for (int i = 0; i < weights[c].length; i++) {
        weights[c][i] = ((i * 7 + c * 3) % 11 - 5) * 0.02;
      }
    }
    return weights;
  }

  /** softmax(features · W), all in float64: what float32 leaves out of a feature shows. */
  private byte[] float64() {
    int columns = set.columns().size();
    double[] flat = new double[columns * CLASSES.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = weights()[i % CLASSES.size()][i / CLASSES.size()];
    }
    return new OnnxGraph("wide")
        .input("features", Element.FLOAT64, OnnxGraph.BATCH, columns)
        .initializer("W", flat, columns, CLASSES.size())
        .node("MatMul", List.of("features", "W"), List.of("logits"), Map.of())
        .node("Softmax", List.of("logits"), List.of("probabilities"), Map.of("axis", -1L))
        .output("probabilities", Element.FLOAT64, OnnxGraph.BATCH, CLASSES.size())
        .toBytes();
  }

  /** What a run of an engine with a shadow beside it left behind. */
  private record Ran(long quotes, long taken, long dropped, Map<Long, ScoreDecoder> champion) {}

  private Ran run(SemnalConfig config, int ringBytes, UnaryOperator<LoadedModel> challenger)
      throws Exception {
    Metrics metrics = new Metrics();
    Counter taken = metrics.counter("taken", "");
    Counter dropped = metrics.counter("dropped", "");
    try (EngineHost host = EngineHost.open(config, metrics, Progress.NONE)) {
      Challengers challengers =
          new Challengers(
              config.runtime().models(),
              host.engine().models(),
              reference -> challenger.apply(registry.load(reference)));
      challengers.requireConfigured();
      ScoredRows rows = new ScoredRows(ringBytes, taken, dropped);
      ShadowAgent agent =
          new ShadowAgent(
              rows,
              host.engine().models(),
              challengers,
              host.journal()::shadowLog,
              config.engine().strategies(),
              metrics);
      agent.doWork();
      host.engine().copyRowsTo(rows);
      AtomicBoolean running = new AtomicBoolean(true);
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (running.get()) {
                      agent.doWork();
                    }
                  });
      feed(host, config, metrics);
      running.set(false);
      thread.join();
      if (ringBytes > 1 << 20) {
        while (agent.doWork() > 0) {
          // Until every row is scored.
        }
      }
      agent.onClose();
    }
    return new Ran(quotes(), taken.get(), dropped.get(), champion());
  }

  private static void feed(EngineHost host, SemnalConfig config, Metrics metrics)
      throws IOException {
    TickIntake intake = new TickIntake(host, config, metrics, "simulator", true);
    Tick tick = new Tick();
    long from = Instant.parse("2026-01-05T00:00:00Z").getEpochSecond() * 1_000_000_000L;
    try (MarketSimulator market =
        new MarketSimulator(5, config.engine().instruments(), from, Long.MAX_VALUE)) {
      for (int i = 0; i < TICKS && market.next(tick); i++) {
        // A quote a minute until the features are warm, then one a second.
        long thin = Math.min(i, TICKS / 2);
        tick.eventTime = from + thin * 60_000_000_000L + (i - thin) * 1_000_000_000L;
        intake.take(tick, tick.instrument);
        host.pump();
      }
    }
  }

  private long quotes() {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(folder.resolve("journal"));
        QueueReader reader = journal.inboundReader()) {
      long[] count = new long[1];
      while (reader.readNext(
          (buffer, offset, length) -> {
            if (MessageLayout.templateId(buffer, offset) == QuoteDecoder.TEMPLATE_ID) {
              count[0]++;
            }
          })) {
        // To the end.
      }
      return count[0];
    }
  }

  /** Scores of the outbound journal by cause; a tick causes one. */
  private Map<Long, ScoreDecoder> champion() {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(folder.resolve("journal"));
        QueueReader reader = journal.outboundReader()) {
      return scores(reader, new HashMap<>()).getOrDefault("", new TreeMap<>());
    }
  }

  /** Scores of the shadow queue by model, then cause. */
  private Map<String, Map<Long, ScoreDecoder>> shadow() {
    try (JournalDirectory journal = JournalDirectory.openReadOnly(folder.resolve("journal"));
        QueueReader reader = journal.shadowReader()) {
      Map<Integer, String> names = new HashMap<>();
      names.put(0, null);
      return scores(reader, names);
    }
  }

  private static Map<String, Map<Long, ScoreDecoder>> scores(
      QueueReader reader, Map<Integer, String> names) {
    boolean named = !names.isEmpty();
    Map<String, Map<Long, ScoreDecoder>> all = new HashMap<>();
    while (reader.readNext(
        (buffer, offset, length) -> {
          int template = MessageLayout.templateId(buffer, offset);
          byte[] bytes = new byte[length];
          buffer.getBytes(offset, bytes);
          var copy = new org.agrona.concurrent.UnsafeBuffer(bytes);
          if (template == ModelDefinitionDecoder.TEMPLATE_ID && named) {
            var model =
                new ModelDefinitionDecoder()
                    .wrapAndApplyHeader(copy, 0, new MessageHeaderDecoder());
            names.put(model.modelId(), model.name() + "@" + model.version());
          } else if (template == ScoreDecoder.TEMPLATE_ID) {
            var score = new ScoreDecoder().wrapAndApplyHeader(copy, 0, new MessageHeaderDecoder());
            if (!Double.isNaN(score.buy())) {
              String model = named ? names.get(score.modelId()) : "";
              assertThat(
                      all.computeIfAbsent(model, m -> new TreeMap<>()).put(score.causeSeq(), score))
                  .isNull();
            }
          }
        })) {
      // To the end.
    }
    return all;
  }

  @Test
  void severalOfAStrategyAreShownWhatAChampionOfTheirTypeIsShown() throws Exception {
    register("narrow", float32(), set.columns());
    register("wide", float64(), set.columns());
    registry.setAlias("wide", ModelRegistry.CHAMPION, 1);
    SemnalConfig config =
        config(
            Map.of(
                "strategies.core-1m.model", "wide",
                "models.shadow.core-1m", "[\"wide@1\", \"narrow@1\"]"));
    Ran ran = run(config, 1 << 24, model -> model);
    assertThat(ran.dropped).isZero();
    assertThat(ran.champion).hasSizeGreaterThan(1_000);
    Map<String, Map<Long, ScoreDecoder>> shadow = shadow();
    assertThat(shadow.keySet()).containsExactlyInAnyOrder("wide@1", "narrow@1");
    assertThat(shadow.get("wide@1").keySet()).isEqualTo(ran.champion.keySet());
    assertThat(shadow.get("narrow@1").keySet()).isEqualTo(ran.champion.keySet());
    Map<Long, ScoreDecoder> narrow = shadow.get("narrow@1");
    ran.champion.forEach(
        (cause, own) -> {
          ScoreDecoder wide = shadow.get("wide@1").get(cause);
          assertThat(wide.buy()).isEqualTo(own.buy());
          assertThat(wide.sell()).isEqualTo(own.sell());
        });

    // The narrow one as champion, in a journal of its own, beside a wide challenger.
    registry.setAlias("narrow", ModelRegistry.CHAMPION, 1);
    Map<String, String> swapped =
        Map.of(
            "strategies.core-1m.model", "narrow",
            "models.shadow.core-1m", "[\"wide@1\"]");
    folder = folder.resolve("other");
    java.nio.file.Files.createDirectories(folder);
    java.nio.file.Files.createSymbolicLink(
        folder.resolve("models"), folder.resolveSibling("models"));
    Ran again = run(config(swapped), 1 << 24, model -> model);
    assertThat(again.champion.keySet()).isEqualTo(narrow.keySet());
    Map<Long, ScoreDecoder> wide = shadow().get("wide@1");
    again.champion.forEach(
        (cause, own) -> {
          assertThat(narrow.get(cause).buy()).isEqualTo(own.buy());
          assertThat(wide.get(cause).buy()).isEqualTo(ran.champion.get(cause).buy());
        });
  }

  @Test
  void slowOnesLoseRowsAndNobodyWaits() throws Exception {
    register("fast", float32(), set.columns());
    registry.setAlias("fast", ModelRegistry.CHAMPION, 1);
    register("slow", float32(), set.columns());
    SemnalConfig config =
        config(Map.of("strategies.core-1m.model", "fast", "models.shadow.core-1m", "[\"slow@1\"]"));
    Ran ran = run(config, 1 << 14, ChallengersTest::slowed);
    // Every quote has its score, and each scored row is either with the challenger or counted.
    assertThat(ran.quotes).isEqualTo(TICKS);
    assertThat(ran.taken + ran.dropped).isEqualTo(ran.champion.size()).isGreaterThan(1_000);
    assertThat(ran.dropped).isGreaterThan(ran.champion.size() / 2);
    Map<Long, ScoreDecoder> slow = shadow().get("slow@1");
    assertThat((long) slow.size()).isPositive().isLessThanOrEqualTo(ran.taken);
    slow.forEach(
        (cause, score) -> assertThat(score.buy()).isEqualTo(ran.champion.get(cause).buy()));
  }

  /**
   * Against a recomputation that knows only the messages: each outcome looked for quote by quote.
   */
  @Test
  void comparisonSaysWhatTheMessagesSay() throws Exception {
    // Mild ones: no probability comes near the least that a log loss takes.
    double[][] mild = weights();
    for (double[] one : mild) {
      Arrays.setAll(one, i -> one[i] / 100);
    }
    byte[] first = OnnxWriter.logistic(mild, new double[] {0.1, 0.2, 0}, CLASSES);
    register("first", first, set.columns());
    registry.setAlias("first", ModelRegistry.CHAMPION, 1);
    mild[0][0] += 0.3;
    mild[2][1] -= 0.01;
    byte[] second = OnnxWriter.logistic(mild, new double[] {0, 0.1, 0.1}, CLASSES);
    register("second", second, set.columns());
    SemnalConfig config =
        config(
            Map.of(
                "strategies.core-1m.model", "first",
                "models.shadow.core-1m", "[\"second@1\"]",
                "policy.buyThreshold", "0.34",
                "policy.sellThreshold", "0.34",
                "policy.margin", "0.0",
                "policy.horizonBars", "20"));
    Ran ran = run(config, 1 << 24, model -> model);
    Map<Long, ScoreDecoder> shadow = shadow().get("second@1");
    Naive naive = new Naive(20 * 60 * 1_000_000_000L, prices());
    shadow.forEach((cause, score) -> naive.add(ran.champion.get(cause), score));

    Comparison found;
    try (JournalDirectory journal = JournalDirectory.openReadOnly(folder.resolve("journal"))) {
      found = ShadowComparison.of(journal, "first", "second@1", 0);
      assertThatThrownBy(() -> ShadowComparison.of(journal, "first", "third@1", 0))
          .hasMessageContaining("no score of third@1, but of second@1");
    }
    assertThat(found.rows()).isEqualTo(shadow.size()).isEqualTo(found.scored());
    assertThat(found.notShadowed()).isZero();
    assertThat(found.judged()).isEqualTo(naive.judged).isBetween(1_000L, found.rows() - 100);
    assertThat(found.agreement()).isEqualTo((double) naive.agreed / shadow.size(), within(1e-12));
    assertThat(found.differences().getFirst().mean())
        .isEqualTo(naive.buyDifference / shadow.size(), within(1e-12));
    assertThat(found.championJudged().brier())
        .isEqualTo(naive.brier[0] / naive.judged, within(1e-12));
    assertThat(found.challengerJudged().brier())
        .isEqualTo(naive.brier[1] / naive.judged, within(1e-12));
    assertThat(found.championJudged().logLoss())
        .isEqualTo(-Math.log(naive.geometricMean(0)), within(1e-9));
    assertThat(found.challengerJudged().logLoss())
        .isEqualTo(-Math.log(naive.geometricMean(1)), within(1e-9));
    assertThat(found.challengerJudged().favoured()).isEqualTo(naive.favoured[1]).isPositive();
    assertThat(found.challengerJudged().hitRate() * naive.favoured[1])
        .isEqualTo(naive.hits[1], within(1e-6));
    assertThat(found.challengerJudged().meanPips() * naive.favoured[1])
        .isEqualTo(naive.pips[1], within(1e-4));
    assertThat(found.championJudged().brier()).isNotEqualTo(found.challengerJudged().brier());
    StringWriter json = new StringWriter();
    int exit =
        new CommandLine(new ModelsCommand())
            .setOut(new PrintWriter(json))
            .execute(
                "compare",
                "first",
                "second@1",
                "--json",
                "--journal",
                folder.resolve("journal").toString());
    assertThat(exit).isZero();
    assertThat(
            new ObjectMapper().readTree(json.toString()).at("/challengerJudged/brier").asDouble())
        .isEqualTo(found.challengerJudged().brier());
  }

  /** Time, bid and ask of every quote. */
  private List<long[]> prices() {
    List<long[]> prices = new ArrayList<>();
    QuoteDecoder quote = new QuoteDecoder();
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    try (JournalDirectory journal = JournalDirectory.openReadOnly(folder.resolve("journal"));
        QueueReader reader = journal.inboundReader()) {
      while (reader.readNext(
          (buffer, offset, length) -> {
            if (MessageLayout.templateId(buffer, offset) == QuoteDecoder.TEMPLATE_ID) {
              quote.wrapAndApplyHeader(buffer, offset, header);
              if (quote.flags().getRaw() == SIMULATED) {
                prices.add(new long[] {quote.time(), quote.bid(), quote.ask()});
              }
            }
          })) {
        // To the end.
      }
    }
    return prices;
  }

  /** Both models' rows, one at a time. */
  private static final class Naive {
    private final long horizon;
    private final List<long[]> prices;
    private final double[] brier = new double[2];
    private final List<List<Double>> likelihoods = List.of(new ArrayList<>(), new ArrayList<>());
    private final long[] favoured = new long[2];
    private final long[] hits = new long[2];
    private final double[] pips = new double[2];
    private double buyDifference;
    private long agreed;
    private long judged;

    Naive(long horizon, List<long[]> prices) {
      this.horizon = horizon;
      this.prices = prices;
    }

    void add(ScoreDecoder champion, ScoreDecoder challenger) {
      agreed += champion.side() == challenger.side() ? 1 : 0;
      buyDifference += challenger.buy() - champion.buy();
      long[] then = null;
      for (int i = prices.size() - 1;
          i >= 0 && prices.get(i)[0] >= champion.time() + horizon;
          i--) {
        then = prices.get(i);
      }
      if (then == null) {
        return;
      }
      judged++;
      double bought = (then[1] - champion.ask()) / 1e8 / 0.0001;
      double sold = (champion.bid() - then[2]) / 1e8 / 0.0001;
      add(0, champion, bought, sold);
      add(1, challenger, bought, sold);
    }

    private void add(int which, ScoreDecoder score, double bought, double sold) {
      double came = bought > 0 ? score.buy() : sold > 0 ? score.sell() : score.neutral();
      double squares =
          score.buy() * score.buy()
              + score.sell() * score.sell()
              + score.neutral() * score.neutral();
      brier[which] += squares - 2 * came + 1;
      likelihoods.get(which).add(came);
      if (score.side() != SignalType.NEUTRAL) {
        double gained = score.side() == SignalType.BUY ? bought : sold;
        favoured[which]++;
        hits[which] += gained > 0 ? 1 : 0;
        pips[which] += gained;
      }
    }

    /** Of the probabilities of what came: a product of roots. */
    double geometricMean(int which) {
      List<Double> all = likelihoods.get(which);
      double product = 1;
      for (double likelihood : all) {
        product *= Math.pow(likelihood, 1.0 / all.size());
      }
      return product;
    }
  }

  private static LoadedModel slowed(LoadedModel model) {
    Scorer real = model.scorer();
    Scorer slow =
        new Scorer() {
          @Override
          public boolean score() {
            LockSupport.parkNanos(50_000_000L);
            return real.score();
          }

          @Override
          public int features() {
            return real.features();
          }

          @Override
          public boolean isDouble() {
            return real.isDouble();
          }

          @Override
          public MemorySegment input() {
            return real.input();
          }

          @Override
          public int outputs() {
            return real.outputs();
          }

          @Override
          public double output(int index) {
            return real.output(index);
          }

          @Override
          public String lastError() {
            return real.lastError();
          }

          @Override
          public void close() {
            real.close();
          }
        };
    return new LoadedModel(model.card(), model.sha256(), model.kind(), slow);
  }

  @Test
  void whatCannotRunIsNamedAtStart() throws Exception {
    register("fast", float32(), set.columns());
    registry.setAlias("fast", ModelRegistry.CHAMPION, 1);
    List<String> others = set.columns().reversed();
    register("other", float32(), others);
    assertThatThrownBy(() -> start("missing@7"))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("challenger missing@7 of [core-1m]");
    assertThatThrownBy(() -> start("fast@2"))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("challenger fast@2 of [core-1m]");
    assertThatThrownBy(() -> start("other@1"))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("challenger other@1 of [core-1m]")
        .hasMessageContaining("column");
  }

  private void start(String reference) {
    SemnalConfig config =
        config(
            Map.of(
                "strategies.core-1m.model",
                "fast",
                "models.shadow.core-1m",
                "[\"" + reference + "\"]"));
    try (EngineHost host = EngineHost.open(config, new Metrics(), Progress.NONE)) {
      new Challengers(config.runtime().models(), host.engine().models()).requireConfigured();
    }
  }
}
