package io.semnal.bench.wire;

import io.semnal.bench.ChildProcess;
import io.semnal.bench.Machine;
import io.semnal.bench.Report;
import io.semnal.bench.ServerProcess;
import io.semnal.bench.WorkFolder;
import io.semnal.core.market.Instrument;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.server.Times;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A server with one scenario's model and the echo beside it, given load in turns: while one is
 * measured, the other stands still.
 */
final class WireRun implements AutoCloseable {
  /** Event time from quote to quote: no two are equal, and a minute's bar closes now and then. */
  private static final long STEP = 5_000_000L;

  /** Before each slice, not measured: what was suspended comes back to its caches and its load. */
  private static final double SETTLE_SECONDS = 0.3;

  private final Report report;
  private final WorkFolder folder;
  private final ServerProcess server;
  private final SemnalLink semnal;
  private final EchoLink echo;
  private final long[] next = new long[2];

  WireRun(Report report, WireScenario scenario) throws IOException, InterruptedException {
    this(report, scenario, ProcessBuilder.Redirect.INHERIT);
  }

  /**
   * @param log where the server's log goes
   * @param more settings of the server's
   */
  WireRun(Report report, WireScenario scenario, ProcessBuilder.Redirect log, String... more)
      throws IOException, InterruptedException {
    this.report = report;
    folder = new WorkFolder("wire");
    Path path = folder.path();
    try (ChildProcess setup =
        ChildProcess.start(
            "512m", WireSetup.class.getName(), List.of(path.toString(), scenario.name()))) {
      setup.awaitEnd(report::say);
    }
    List<String> settings = new ArrayList<>(List.of("--config=" + WireSetup.configFile(path)));
    WireSetup.settings(path, scenario).forEach((key, value) -> settings.add(key + "=" + value));
    settings.addAll(List.of(more));
    server = ServerProcess.logging(log, path, settings.toArray(String[]::new));
    List<Instrument> instruments = WireSetup.instruments(path);
    long from = Times.nanos(WireSetup.UNTIL);
    semnal =
        new SemnalLink(
            server,
            scenario.isWebSocket(),
            instruments,
            new MarketSimulator(WireSetup.SEED, instruments, from, Long.MAX_VALUE),
            from + STEP,
            STEP);
    echo = new EchoLink(SemnalLink.REQUEST, SemnalLink.REPLY);
  }

  /** Until the compilers are done on both sides. */
  void warmUp(double seconds) throws IOException {
    int rate = WireScenario.TARGET_RATE;
    slice(echo, rate, Math.min(3, seconds), false);
    slice(semnal, rate, seconds, false);
    // The rates to come are higher than that: their batches are longer.
    slice(semnal, 5.0 * rate, seconds / 3, false);
  }

  WireLoad.Result measureSemnal(double rate, double seconds) throws IOException {
    return slice(semnal, rate, seconds, true);
  }

  WireLoad.Result measureEcho(double rate, double seconds) throws IOException {
    return slice(echo, rate, seconds, true);
  }

  private WireLoad.Result slice(WireLink link, double rate, double seconds, boolean settle)
      throws IOException {
    WireLink other = link == semnal ? echo : semnal;
    try (Suspension suspended = Suspension.of(other.pid())) {
      if (settle) {
        load(link, Math.min(rate, WireScenario.TARGET_RATE), SETTLE_SECONDS);
      }
      WireLoad.Result result = load(link, rate, seconds);
      double used = suspended.resume();
      if (used > 0) {
        throw new IOException("what was suspended used " + used + " s of processor time");
      }
      other.keepAlive();
      return result;
    }
  }

  private WireLoad.Result load(WireLink link, double rate, double seconds) throws IOException {
    long count = Math.max(1, (long) (rate * seconds));
    int side = link == semnal ? 0 : 1;
    WireLoad.Result result = WireLoad.run(link, rate, next[side], count);
    next[side] += count;
    return result;
  }

  ServerProcess server() {
    return server;
  }

  /** For whoever does something else for longer than a session may be silent. */
  void keepAlive() throws IOException {
    semnal.keepAlive();
    echo.keepAlive();
  }

  /** Where WebSocket clients connect. */
  int webSocketPort() {
    String address = server.webSocket();
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1, address.indexOf('/')));
  }

  /** Ticks that were sent to the server so far, warm-up included. */
  long ticks() {
    return next[0];
  }

  /** Signals that came back so far. */
  long signals() {
    return semnal.signals();
  }

  double serverSeconds() throws IOException {
    return Machine.processorSeconds(server.pid());
  }

  /** What the server said of its scores and signals. */
  void sayWhatCame() {
    report.say(
        String.format(
            java.util.Locale.ROOT,
            "  %.2f %% of the scores came from the model, the others name a reason; %d signals",
            100 * semnal.scoredShare(),
            semnal.signals()));
  }

  double scoredShare() {
    return semnal.scoredShare();
  }

  @Override
  public void close() throws IOException {
    try (folder;
        server;
        echo;
        semnal) {
      // In this order backwards.
    }
  }
}
