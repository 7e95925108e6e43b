package io.semnal.bench;

import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.journal.Progress;
import io.semnal.server.EngineHost;
import io.semnal.server.TickIntake;
import io.semnal.server.Times;
import io.semnal.server.last.LastValueAgent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * What the last values beside the journal cost the edge thread: the processor time of the agent
 * that reads both queues on and writes the map four times a second, at a steady rate of ticks.
 */
final class LastValueBench {
  private static final Instant BEGIN = Instant.parse("2026-01-05T00:00:00Z");
  private static final int RATE = 20_000;
  private static final int TURNS_PER_SECOND = 4;
  private static final int WARM_TURNS = 20;
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(255);
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Report report;
  private final int turns;

  /**
   * @param turns of a quarter of a second
   */
  LastValueBench(Report report, int turns) {
    this.report = report;
    this.turns = turns;
  }

  void run() throws IOException, InterruptedException {
    try (WorkFolder folder = new WorkFolder("last")) {
      SemnalConfig config = BenchJournal.prepare(folder.path(), true);
      try (EngineHost host = EngineHost.open(config, new Metrics(), Progress.NONE);
          LastValueAgent agent =
              new LastValueAgent(
                  host.journal(),
                  config.engine(),
                  host.idsByIndex(config.engine().instruments()))) {
        agent.onStart();
        measure(host, config, agent);
      }
    }
  }

  private void measure(EngineHost host, SemnalConfig config, LastValueAgent agent)
      throws IOException, InterruptedException {
    double[] busy = new double[turns];
    double[] quiet = new double[turns];
    TickIntake intake = new TickIntake(host, config, new Metrics(), "simulator", true);
    Tick tick = new Tick();
    Path map = host.journal().path().resolve("last-values.cm3");
    try (MarketSimulator market =
        new MarketSimulator(6, config.engine().instruments(), Times.nanos(BEGIN), Long.MAX_VALUE)) {
      // Whoever opens the map takes in what is journaled by then.
      while (agent.doWork() == 0 && market.next(tick)) {
        intake.take(tick, tick.instrument);
        host.pump();
        Thread.sleep(1);
      }
      for (int turn = -WARM_TURNS; turn < turns; turn++) {
        for (int i = 0; i < RATE / TURNS_PER_SECOND && market.next(tick); i++) {
          intake.take(tick, tick.instrument);
          host.pump();
        }
        double with = turnMicros(agent, 1);
        double without = turnMicros(agent, 0);
        if (turn >= 0) {
          busy[turn] = with;
          quiet[turn] = without;
        }
      }
    }
    double middle = Statistics.median(busy);
    report.add(
        Figure.plain(
            "last values at " + RATE + " ticks/s",
            middle * TURNS_PER_SECOND / 10_000,
            "% of the edge thread",
            Double.NaN,
            "2 instruments x 6 timeframes; a turn of "
                + RATE / TURNS_PER_SECOND
                + " ticks "
                + Figure.number(middle)
                + " us of processor time ("
                + Statistics.range(busy)
                + "), "
                + Figure.number(middle * 1000 * TURNS_PER_SECOND / RATE)
                + " ns a tick; a turn without ticks "
                + Figure.number(Statistics.median(quiet))
                + " us; the map takes "
                + (Files.exists(map) ? Files.size(map) / 1024 : 0)
                + " KiB"));
  }

  /** One turn of the agent, when it is due and has opened its map. */
  private double turnMicros(LastValueAgent agent, int least) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    Thread.sleep(TimeUnit.NANOSECONDS.toMillis(TURN_NANOS));
    while (true) {
      long before = threads.getCurrentThreadCpuTime();
      int taken = 0;
      for (int count = agent.doWork(); count > 0; count = agent.doWork()) {
        taken += count;
      }
      double micros = (threads.getCurrentThreadCpuTime() - before) / 1e3;
      if (taken >= least) {
        return micros;
      }
      if (System.nanoTime() - until > 0) {
        throw new IllegalStateException("the last values are not written");
      }
      Thread.sleep(1);
    }
  }
}
