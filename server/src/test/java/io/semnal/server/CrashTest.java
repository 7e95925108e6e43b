package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real server, killed with SIGKILL at random instants under a feed that goes on: nothing twice,
 * nothing lost, and the state of one that was never killed.
 *
 * <p>{@code -Dsemnal.crash.kills=200} kills more often than CI does, {@code -Dsemnal.crash.seed}
 * repeats the instants of another run as far as processes can. The counts are kept in {@code
 * target/counts/}.
 */
class CrashTest {
  private static final int KILLS = Integer.getInteger("semnal.crash.kills", 10);
  private static final long SEED = Long.getLong("semnal.crash.seed", System.nanoTime());

  /** So that many kills find a feed that lasts. */
  private static final int RATE = KILLS <= 20 ? 50_000 : 20_000;

  private static final int SIGNALS = 100;
  private static final int MOST_JITTER_MILLIS = 40;
  private static final int MOST_STARTING_MILLIS = 2_500;
  private static final int LOAD_KILLS_PER_START_KILL = 5;
  private static final long POLL_MILLIS = 2;

  @TempDir private Path folder;
  private final Random random = new Random(SEED);
  private int killed;
  private int killedAtStart;

  /** The timeout is for many kills; each wait has its own. */
  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void publishesEverythingOnceThroughKills()
      throws IOException, InterruptedException, NoSuchAlgorithmException {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd");
    ServerSetup setup = new ServerSetup(folder);
    List<Message> expected = setup.imported(files);
    long[] instants = instants(files);
    SemnalProcess server = setup.start();
    try (SemnalProcess listener =
            connected(
                setup.listen(
                    setup.tcp(),
                    "signals,bars",
                    expected.size(),
                    "--retry-for",
                    Long.toString(ServerSetup.PATIENCE.toSeconds())));
        ResumingListener resuming = new ResumingListener(setup.ws(), setup.clientKey())) {
      resuming.awaitSessions(1, ServerSetup.PATIENCE);
      try (SemnalProcess feed = setup.feed(RATE, files)) {
        for (int i = 0; i < instants.length; i++) {
          awaitInbound(setup.journal(), instants[i], server);
          assertTrue(feed.isAlive(), feed::output);
          end(server, i == instants.length / 2);
          if (i % LOAD_KILLS_PER_START_KILL == 0) {
            killAtStart(setup);
          }
          server = setup.start();
        }
        assertEquals(0, feed.await(ServerSetup.PATIENCE), feed::output);
      }
      assertEquals(0, listener.await(ServerSetup.PATIENCE), listener::output);
      List<Message> resumed = resuming.await(expected.size(), ServerSetup.PATIENCE);
      assertEquals(0, server.stop(), server::output);

      List<Message> published = JournalView.outbound(setup.journal(), JournalView::isSignalOrBar);
      assertEquals(List.of(), resuming.complaints());
      assertEquals(JournalView.hex(published), JournalView.hex(resumed), "by token");
      assertTrue(listener.lines().stream().noneMatch(l -> l.startsWith("GAP")), listener::output);
      assertEquals(
          published.stream().map(Message::outSeq).toList(),
          listener.outSeqs(),
          "the listener that comes back by itself");
      assertEquals(
          JournalView.behindSequences(expected),
          JournalView.behindSequences(published),
          "kills change nothing");
      long ticks = JournalProof.standsOnce(setup.journal(), files);
      String verified = JournalProof.verifies(setup.journal(), 1);
      String state = "state identical at snapshot(s) " + head(setup.journal());
      assertTrue(verified.contains(state), verified);
      long signals =
          published.stream().filter(m -> m.template() == SignalDecoder.TEMPLATE_ID).count();
      assertTrue(signals >= SIGNALS, signals + " signals");
      assertEquals(KILLS, killed);
      keep(
          "seed %d: %d kills under load, %d while starting, 1 orderly end; %d ticks journaled once; %d messages (outSeq %d to %d) received once by token and %d once by a listener that comes back, %d of them signals; their bytes behind the sequences sha256 %s, as without a kill"
              .formatted(
                  SEED,
                  killed,
                  killedAtStart,
                  ticks,
                  resumed.size(),
                  resumed.getFirst().outSeq(),
                  resumed.getLast().outSeq(),
                  listener.outSeqs().size(),
                  signals,
                  sha256(JournalView.behindSequences(published))));
    } finally {
      server.close();
    }
  }

  /** On record after the build, which throws the tests' own words away. */
  private static void keep(String counts) throws IOException {
    Path folder = Files.createDirectories(Path.of("target/counts"));
    Files.writeString(folder.resolve("crash.txt"), "crashes: " + counts + "\n");
  }

  private static String sha256(List<String> messages) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    messages.forEach(message -> digest.update(HexFormat.of().parseHex(message)));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A listener comes back after a loss, but its first connection must succeed. */
  private static SemnalProcess connected(SemnalProcess listener) throws InterruptedException {
    listener.awaitLine(ServerSetup.PATIENCE, line -> line.startsWith("connected"));
    return listener;
  }

  /** How far inbound has come when each life ends; the feed has some way to go at the last. */
  private long[] instants(List<Path> files) throws IOException {
    long ticks = 0;
    for (Path file : files) {
      ticks += RealTicks.rows(file).size();
    }
    long last = ticks * 95 / 100;
    return LongStream.generate(() -> random.nextLong(1, last)).limit(KILLS + 1).sorted().toArray();
  }

  private void end(SemnalProcess server, boolean inOrder) throws InterruptedException {
    if (inOrder) {
      assertEquals(0, server.stop(), server::output);
      return;
    }
    Thread.sleep(random.nextInt(MOST_JITTER_MILLIS));
    assertTrue(server.isAlive(), server::output);
    server.kill();
    assertFalse(server.isAlive());
    killed++;
  }

  /** As far as a start has come by then. */
  private void killAtStart(ServerSetup setup) throws IOException, InterruptedException {
    try (SemnalProcess early = setup.launch()) {
      Thread.sleep(random.nextInt(MOST_STARTING_MILLIS));
      assertTrue(early.isAlive(), early::output);
      early.kill();
      killedAtStart++;
    }
  }

  private static long head(Path journal) {
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.inboundReader()) {
      return reader.head().sequence();
    }
  }

  private static void awaitInbound(Path journal, long sequence, SemnalProcess server)
      throws InterruptedException {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.inboundReader()) {
      while (!reader.seekToSequence(sequence)) {
        assertTrue(server.isAlive(), server::output);
        assertTrue(System.nanoTime() < deadline, server::output);
        Thread.sleep(POLL_MILLIS);
      }
    }
  }
}
