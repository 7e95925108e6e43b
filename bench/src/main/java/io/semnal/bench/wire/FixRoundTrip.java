package io.semnal.bench.wire;

import io.semnal.bench.ChildProcess;
import io.semnal.bench.Figure;
import io.semnal.bench.Machine;
import io.semnal.bench.Report;
import io.semnal.bench.ServerProcess;
import io.semnal.bench.Statistics;
import io.semnal.bench.WorkFolder;
import io.semnal.core.market.Instrument;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.protocol.session.ClientKey;
import io.semnal.server.KeySetup;
import io.semnal.server.Times;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Price in to IOI out over real sockets, every tick scored: beside a bare echo of the same sizes
 * and QuickFIX/J's echo, in alternating slices, two of the three suspended while one is measured.
 * Signals end after the least move, so that many ticks cause an IOI; those are what is measured.
 */
public final class FixRoundTrip {
  private static final long STEP = 5_000_000L;
  private static final int RATE = 2_000;
  private static final double TARGET = 1.4;
  private static final double SETTLE_SECONDS = 0.3;
  private static final long PAUSE_MILLIS = 100;
  private static final double LEAST_SHARE = 0.05;
  private static final String[] NAMES = {"semnal", "echo", "QuickFIX/J echo"};
  private static final String POLICY = "strategies.bench-1m.policy.";

  private final Report report;
  private final int rounds;
  private final double seconds;
  private final double warmSeconds;
  private final long[] next = new long[NAMES.length];

  public FixRoundTrip(Report report, boolean quick) {
    this.report = report;
    rounds = quick ? 5 : 9;
    seconds = quick ? 1.5 : 4;
    warmSeconds = quick ? 8 : 20;
  }

  /**
   * @throws IOException also when too few ticks were answered
   */
  public void run() throws IOException, InterruptedException {
    try (WorkFolder folder = new WorkFolder("fix-round-trip")) {
      Path path = folder.path();
      try (ChildProcess setup =
          ChildProcess.start(
              "512m", WireSetup.class.getName(), List.of(path.toString(), scenario().name()))) {
        setup.awaitEnd(report::say);
      }
      int port = freePort();
      try (ServerProcess server = server(path, port);
          IoiLink semnal = link(server, path, port)) {
        load(List.of(semnal), 0, warmSeconds);
        int reply = semnal.meanBytes();
        if (reply == 0) {
          throw new IOException("no IOI came");
        }
        report.say("  an IOI is " + reply + " bytes");
        try (EchoLink echo = new EchoLink(SemnalLink.REQUEST, reply);
            QuickFixLink quick = started(reply, semnal)) {
          List<WireLink> links = List.of(semnal, echo, quick);
          for (double warm = 0; warm < warmSeconds / 2; warm++) {
            load(links, 1, 1);
            load(links, 2, 1);
            semnal.keepAlive();
          }
          measure(links);
        }
      }
    }
  }

  /** While it starts, the other session lives on. */
  private static QuickFixLink started(int reply, IoiLink other)
      throws IOException, InterruptedException {
    FutureTask<QuickFixLink> starting = new FutureTask<>(() -> new QuickFixLink(reply));
    Thread.ofVirtual().start(starting);
    while (!starting.isDone()) {
      Thread.sleep(PAUSE_MILLIS);
      other.keepAlive();
    }
    try {
      return starting.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  private static WireScenario scenario() {
    return WireScenario.MLP;
  }

  private static ServerProcess server(Path path, int port) throws IOException {
    List<String> settings = new ArrayList<>(List.of("--config=" + WireSetup.configFile(path)));
    WireSetup.settings(path, scenario()).forEach((key, value) -> settings.add(key + "=" + value));
    settings.addAll(
        List.of(
            "gateway.fixPort=" + port,
            "gateway.fix.directory=" + path.resolve("fix"),
            // Others are measured, and started, while this one says nothing.
            "gateway.heartbeat=300s",
            POLICY + "buyThreshold=0.34",
            POLICY + "sellThreshold=0.34",
            POLICY + "margin=0.0",
            POLICY + "cooldownBars=0",
            POLICY + "maxSpreadPips=50.0",
            POLICY + "stopAtr=0.01",
            POLICY + "targetAtr=0.01"));
    return new ServerProcess(path, settings.toArray(String[]::new));
  }

  private static IoiLink link(ServerProcess server, Path path, int port) throws IOException {
    List<Instrument> instruments = WireSetup.instruments(path);
    long from = Times.nanos(WireSetup.UNTIL);
    MarketSimulator prices = new MarketSimulator(WireSetup.SEED, instruments, from, Long.MAX_VALUE);
    SemnalLink feed = SemnalLink.feed(server, instruments, prices, from + STEP, STEP);
    ClientKey key = ClientKey.read(KeySetup.clientKey(server.keys()));
    return new IoiLink(feed, port, key, from + STEP, STEP);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private void measure(List<WireLink> links) throws IOException {
    double[][] medians = new double[NAMES.length][rounds];
    double[][] tails = new double[NAMES.length][rounds];
    double share = 1;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < NAMES.length; i++) {
        WireLoad.Result result = slice(links, i);
        medians[i][round] = result.latencies().getValueAtPercentile(50) / 1e3;
        tails[i][round] = result.latencies().getValueAtPercentile(99) / 1e3;
        if (i == 0) {
          share = Math.min(share, result.latencies().getTotalCount() / (RATE * seconds));
        } else if (result.unanswered() > 0) {
          throw new IOException(NAMES[i] + ": " + result.unanswered() + " without an answer");
        }
      }
    }
    if (share < LEAST_SHARE) {
      throw new IOException("only " + share + " of the ticks caused an IOI");
    }
    tell(medians, tails, share);
  }

  private void tell(double[][] medians, double[][] tails, double share) {
    String remark =
        String.format(
            Locale.ROOT,
            "%d ticks/s, all scored, %.0f %% or more caused an IOI; load %s",
            RATE,
            100 * share,
            Machine.load());
    String name = "fix, price in (SBE) to IOI out, ";
    report.add(
        Figure.timesAtMost(TARGET, name + "p50", medians[0], "us", "echo", medians[1], remark));
    report.add(beside("echo", name + "p99", tails[0], tails[1]));
    report.add(beside("QuickFIX/J echo", name + "p50", medians[0], medians[2]));
    report.add(beside("QuickFIX/J echo", name + "p99", tails[0], tails[2]));
  }

  private static Figure beside(String peer, String name, double[] ours, double[] theirs) {
    return Figure.beside(
        peer,
        name,
        Statistics.median(ours),
        "us",
        Statistics.median(theirs),
        "medians of " + ours.length + " slices; ours " + Statistics.range(ours));
  }

  private WireLoad.Result slice(List<WireLink> links, int which) throws IOException {
    int[] others = {(which + 1) % NAMES.length, (which + 2) % NAMES.length};
    WireLoad.Result result;
    try (Suspension first = Suspension.of(links.get(others[0]).pid());
        Suspension second = Suspension.of(links.get(others[1]).pid())) {
      load(links, which, SETTLE_SECONDS);
      result = load(links, which, seconds);
      double used = first.resume() + second.resume();
      if (used > 0) {
        throw new IOException("what was suspended used " + used + " s of processor time");
      }
    }
    for (int other : others) {
      links.get(other).keepAlive();
    }
    return result;
  }

  private WireLoad.Result load(List<WireLink> links, int which, double howLong) throws IOException {
    long count = Math.max(1, (long) (RATE * howLong));
    WireLoad.Result result = WireLoad.run(links.get(which), RATE, next[which], count);
    next[which] += count;
    if (!result.isSent()) {
      throw new IOException(NAMES[which] + " did not take " + RATE + " messages/s");
    }
    return result;
  }
}
