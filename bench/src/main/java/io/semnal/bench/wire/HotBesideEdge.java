package io.semnal.bench.wire;

import io.semnal.bench.FanoutClient;
import io.semnal.bench.FanoutLink;
import io.semnal.bench.Figure;
import io.semnal.bench.Machine;
import io.semnal.bench.Report;
import io.semnal.bench.Statistics;
import io.semnal.server.KeySetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What a thousand WebSocket clients on the edge thread cost the hot one: tick to score over TCP
 * through a whole server, in slices with them and without, by turns. The clients are in a process
 * of their own and get every signal.
 */
public final class HotBesideEdge {
  private static final int CLIENTS = 1_000;
  private static final int RATE = WireScenario.TARGET_RATE;
  private static final double MOST = 1.2;
  private static final long SETTLE_MILLIS = 500;
  private static final long PAUSE_MILLIS = 100;
  private static final String GROUP = "edge";

  private final Report report;
  private final int rounds;
  private final double seconds;
  private final double warmSeconds;
  private long signals;
  private int late;

  public HotBesideEdge(Report report, boolean quick) {
    this.report = report;
    rounds = quick ? 5 : 9;
    seconds = quick ? 1 : 4;
    warmSeconds = quick ? 5 : 15;
  }

  /**
   * @throws IOException also when a tick was not answered, or a client was lost
   */
  public void run() throws IOException, InterruptedException {
    Path log = Machine.home().resolve("bench/target/hot-beside-edge.log");
    try (WireRun run =
            new WireRun(report, WireScenario.MLP, ProcessBuilder.Redirect.to(log.toFile()));
        FanoutLink clients = new FanoutLink(KeySetup.clientKey(run.server().keys()))) {
      run.warmUp(warmSeconds);
      // The first logins load classes.
      with(run, clients);
      signals = 0;
      late = 0;
      double[] with = new double[rounds];
      double[] without = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        without[i] = p99(run);
        with[i] = with(run, clients);
      }
      report.add(
          Figure.timesAtMost(
              MOST,
              "fan-out, tick to score of the hot path with " + CLIENTS + " edge clients, p99",
              with,
              "us",
              "without",
              without,
              String.format(
                  Locale.ROOT,
                  "TCP to TCP, %d ticks/s, all on one machine; medians of %d alternating slices of %.0f s; with: %s;"
                      + " without: %s; %d signals to each client; the sender was late at the end of"
                      + " %d slices",
                  RATE,
                  rounds,
                  seconds,
                  Statistics.range(with),
                  Statistics.range(without),
                  signals,
                  late)));
    }
  }

  /** While the clients are there; they all still are at the end. */
  private double with(WireRun run, FanoutLink clients) throws IOException, InterruptedException {
    int port = run.webSocketPort();
    meanwhile(run, () -> clients.open(GROUP, port, CLIENTS, FanoutClient.Mode.JSON, 0));
    long before = run.signals();
    double p99 = p99(run);
    signals += run.signals() - before;
    int left = clients.hold(GROUP, 0);
    if (left != CLIENTS) {
      throw new IOException(left + " of " + CLIENTS + " clients are left");
    }
    // Their sessions end before the next slice begins.
    meanwhile(
        run,
        () -> {
          clients.close(GROUP);
          return GROUP;
        });
    return p99;
  }

  /** Does something with the clients, and waits a little; the measuring sessions live on. */
  private static void meanwhile(WireRun run, Callable<?> task)
      throws IOException, InterruptedException {
    FutureTask<?> doing = new FutureTask<>(task);
    Thread.ofVirtual().start(doing);
    try {
      while (!doing.isDone()) {
        Thread.sleep(PAUSE_MILLIS);
        run.keepAlive();
      }
      doing.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
    Thread.sleep(SETTLE_MILLIS);
  }

  private double p99(WireRun run) throws IOException {
    WireLoad.Result result = run.measureSemnal(RATE, seconds);
    if (result.unanswered() > 0) {
      throw new IOException(result.unanswered() + " ticks without an answer");
    }
    // What was sent late counts from when it was planned, so the figure has it; the reader is told.
    late += result.isHeld() ? 0 : 1;
    return result.latencies().getValueAtPercentile(99) / 1e3;
  }
}
