package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semnal.core.access.KeyFile;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.journal.JournalException;
import io.semnal.journal.JournalReader;
import io.semnal.journal.Progress;
import io.semnal.journal.Side;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineState;
import io.semnal.protocol.sbe.EngineStatusDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server whose journal lies on a small file system of its own, which something else fills up: a
 * tmpfs in a process with a mount namespace, where the machine permits that.
 */
class DiskFullTest {
  private static final int DISK = 640;
  private static final int WARN = 280;
  private static final int PAUSE = 200;
  private static final int STOP = 120;

  @TempDir private Path folder;

  @Test
  void warnsPausesStopsInOrderAndGoesOnWithNothingLost() throws Exception {
    String output = runOnSmallDisk(folder, DISK, Scenario.class);
    assertTrue(output.contains("every accepted quote is there once"), output);
    int warned = output.indexOf("below " + PAUSE + " MiB new signals are paused");
    assertTrue(warned >= 0 && warned < output.indexOf("new signals are paused until"), output);
  }

  /**
   * Runs a scenario in a process of its own, which has a small file system at {@code disk} in the
   * folder that is its argument.
   *
   * @return what it printed
   */
  static String runOnSmallDisk(Path folder, int mib, Class<?> scenario) throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    String mount = "mount -t tmpfs -o size=" + mib + "m tmpfs " + disk;
    assumeTrue(
        new ProcessBuilder("unshare", "-rm", "sh", "-c", mount).start().waitFor() == 0,
        "no file system of its own may be mounted here");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path root = Path.of(System.getProperty("semnal.root"));
    String run =
        String.join(
            " ",
            java,
            "@" + root.resolve("scripts/jvm.flags"),
            "-Xmx256m",
            "-Dsemnal.root=" + root,
            "-Dsemnal.testdata=" + System.getProperty("semnal.testdata", "absent"),
            "-cp",
            System.getProperty("java.class.path"),
            "'" + scenario.getName() + "'",
            folder.toString());
    Process process =
        new ProcessBuilder("unshare", "-rm", "sh", "-c", mount + " && exec " + run)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  /** What happens on that disk; in its own process, as it could die of it. */
  static final class Scenario {
    private final Path folder;
    private final Path filler;
    private final Path journal;
    private final ServerSetup setup;
    private final Quotes quotes = new Quotes();
    private final Metrics metrics = new Metrics();

    private Scenario(Path folder) throws IOException {
      this.folder = folder;
      filler = folder.resolve("disk/other-program.log");
      journal = folder.resolve("disk/journal");
      setup = new ServerSetup(folder);
    }

    public static void main(String[] args) throws Exception {
      new Scenario(Path.of(args[0])).play();
      System.exit(0);
    }

    private SemnalConfig config() {
      return setup.load(
          journal,
          Map.of(
              "journal.space.warn", WARN + "MiB",
              "journal.space.pause", PAUSE + "MiB",
              "journal.space.stop", STOP + "MiB"));
    }

    private void play() throws Exception {
      SemnalConfig config = config();
      KeyFile keys = KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed");
      try (EngineHost host = EngineHost.open(config, metrics, Progress.NONE)) {
        quotes.into(host);
        try (SignalServer server = new SignalServer(config, host, metrics, keys, keys, quotes)) {
          server.start();
          await("quotes", () -> quotes.accepted > 5_000);
          fillTo(WARN - 10);
          await("a look at the disk", () -> freeAtLastLook() < (long) WARN << 20);
          fillTo(PAUSE - 10);
          await("the pause", () -> paused());
          require(server.fault() == null, "it stopped too early: " + server.fault());
          long before = quotes.accepted;
          await("quotes behind the pause", () -> quotes.accepted > before + 2_000);
          fillTo(STOP - 10);
          server.awaitStop();
          require(
              server.fault() != null && server.fault().contains("stopped in order"),
              "fault: " + server.fault());
        }
      }
      requireAll("after the stop");
      require(Files.exists(journal.resolve("clean")), "no mark of an orderly end");
      refusesToStart(config);
      Files.delete(filler);
      long stood = quotes.accepted;
      try (EngineHost host = EngineHost.open(config, new Metrics(), Progress.NONE)) {
        require(host.start().isContinued(), "a new run began");
        require(host.sources().lastSeq(1) == stood, "the feed would resume elsewhere");
        quotes.into(host);
        while (quotes.accepted < stood + 1_000) {
          quotes.doWork();
          host.pump();
        }
      }
      requireAll("after the restart");
      CommandRun.done("replay", "--verify", "--journal", journal.toString());
      System.out.println("every accepted quote is there once");
    }

    private void refusesToStart(SemnalConfig config) {
      try (EngineHost host = EngineHost.open(config, new Metrics(), Progress.NONE)) {
        throw new AssertionError("it started on a full disk: " + host.start().run());
      } catch (JournalException e) {
        require(e.getMessage().contains("make room"), e.getMessage());
      }
    }

    /** Grows another program's file until only so much is left. */
    private void fillTo(int mibLeft) throws IOException {
      byte[] piece = new byte[1 << 20];
      try (OutputStream out =
          Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        while (folder.resolve("disk").toFile().getUsableSpace() >> 20 > mibLeft) {
          out.write(piece);
        }
      }
    }

    private long freeAtLastLook() {
      return metrics.gauges().stream()
          .filter(g -> g.name().equals("journal_disk_free_bytes"))
          .findFirst()
          .orElseThrow()
          .value()
          .getAsLong();
    }

    private boolean paused() {
      boolean[] found = {false};
      try (JournalReader reader = JournalReader.open(journal, Side.OUTBOUND)) {
        EngineStatusDecoder status = new EngineStatusDecoder();
        while (reader.next(
            (buffer, offset, length) -> {
              if (MessageLayout.templateId(buffer, offset) == EngineStatusDecoder.TEMPLATE_ID) {
                status.wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder());
                found[0] |=
                    status.state() == EngineState.PAUSED && status.reason().contains("free");
              }
            })) {}
      }
      return found[0];
    }

    private void requireAll(String when) {
      try (JournalReader reader = JournalReader.open(journal, Side.INBOUND)) {
        long[] next = {1};
        reader.stream()
            .filter(m -> m.type().equals("Quote"))
            .forEach(
                m -> {
                  require(m.fields().get("sourceSeq").equals(next[0]), when + ": " + m.line());
                  next[0]++;
                });
        require(next[0] - 1 == quotes.accepted, when + ": " + next[0] + ", " + quotes.accepted);
      }
    }

    private static void await(String what, BooleanSupplier done) throws InterruptedException {
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!done.getAsBoolean()) {
        require(System.nanoTime() < deadline, "no sign of " + what);
        Thread.sleep(20);
      }
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new AssertionError(otherwise);
      }
    }
  }

  /** Quotes without end, a second of market time apart, on the ingress's own thread. */
  private static final class Quotes implements Agent {
    private static final int BURST = 256;
    private static final long START = 1_767_571_200_000_000_000L;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final QuoteEncoder quote = new QuoteEncoder();
    private EngineHost host;
    private int instrument;
    private long due;
    volatile long accepted;

    void into(EngineHost to) {
      due = System.nanoTime();
      host = to;
      instrument = to.instruments().firstKey();
      to.defineSource("quotes");
    }

    /**
     * Some ten thousand a second by plan, whatever the loop sleeps between two calls: enough to
     * lose one, few enough to count them.
     */
    @Override
    public int doWork() {
      long now = System.nanoTime();
      int offered = 0;
      while (due - now <= 0 && offered < BURST && offer(accepted + 1)) {
        due += 100_000;
        accepted++;
        offered++;
      }
      return offered;
    }

    private boolean offer(long sequence) {
      quote
          .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
          .journalSeq(0)
          .time(0)
          .eventTime(START + sequence * 1_000_000_000L)
          .receiveTime(MessageLayout.ABSENT)
          .sourceSeq(sequence)
          .bid(110_000_000L + sequence * 37 % 101 * 1_000)
          .ask(110_010_000L + sequence * 37 % 101 * 1_000)
          .bidSize(MessageLayout.ABSENT)
          .askSize(MessageLayout.ABSENT)
          .sourceId(1)
          .instrumentId(instrument)
          .flags()
          .clear();
      return host.ingress().offer(buffer, 0, MessageLayout.HEADER + QuoteEncoder.BLOCK_LENGTH);
    }

    @Override
    public String roleName() {
      return "quotes";
    }
  }
}
