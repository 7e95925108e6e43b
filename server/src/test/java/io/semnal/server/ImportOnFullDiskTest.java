package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import whose journal fills a small file system, beside one that has room enough. */
class ImportOnFullDiskTest {
  private static final int DISK = 160;
  private static final int STOP = 60;
  private static final int OTHERS = 92;
  private static final int QUOTES = 100_000;

  @TempDir private Path folder;

  @Test
  void stopsInOrderAndGoesOnWhenThereIsRoomAsIfItHadNeverStopped() throws Exception {
    String output = DiskFullTest.runOnSmallDisk(folder, DISK, Scenario.class);
    assertTrue(output.contains("the same bytes as an import that had room"), output);
  }

  /** What happens on that disk; in its own process, as it could die of it. */
  static final class Scenario {
    private final Path folder;
    private final Path other;
    private final List<Path> files;

    private Scenario(Path folder) throws IOException {
      this.folder = folder;
      other = folder.resolve("disk/other-program.log");
      files = List.of(folder.resolve("first.csv"), folder.resolve("second.csv"));
      List<String> walk = walk();
      Files.write(files.get(0), walk.subList(0, QUOTES / 4));
      Files.write(files.get(1), walk.subList(QUOTES / 4, QUOTES));
    }

    public static void main(String[] args) throws Exception {
      new Scenario(Path.of(args[0])).play();
      System.exit(0);
    }

    private void play() throws IOException {
      Path journal = folder.resolve("disk/journal");
      Files.write(other, new byte[OTHERS << 20]);
      CommandRun stopped = imported(journal);
      require(stopped.exit() == 1, stopped.toString());
      require(stopped.err().contains("the import stopped in order behind tick "), stopped.err());
      require(stopped.err().contains("less than journal.space.stop = 60 MiB"), stopped.err());
      require(stopped.err().contains("the same command then goes on"), stopped.err());
      require(Files.exists(journal.resolve("clean")), "no mark of an orderly end");
      verified(journal);
      int before = JournalView.outbound(journal, t -> true).size();
      require(before > 500, before + " messages came out before the stop");

      CommandRun refused = imported(journal);
      require(refused.exit() == 1 && refused.err().contains("make room"), refused.toString());

      Files.delete(other);
      CommandRun end = imported(journal);
      require(end.exit() == 0 && end.out().contains("went on behind "), end.toString());
      verified(journal);
      CommandRun again = imported(journal);
      require(again.exit() == 1 && again.err().contains("in the order of time"), again.toString());

      Path twin = folder.resolve("twin");
      require(imported(twin).exit() == 0, "the import that has room");
      List<Message> all = JournalView.outbound(twin, t -> true);
      require(
          JournalView.hex(all).equals(JournalView.hex(JournalView.outbound(journal, t -> true))),
          "another outbound journal");
      require(inbound(journal).equals(inbound(twin)), "another inbound journal");
      require(all.size() > before, "nothing came behind the stop");
      System.out.println("the same bytes as an import that had room");
    }

    /** Without the header, which has the wall clock in it. */
    private static List<String> inbound(Path journal) {
      List<Message> messages = JournalView.inbound(journal, t -> true);
      return JournalView.hex(messages.subList(1, messages.size()));
    }

    private static void verified(Path journal) {
      CommandRun.done("replay", "--verify", "--journal", journal.toString());
    }

    private CommandRun imported(Path journal) {
      List<String> args =
          new ArrayList<>(
              List.of(
                  "import",
                  "-Dmodels.directory=" + TestModels.directory(),
                  "-Djournal.space.warn=" + (STOP + 2) + "MiB",
                  "-Djournal.space.pause=" + (STOP + 1) + "MiB",
                  "-Djournal.space.stop=" + STOP + "MiB",
                  "--format",
                  "csv",
                  "--mapping",
                  "time=0,bid=1,ask=2,header=no",
                  "--instrument",
                  "EURUSD",
                  "--journal",
                  journal.toString()));
      files.forEach(file -> args.add(file.toString()));
      return CommandRun.of(args.toArray(String[]::new));
    }

    /** Every hundredth is a spike, or comes too late: what a quote is flagged as looks back. */
    private static List<String> walk() {
      Random random = new Random(5);
      List<String> lines = new ArrayList<>();
      Instant start = Instant.parse("2026-03-03T00:00:00Z");
      long mid = 1_100_000;
      for (int i = 0; i < QUOTES; i++) {
        mid += random.nextInt(21) - 10;
        int odd = random.nextInt(200);
        long shown = odd == 0 ? mid + 40_000 : mid;
        lines.add(
            String.format(
                Locale.ROOT,
                "%s,%.6f,%.6f",
                start.plusSeconds(odd == 1 ? i - 30L : i),
                (shown - 40) / 1e6,
                (shown + 40) / 1e6));
      }
      return lines;
    }

    private static void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new AssertionError(otherwise);
      }
    }
  }
}
