package io.semnal.bench;

import io.netty.buffer.PooledByteBufAllocator;
import io.semnal.core.access.KeyFile;
import io.semnal.server.KeySetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Every signal to each of a thousand WebSocket clients of another process, beside a bare Netty
 * broadcast of as many bytes; then what idle sessions cost, and what a stalled client costs the
 * others. Slices alternate.
 */
final class FanoutBench {
  private static final int CLIENTS = 1_000;
  private static final int IDLE = 10_000;

  /** Without a sign of life, none would outlive this. */
  private static final long HOLD_MILLIS = 16_000;

  private static final int BARS = 30_000;

  /** Of paced slices: a signal every 10 ms. */
  private static final long PERIOD = 10_000_000L;

  private static final double LEAST_SHARE = 0.85;
  private static final double MOST_STALLED = 1.1;

  private final Report report;
  private final boolean quick;
  private final int rounds;

  FanoutBench(Report report, boolean quick) {
    this.report = report;
    this.quick = quick;
    rounds = quick ? 3 : 7;
  }

  void run() throws IOException, InterruptedException {
    report.say("fan-out: " + openFiles());
    try (WorkFolder folder = new WorkFolder("fanout")) {
      Path keys = folder.path().resolve("keys.conf");
      KeyFile keyFile = KeySetup.openOrMake(keys, "bench");
      try (FanoutLink readers = new FanoutLink(KeySetup.clientKey(keys))) {
        idle(keyFile, readers);
        broadcast(keyFile, readers);
        stalled(keyFile, readers);
      } catch (ExecutionException e) {
        throw new IOException(e);
      }
    }
  }

  /** Each process needs a descriptor for each of its ends. */
  private static String openFiles() throws IOException {
    try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
      return limits.filter(line -> line.startsWith("Max open files")).findFirst().orElse("");
    }
  }

  // Sessions that do nothing

  private void idle(KeyFile keys, FanoutLink readers)
      throws IOException, InterruptedException, ExecutionException {
    try (FanoutGateway gateway = new FanoutGateway("idle", keys, "5s");
        BareBroadcast bare = new BareBroadcast()) {
      // What is loaded and compiled at the first logins is not a session's.
      readers.open("first", gateway.port(), CLIENTS, FanoutClient.Mode.JSON, 0);
      readers.close("first");
      await(gateway, 0);
      long before = memory();
      FanoutLink.Opened opened =
          readers.open("idle", gateway.port(), IDLE, FanoutClient.Mode.JSON, 0);
      double each = (memory() - before) / 1024.0 / IDLE;
      int alive = readers.hold("idle", HOLD_MILLIS);
      report.add(
          Figure.atLeast(
              IDLE,
              "fan-out, idle sessions held",
              Math.min(alive, gateway.sessions()),
              "sessions",
              Double.NaN,
              "JSON over WebSocket, over more than three heartbeat intervals of 5 s"));
      report.add(
          Figure.atMost(
              40,
              "fan-out, memory of an idle session",
              each,
              "KiB",
              Double.NaN,
              "heap after a collection and Netty's pool, of " + IDLE + "; the kernel's not"));
      readers.close("idle");
      await(gateway, 0);
      FanoutLink.Opened peer =
          readers.open("peer", bare.port(), CLIENTS, FanoutClient.Mode.BARE, 0);
      readers.close("peer");
      report.add(
          Figure.atLeast(
              2_000,
              "fan-out, logins",
              opened.count() / opened.seconds(),
              "logins/s",
              peer.count() / peer.seconds(),
              "connect, upgrade, HMAC, definitions, subscribe, without log lines; both ends on"
                  + " this machine; floor: connect and upgrade"));
    }
  }

  private static void await(FanoutGateway gateway, int sessions) throws InterruptedException {
    while (gateway.sessions() != sessions) {
      Thread.sleep(10);
    }
  }

  private static long memory() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory()
        - runtime.freeMemory()
        + PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  // Every signal to each

  private void broadcast(KeyFile keys, FanoutLink readers)
      throws IOException, InterruptedException, ExecutionException {
    for (FanoutClient.Mode mode :
        new FanoutClient.Mode[] {FanoutClient.Mode.SBE, FanoutClient.Mode.JSON}) {
      try (FanoutGateway gateway = new FanoutGateway("fan-out", keys, "1h");
          BareBroadcast bare = new BareBroadcast()) {
        readers.open("semnal", gateway.port(), CLIENTS, mode, 0);
        readers.open("bare", bare.port(), CLIENTS, FanoutClient.Mode.BARE, 0);
        bare.frameOf(readers.slice("semnal", gateway.loop(), 10, 1, PERIOD).frame());
        for (int burst : new int[] {1, 16}) {
          throughput(mode, burst, readers, gateway, bare);
        }
        if (mode == FanoutClient.Mode.SBE) {
          spread(readers, gateway, bare);
        }
        readers.close("semnal");
        readers.close("bare");
      }
    }
  }

  private void throughput(
      FanoutClient.Mode mode,
      int burst,
      FanoutLink readers,
      FanoutGateway gateway,
      BareBroadcast bare)
      throws IOException, InterruptedException {
    int messages = (quick ? 50 : 150) * (burst == 1 ? 1 : 8);
    double[] ours = new double[rounds];
    double[] floor = new double[rounds];
    double[] allocated = new double[rounds];
    double[] processor = new double[rounds];
    double[] floorProcessor = new double[rounds];
    readers.slice("semnal", gateway.loop(), messages, burst, 0);
    readers.slice("bare", bare.loop(), messages, burst, 0);
    int frame = 0;
    for (int i = 0; i < rounds; i++) {
      FanoutLink.Result semnal = readers.slice("semnal", gateway.loop(), messages, burst, 0);
      FanoutLink.Result peer = readers.slice("bare", bare.loop(), messages, burst, 0);
      ours[i] = (double) messages * CLIENTS / semnal.seconds();
      floor[i] = (double) messages * CLIENTS / peer.seconds();
      allocated[i] = (double) semnal.cost().bytes() / messages / CLIENTS;
      processor[i] = (double) semnal.cost().nanos() / messages / CLIENTS;
      floorProcessor[i] = (double) peer.cost().nanos() / messages / CLIENTS;
      frame = semnal.frame();
      if (semnal.frame() != peer.frame() || semnal.whole() != CLIENTS) {
        throw new IOException("not the same: " + semnal + ", " + peer);
      }
    }
    String what = mode + (burst == 1 ? ", each flushed" : ", bursts of " + burst);
    report.add(
        Figure.ratioAtLeast(
            LEAST_SHARE,
            "fan-out to " + CLIENTS + " clients, " + what,
            ours,
            "messages/s",
            "bare Netty",
            floor,
            rounds + " alternating slices of " + messages + " signals of " + frame + " bytes"));
    report.add(
        Figure.timesFaster(
            LEAST_SHARE,
            "fan-out, the edge thread's processor time for a message and session, " + what,
            processor,
            "ns",
            "bare Netty",
            floorProcessor,
            "the same slices; other work on the machine does not add to it"));
    report.add(
        Figure.atMost(
            32,
            "fan-out, allocated for a message and session, " + what,
            Statistics.median(allocated),
            "bytes",
            Double.NaN,
            "by the edge thread, " + Statistics.range(allocated)));
  }

  private void spread(FanoutLink readers, FanoutGateway gateway, BareBroadcast bare)
      throws IOException, InterruptedException {
    double[] ours = new double[rounds];
    double[] floor = new double[rounds];
    int messages = quick ? 60 : 200;
    for (int i = 0; i < rounds; i++) {
      ours[i] = readers.slice("semnal", gateway.loop(), messages, 1, PERIOD).spread99() / 1e6;
      floor[i] = readers.slice("bare", bare.loop(), messages, 1, PERIOD).spread99() / 1e6;
    }
    report.add(
        Figure.beside(
            "bare Netty",
            "fan-out, first client to last, p99",
            Statistics.median(ours),
            "ms",
            Statistics.median(floor),
            "of "
                + messages
                + " signals, one in 10 ms, "
                + CLIENTS
                + " clients; medians of "
                + rounds));
  }

  // One that does not read

  private void stalled(KeyFile keys, FanoutLink readers)
      throws IOException, InterruptedException, ExecutionException {
    int slices = 5;
    try (FanoutGateway calm = new FanoutGateway("calm", keys, "1h");
        FanoutGateway gateway = new FanoutGateway("stalled", keys, "1h")) {
      readers.open("calm", calm.port(), CLIENTS, FanoutClient.Mode.SBE, 0);
      readers.open("stalled", gateway.port(), CLIENTS, FanoutClient.Mode.SBE, 1);
      gateway.fill(BARS);
      int messages = quick ? 60 : 200;
      double[] with = new double[slices];
      double[] without = new double[slices];
      double[] ratios = new double[slices];
      readers.slice("calm", calm.loop(), messages, 1, PERIOD);
      readers.slice("stalled", gateway.loop(), messages, 1, PERIOD);
      for (int i = 0; i < slices; i++) {
        without[i] = readers.slice("calm", calm.loop(), messages, 1, PERIOD).latency99() / 1e6;
        with[i] = readers.slice("stalled", gateway.loop(), messages, 1, PERIOD).latency99() / 1e6;
        ratios[i] = with[i] / without[i];
      }
      report.add(
          Figure.atMost(
              MOST_STALLED,
              "fan-out, p99 of the others beside a stalled client",
              Statistics.median(ratios),
              "times",
              Double.NaN,
              String.format(
                  Locale.ROOT,
                  "median of %d alternating slices; with %s ms, without %s ms; %d sessions stand",
                  slices,
                  Arrays.toString(rounded(with)),
                  Arrays.toString(rounded(without)),
                  gateway.sessions())));
      readers.close("calm");
      readers.close("stalled");
    }
  }

  private static String[] rounded(double[] values) {
    return Arrays.stream(values).mapToObj(Figure::number).toArray(String[]::new);
  }
}
