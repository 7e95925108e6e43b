package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code journal.sync} has a fed server ask of the system, as seen by a tracer outside of it.
 */
class SyncOnRunningServerTest {
  private static final String STRACE = "/usr/bin/strace";
  private static final int RATE = 5_000;

  /** How a FeedAck's frame begins: 30 bytes, SBE, a block of 16, template 55. */
  private static final String ACK = "\\x00\\x00\\x00\\x1e\\xeb\\x50\\x10\\x00\\x37\\x00";

  @TempDir private Path folder;

  @Test
  void nothingIsForcedByDefault() throws Exception {
    assertThat(traced("none")).noneMatch(SyncOnRunningServerTest::isInbound);
  }

  @Test
  void everySoOftenBothAreForcedInboundFirst() throws Exception {
    List<String> forced = traced("interval");
    long inbound = forced.stream().filter(SyncOnRunningServerTest::isInbound).count();
    long outbound = forced.stream().filter(SyncOnRunningServerTest::isOutbound).count();
    assertThat(inbound).as(forced::toString).isGreaterThan(1);
    assertThat(Math.abs(inbound - outbound)).isLessThanOrEqualTo(1);
  }

  /** No acknowledgement leaves for the feed before inbound is forced behind the one before. */
  @Test
  void nothingIsAcknowledgedBeforeItIsForced() throws Exception {
    List<String> calls = traced("every");
    int acknowledged = 0;
    boolean forced = false;
    for (String call : calls) {
      if (isInbound(call)) {
        forced = true;
      } else if (call.contains(ACK)) {
        assertThat(forced).as(call).isTrue();
        forced = false;
        acknowledged++;
      }
    }
    assertThat(acknowledged).as(calls::toString).isGreaterThan(2);
    assertThat(calls).anyMatch(SyncOnRunningServerTest::isOutbound);
  }

  private static boolean isInbound(String call) {
    return call.contains("sync(") && call.contains("/inbound/") && call.contains(".cq4");
  }

  private static boolean isOutbound(String call) {
    return call.contains("sync(") && call.contains("/outbound/") && call.contains(".cq4");
  }

  /** The calls of a server while it is fed some ticks. */
  private List<String> traced(String sync) throws Exception {
    assumeTrue(Files.isExecutable(Path.of(STRACE)), "strace is not installed");
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(2, 3);
    ServerSetup setup = new ServerSetup(folder);
    Path trace = folder.resolve("trace");
    try (SemnalProcess server =
        setup.start("-Djournal.sync=" + sync, "-Djournal.syncInterval=50ms")) {
      Process strace = attach(server.pid(), trace);
      try (SemnalProcess feed = setup.feed(RATE, files)) {
        assertThat(feed.await(ServerSetup.PATIENCE)).as(feed.output()).isZero();
      }
      long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
      while (sync.equals("interval") && forces(trace) < 6) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(20);
      }
      strace.destroy();
      assertThat(strace.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(server.stop()).as(server.output()).isZero();
    }
    return Files.readAllLines(trace);
  }

  private static Process attach(long pid, Path trace) throws IOException {
    Process strace =
        new ProcessBuilder(
                STRACE,
                "-f",
                "-y",
                "-x",
                "-s",
                "128",
                "-e",
                "trace=fsync,fdatasync,write,writev,sendto,sendmsg",
                "-o",
                trace.toString(),
                "-p",
                Long.toString(pid))
            .redirectErrorStream(true)
            .start();
    String attached = strace.inputReader().readLine();
    assumeTrue(attached != null && attached.contains("attached"), "may not trace: " + attached);
    return strace;
  }

  private static long forces(Path trace) throws IOException {
    return Files.readAllLines(trace).stream().filter(call -> call.contains("sync(")).count();
  }
}
