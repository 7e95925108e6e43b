package io.semnal.bench;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.inference.engine.EngineCounters;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.journal.Progress;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.server.EngineHost;
import io.semnal.server.TickIntake;
import io.semnal.server.Times;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes the journal that the replay benchmark reads: simulated ticks at a market's natural pace
 * through a real engine, with the configuration that this class brings along. A process of its own,
 * so that the measuring one is compiled by what it measures.
 */
final class BenchJournal {
  private static final Instant BEGIN = Instant.parse("2026-01-05T00:00:00Z");
  private static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");
  static final String UNSNAPPED = "unsnapped";
  private static final int PUMP_EVERY = 256;

  private BenchJournal() {}

  /**
   * @param args the folder to work in, how many ticks, and perhaps {@code unsnapped}, which leaves
   *     no snapshot at the end; a journal that is there already is given so many more
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    long ticks = Long.parseLong(args[1]);
    SemnalConfig config = prepare(folder, args.length > 2 && args[2].equals(UNSNAPPED));
    long started = System.nanoTime();
    try (EngineHost host = EngineHost.open(config, new Metrics(), Progress.NONE)) {
      fill(host, config, ticks);
      double seconds = (System.nanoTime() - started) / 1e9;
      EngineCounters counters = host.engine().counters();
      System.out.printf(
          "journal: %d ticks to %s, %d bars, %d scores of warm rows, %d outbound messages; %.0f"
              + " ticks/s through ingress, engine and both journals%n",
          ticks,
          Times.iso(host.ingress().time()),
          counters.bars(),
          counters.bars() - counters.scores(ScoreReason.NOT_WARM),
          host.engine().outSeq(),
          ticks / seconds);
    }
  }

  /** The configuration, and the model that it scores with, in a folder to work in. */
  static SemnalConfig prepare(Path folder, boolean unsnapped) throws IOException {
    SemnalConfig config = config(folder, unsnapped);
    if (!Files.exists(journal(folder))) {
      register(config, folder);
    }
    return config;
  }

  /** The configuration that the journal was made with. */
  static Path configFile(Path folder) {
    return folder.resolve("replay.conf");
  }

  static Path journal(Path folder) {
    return folder.resolve("journal");
  }

  private static SemnalConfig config(Path folder, boolean unsnapped) throws IOException {
    Path file = configFile(folder);
    try (InputStream in =
        Objects.requireNonNull(BenchJournal.class.getResourceAsStream("replay.conf"))) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return ConfigLoader.load(
        file,
        Map.of(),
        Map.of(
            "journal.directory",
            journal(folder).toString(),
            "models.directory",
            folder.resolve("models").toString(),
            "recovery.snapshots.keep",
            unsnapped ? "0" : "3"));
  }

  /** A logistic regression of small made-up weights: the cost of scoring, not its worth. */
  private static void register(SemnalConfig config, Path folder) {
    FeatureSetConfig set = config.engine().featureSet("bench-1m");
    int columns = set.columns().size();
    double[][] weights = new double[CLASSES.size()][columns];
    for (int i = 0; i < CLASSES.size() * columns; i++) {
      weights[i / columns][i % columns] = 0.01 * ((i * 7) % 11 - 5);
    }
    byte[] onnx = OnnxWriter.logistic(weights, new double[] {0, 0.5, 0}, CLASSES);
    ModelCard card =
        new ModelCard(
            "bench",
            1,
            set.name(),
            "",
            set.columns(),
            ModelCard.Output.CLASSES,
            CLASSES,
            "",
            "",
            false,
            "",
            "made-up weights, for benchmarks",
            "",
            "");
    ModelRegistry registry = new ModelRegistry(folder.resolve("models"), ScorerChoice.AUTO);
    registry.setAlias("bench", ModelRegistry.CHAMPION, registry.register(onnx, card));
  }

  private static void fill(EngineHost host, SemnalConfig config, long ticks) throws IOException {
    TickIntake intake = new TickIntake(host, config, new Metrics(), "simulator", true);
    Tick tick = new Tick();
    try (MarketSimulator market =
        new MarketSimulator(
            5,
            config.engine().instruments(),
            Math.max(Times.nanos(BEGIN), host.ingress().time()),
            Long.MAX_VALUE)) {
      for (long i = 0; i < ticks && market.next(tick); i++) {
        intake.take(tick, tick.instrument);
        if (i % PUMP_EVERY == 0) {
          host.pump();
        }
      }
    }
    host.pump();
  }
}
