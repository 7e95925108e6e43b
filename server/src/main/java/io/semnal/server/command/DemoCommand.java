package io.semnal.server.command;

import io.semnal.core.access.KeyFile;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.metrics.StageRecorder;
import io.semnal.feed.Tick;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.inference.engine.EngineCounters;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.server.EngineHost;
import io.semnal.server.KeySetup;
import io.semnal.server.SignalServer;
import io.semnal.server.SimulatedMarket;
import io.semnal.server.TickIntake;
import io.semnal.server.Times;
import io.semnal.server.WarmUp;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole of Semnal on a simulated market. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Runs everything on a simulated market; needs no account and no data.",
      "Imports simulated days until all features are warm, then goes live with a score on every tick."
          + " Everything it prints is SIMULATED."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String MARK = "SIMULATED ";

  /** A Wednesday, London and New York both open. */
  private static final Instant LIVE_FROM = Instant.parse("2026-01-14T13:30:00Z");

  private static final double WARM_UP_ACTIVITY = 0.1;
  private static final long POLL_MILLIS = 50;
  private static final long MINUTE = 60_000_000_000L;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "How long to run live: ${DEFAULT-VALUE} by default.")
  private int seconds;

  @Option(
      names = "--speed",
      paramLabel = "X",
      defaultValue = "20",
      description =
          "How much faster than real time the simulated clock runs: ${DEFAULT-VALUE} by default.")
  private double speed;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "7",
      description = "Another seed, another market: ${DEFAULT-VALUE} by default.")
  private long seed;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where journal and keys go; by default a new temporary folder, which is kept.")
  private Path directory;

  private PrintWriter out;

  @Override
  public Integer call() throws IOException, InterruptedException {
    out = spec.commandLine().getOut();
    if (directory == null) {
      directory = Files.createTempDirectory("semnal-demo-");
    }
    SemnalConfig config = options.load(settings());
    Metrics metrics = new Metrics();
    KeyFile keys = KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed");
    out.println("Semnal on a SIMULATED market: no price here is real, no signal is advice.");
    try (EngineHost host = EngineHost.open(config, metrics, new ProgressLine(err()).recovery())) {
      TickIntake intake = new TickIntake(host, config, metrics, "simulator", true);
      // One market throughout: few ticks while it warms up, all of them when it is live.
      MarketSimulator market =
          new MarketSimulator(
              seed,
              config.engine().instruments(),
              liveFrom() - WarmUp.span(config.engine()).toNanos(),
              Long.MAX_VALUE,
              WARM_UP_ACTIVITY);
      warmUp(config, host, intake, market);
      metrics.stages().reset();
      Before before = Before.of(host.engine().counters());
      live(config, host, metrics, keys, intake, market);
      summary(host, metrics, before);
    }
    return 0;
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("clock.mode", "source");
    settings.put("strategies.core-1m.trigger", "tick");
    settings.put("journal.directory", directory.resolve("journal").toString());
    settings.put("gateway.keysFile", directory.resolve("keys.conf").toString());
    settings.put("feed.keysFile", directory.resolve("keys.conf").toString());
    settings.put("feed.enabled", "false");
    settings.put("gateway.tcpPort", "0");
    settings.put("gateway.wsPort", "0");
    settings.put("admin.port", "0");
    return settings;
  }

  private static long liveFrom() {
    return Times.nanos(LIVE_FROM);
  }

  private void warmUp(
      SemnalConfig config, EngineHost host, TickIntake intake, MarketSimulator market) {
    ProgressLine progress = new ProgressLine(err());
    Duration span = WarmUp.span(config.engine());
    long until = liveFrom();
    long from = until - span.toNanos();
    out.printf(
        "Warming up on %d simulated days of %d instruments ...%n",
        span.toDays(), config.engine().instruments().size());
    out.flush();
    long started = System.nanoTime();
    Tick tick = new Tick();
    long count = 0;
    while (market.next(tick) && tick.eventTime < until) {
      intake.take(tick, tick.instrument);
      if (tick.eventTime > until - MINUTE) {
        market.activity(1.0);
      }
      if ((++count & 0xFFFF) == 0) {
        host.pump();
        progress.show(
            String.format(
                Locale.ROOT,
                "  %3.0f %%  %d ticks, simulated %s",
                100.0 * (tick.eventTime - from) / (until - from),
                count,
                Times.iso(tick.eventTime)));
      }
    }
    host.pump();
    progress.clear();
    double took = (System.nanoTime() - started) / 1e9;
    out.printf(
        Locale.ROOT,
        "Warm after %d ticks and %d bars in %.1f s (%.0f ticks/s through engine and journals).%n",
        intake.accepted(),
        host.engine().counters().bars(),
        took,
        intake.accepted() / took);
  }

  private void live(
      SemnalConfig config,
      EngineHost host,
      Metrics metrics,
      KeyFile keys,
      TickIntake intake,
      MarketSimulator market)
      throws InterruptedException {
    try (SignalServer server =
            new SignalServer(
                config,
                host,
                metrics,
                keys,
                keys,
                SimulatedMarket.agent(market, intake, liveFrom(), speed));
        QueueReader reader = host.journal().outboundReader()) {
      SignalPrinter printer = new SignalPrinter(reader, out, MARK);
      printer.skipToEnd();
      SignalServer.Ports ports = server.start();
      addresses(config, ports);
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      while (System.nanoTime() < end && server.fault() == null) {
        printer.poll();
        Thread.sleep(POLL_MILLIS);
      }
      printer.poll();
      if (server.fault() != null) {
        throw new CommandFailure(server.fault());
      }
    }
  }

  private void addresses(SemnalConfig config, SignalServer.Ports ports) {
    RunCommand.line(out, "tcp  ", "tcp://", ports.tcp(), "");
    RunCommand.line(out, "ws   ", "ws://", ports.ws(), "/ws");
    RunCommand.line(out, "admin", "http://", ports.admin(), "/metrics");
    Path key = KeySetup.clientKey(config.runtime().gateway().keysFile());
    out.println("In another terminal, for the same signals over a socket:");
    out.printf(
        "  %s listen --to tcp://127.0.0.1:%d --key-file %s --channels signals --instruments EURUSD,USDJPY%n",
        launcher(), ports.tcp().getPort(), key);
    out.printf(
        Locale.ROOT,
        "Live for %d s at %.0f times real time, from simulated %s, a score on every tick:%n",
        seconds,
        speed,
        LIVE_FROM);
    out.flush();
  }

  private static String launcher() {
    return Homes.home().equals(Path.of("."))
        ? "semnal"
        : Homes.home().resolve("scripts/semnal").toString();
  }

  /** Counts at the end of the warm-up, to be taken off. */
  private record Before(long quotes, long bars, long[] scores) {
    static Before of(EngineCounters counters) {
      long[] scores = new long[ScoreReason.values().length];
      for (ScoreReason reason : ScoreReason.values()) {
        if (reason != ScoreReason.NULL_VAL) {
          scores[reason.ordinal()] = counters.scores(reason);
        }
      }
      return new Before(counters.quotes(), counters.bars(), scores);
    }
  }

  private void summary(EngineHost host, Metrics metrics, Before before) {
    EngineCounters counters = host.engine().counters();
    out.println();
    out.println("Summary, SIMULATED (the live part; signals and outcomes with the warm-up's)");
    out.printf("  ticks    %d%n", counters.quotes() - before.quotes());
    out.printf("  bars     %d%n", counters.bars() - before.bars());
    StringBuilder reasons = new StringBuilder();
    for (ScoreReason reason : ScoreReason.values()) {
      long count =
          reason == ScoreReason.NULL_VAL
              ? 0
              : counters.scores(reason) - before.scores()[reason.ordinal()];
      if (count > 0) {
        reasons.append(reasons.isEmpty() ? "" : ", ").append(count).append(' ').append(reason);
      }
    }
    out.printf("  scores   %s%n", reasons);
    out.printf(
        "  signals  %d BUY, %d SELL, %d NEUTRAL%n",
        counters.signals(SignalType.BUY),
        counters.signals(SignalType.SELL),
        counters.signals(SignalType.NEUTRAL));
    StringBuilder ends = new StringBuilder();
    for (EndReason reason : EndReason.values()) {
      long count =
          reason == EndReason.NULL_VAL || reason == EndReason.NONE ? 0 : counters.ends(reason);
      if (count > 0) {
        ends.append(ends.isEmpty() ? "" : ", ").append(count).append(' ').append(reason);
      }
    }
    out.printf("  ended    %s%n", ends);
    outcomes(host.engine().outcomes().outcomes());
    latencies(metrics.stages());
    out.println("  the journal stays; prove that it replays byte for byte:");
    out.printf("    %s replay --journal %s --verify%n", launcher(), host.journal().path());
    out.flush();
  }

  private void outcomes(List<OutcomeStatistics.Outcome> outcomes) {
    long count = outcomes.stream().mapToLong(OutcomeStatistics.Outcome::count).sum();
    long wins = outcomes.stream().mapToLong(OutcomeStatistics.Outcome::wins).sum();
    double pips = outcomes.stream().mapToDouble(OutcomeStatistics.Outcome::pips).sum();
    double profit = outcomes.stream().mapToDouble(OutcomeStatistics.Outcome::grossProfit).sum();
    double loss = outcomes.stream().mapToDouble(OutcomeStatistics.Outcome::grossLoss).sum();
    if (count > 0) {
      out.printf(
          Locale.ROOT,
          "  outcomes %d, %.0f %% won, %+.2f pips each, profit factor %.2f%n",
          count,
          100.0 * wins / count,
          pips / count,
          loss == 0 ? Double.POSITIVE_INFINITY : profit / loss);
    }
  }

  private void latencies(StageRecorder stages) {
    out.println(
        "  latency of sampled ticks, from the simulator to the end of the stage, microseconds");
    out.printf("    %-18s %8s %8s %8s %8s %8s%n", "stage", "p50", "p90", "p99", "p99.9", "samples");
    for (StageRecorder.Stage stage : StageRecorder.Stage.values()) {
      Histogram h = stages.total(stage);
      if (h.getTotalCount() > 0) {
        out.printf(
            Locale.ROOT,
            "    %-18s %8.1f %8.1f %8.1f %8.1f %8d%n",
            stage.name().toLowerCase(Locale.ROOT).replace('_', ' '),
            h.getValueAtPercentile(50) / 1e3,
            h.getValueAtPercentile(90) / 1e3,
            h.getValueAtPercentile(99) / 1e3,
            h.getValueAtPercentile(99.9) / 1e3,
            h.getTotalCount());
      }
    }
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
