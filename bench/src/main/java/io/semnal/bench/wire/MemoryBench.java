package io.semnal.bench.wire;

import io.semnal.bench.Figure;
import io.semnal.bench.Machine;
import io.semnal.bench.Report;
import io.semnal.bench.ServerProcess;
import io.semnal.bench.WorkFolder;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Instrument;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.server.Times;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a whole server takes of the heap with 28 instruments, six timeframes and a set of 32 columns
 * on each: follower, sessions and journals included, after a while of ticks.
 */
public final class MemoryBench {
  private static final String CONFIG = "replay.conf";
  private static final int RATE = WireScenario.TARGET_RATE;
  private static final double MOST_MIB = 256;
  private static final double MIB = 1 << 20;

  /** Ten seconds from tick to tick: bars of every timeframe come and go. */
  private static final long STEP = 10_000_000_000L;

  private final Report report;
  private final int seconds;

  public MemoryBench(Report report, int seconds) {
    this.report = report;
    this.seconds = seconds;
  }

  public void run() throws IOException, InterruptedException {
    Path log = Machine.home().resolve("bench/target/memory.log");
    try (WorkFolder folder = new WorkFolder("memory")) {
      Path file = folder.path().resolve("memory.conf");
      try (InputStream in =
          Objects.requireNonNull(Machine.class.getResourceAsStream(CONFIG), CONFIG)) {
        Files.copy(in, file);
      }
      Map<String, String> settings = Map.of("universe", "all");
      SemnalConfig config = ConfigLoader.load(file, Map.of(), settings);
      WireSetup.register(config, folder.path(), WireScenario.MLP, "bench-1m");
      try (ServerProcess server =
          ServerProcess.logging(
              ProcessBuilder.Redirect.to(log.toFile()),
              folder.path(),
              "--config=" + file,
              "universe=all",
              "models.directory=" + folder.path().resolve("models"))) {
        feed(server, config.engine().instruments());
      }
    }
  }

  private void feed(ServerProcess server, List<Instrument> instruments)
      throws IOException, InterruptedException {
    long from = Times.nanos(WireSetup.UNTIL);
    MarketSimulator prices = new MarketSimulator(WireSetup.SEED, instruments, from, Long.MAX_VALUE);
    try (prices;
        SemnalLink link = new SemnalLink(server, false, instruments, prices, from + STEP, STEP)) {
      long half = (long) RATE * seconds / 2;
      double first = heap(server, link, 0, half);
      double last = heap(server, link, half, half);
      report.add(
          Figure.atMost(
              MOST_MIB,
              "memory, heap in use, " + instruments.size() + " instruments x 6 x 32",
              last,
              "MiB",
              Double.NaN,
              String.format(
                  java.util.Locale.ROOT,
                  "after a collection and %,d ticks in %.0f days of event time; half-way %.1f;"
                      + " Netty's pools %.1f MiB beside it",
                  2 * half,
                  2 * half * (STEP / 1e9) / 86_400,
                  first,
                  server.metric("semnal_process_direct_bytes") / MIB)));
    }
  }

  private static double heap(ServerProcess server, SemnalLink link, long first, long count)
      throws IOException, InterruptedException {
    WireLoad.Result result = WireLoad.run(link, RATE, first, count);
    if (result.unanswered() > 0) {
      throw new IOException(result.unanswered() + " ticks without an answer");
    }
    server.collect();
    double heap = server.metric("semnal_process_heap_bytes") / MIB;
    link.keepAlive();
    return heap;
  }
}
