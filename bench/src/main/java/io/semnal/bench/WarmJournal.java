package io.semnal.bench;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.journal.Progress;
import io.semnal.server.EngineHost;
import io.semnal.server.TickIntake;
import io.semnal.server.Times;
import io.semnal.server.WarmUp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Fills a journal with simulated days until every feature is warm. A process of its own. */
final class WarmJournal {
  /** Where the journal ends: a Wednesday, London and New York both open. */
  static final Instant UNTIL = Instant.parse("2026-01-14T13:30:00Z");

  private static final double ACTIVITY = 0.1;

  private WarmJournal() {}

  /** What this process and the server that goes on from its journal agree on. */
  static Map<String, String> settings(Path folder) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("universe", "[EURUSD]");
    settings.put("clock.mode", "source");
    settings.put("strategies.core-1m.trigger", "tick");
    settings.put("journal.directory", folder.resolve("journal").toString());
    settings.put("models.directory", Machine.home().resolve("server/target/models").toString());
    return settings;
  }

  /**
   * @param args the folder to work in
   */
  public static void main(String[] args) throws IOException {
    SemnalConfig config = ConfigLoader.load(null, Map.of(), settings(Path.of(args[0])));
    long until = Times.nanos(UNTIL);
    long from = until - WarmUp.span(config.engine()).toNanos();
    Tick tick = new Tick();
    try (EngineHost host = EngineHost.open(config, new Metrics(), Progress.NONE);
        MarketSimulator market =
            new MarketSimulator(3, config.engine().instruments(), from, until, ACTIVITY)) {
      TickIntake intake = new TickIntake(host, config, new Metrics(), "simulator", true);
      while (market.next(tick)) {
        intake.take(tick, tick.instrument);
      }
      host.pump();
    }
  }
}
