package io.semnal.bench.wire;

import io.semnal.bench.Machine;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.journal.Progress;
import io.semnal.server.EngineHost;
import io.semnal.server.TickIntake;
import io.semnal.server.Times;
import io.semnal.server.WarmUp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Readies the folder of one scenario: the model as champion of a registry, and a journal of
 * simulated days after which every feature is warm. A process of its own, so that the measuring one
 * is compiled by what it measures.
 */
final class WireSetup {
  /** Where the journal ends: a Wednesday, London and New York both open. */
  static final Instant UNTIL = Instant.parse("2026-01-14T13:30:00Z");

  static final int SEED = 3;
  private static final double ACTIVITY = 0.05;
  private static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");

  private WireSetup() {}

  /** What this process and the server that goes on from its journal agree on. */
  static Map<String, String> settings(Path folder, WireScenario scenario) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("journal.directory", folder.resolve("journal").toString());
    settings.put("models.directory", folder.resolve("models").toString());
    settings.put("models.scorer", scenario.scorer());
    return settings;
  }

  /** The configuration file; made by {@link #main}. */
  static Path configFile(Path folder) {
    return folder.resolve("wire.conf");
  }

  static List<Instrument> instruments(Path folder) {
    return ConfigLoader.load(configFile(folder), Map.of(), Map.of()).engine().instruments();
  }

  /**
   * @param args the folder to work in, the scenario's name
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    WireScenario scenario = WireScenario.valueOf(args[1]);
    try (InputStream in =
        Objects.requireNonNull(Machine.class.getResourceAsStream("wire.conf"), "wire.conf")) {
      Files.copy(in, configFile(folder), StandardCopyOption.REPLACE_EXISTING);
    }
    SemnalConfig config =
        ConfigLoader.load(configFile(folder), Map.of(), settings(folder, scenario));
    register(config, folder, scenario, "bench-32");
    fill(config);
  }

  /** Puts the scenario's model for a feature set into the folder's registry. */
  static void register(SemnalConfig config, Path folder, WireScenario scenario, String features) {
    var set = config.engine().featureSet(features);
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
            "weights of a fixed seed, for benchmarks",
            "",
            "");
    ModelRegistry registry = new ModelRegistry(folder.resolve("models"), ScorerChoice.AUTO);
    registry.setAlias("bench", ModelRegistry.CHAMPION, registry.register(scenario.model(), card));
  }

  private static void fill(SemnalConfig config) throws IOException {
    long until = Times.nanos(UNTIL);
    long from = until - WarmUp.span(config.engine()).toNanos();
    Tick tick = new Tick();
    long ticks = 0;
    try (EngineHost host = EngineHost.open(config, new Metrics(), Progress.NONE);
        MarketSimulator market =
            new MarketSimulator(SEED, config.engine().instruments(), from, until, ACTIVITY)) {
      TickIntake intake = new TickIntake(host, config, new Metrics(), "simulator", true);
      while (market.next(tick)) {
        intake.take(tick, tick.instrument);
        ticks++;
      }
      host.pump();
    }
    System.out.println("warm after " + ticks + " simulated ticks");
  }
}
