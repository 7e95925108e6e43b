package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.journal.DecodedMessage;
import io.semnal.journal.JournalReader;
import io.semnal.journal.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pruned journal beside a copy that was not pruned: both must go on alike, byte for byte. */
class PrunedJournalTest {
  private static final int QUOTES = 12_600;
  private static final int SECONDS = 20;

  @TempDir private Path folder;

  /** A run of its own: the cooldown makes each configuration another one. */
  private void importRun(Path journal, int run) throws IOException {
    Path config = folder.resolve("run" + run + ".conf");
    Files.writeString(
        config,
        """
        universe = [EURUSD]
        policy {
          buyThreshold = 0.1, sellThreshold = 0.1, margin = 0.0, maxSpreadPips = 50.0
          cooldownBars = %d, horizonBars = 200, allowLabelMismatch = true
          stopAtr = 8.0, targetAtr = 8.0
        }
        """
            .formatted(run));
    Path quotes = folder.resolve("run" + run + ".csv");
    Files.write(quotes, walk(run));
    CommandRun.done(
        "import",
        "--config",
        config.toString(),
        "-Dmodels.directory=" + TestModels.directory(),
        "-Djournal.rollCycle=TEST_SECONDLY",
        "--format",
        "csv",
        "--mapping",
        "time=0,bid=1,ask=2,header=no",
        "--instrument",
        "EURUSD",
        "--journal",
        journal.toString(),
        quotes.toString());
  }

  private static List<String> walk(int run) {
    Random random = new Random(run);
    List<String> lines = new ArrayList<>();
    // Weeks apart: what goes is no warm-up of what stays.
    Instant start = Instant.parse("2026-03-03T00:00:00Z").plusSeconds(run * 14L * 86_400);
    long mid = 1_100_000;
    for (int i = 0; i < QUOTES; i++) {
      mid += random.nextInt(101) - 50;
      lines.add(
          String.format(
              Locale.ROOT,
              "%s,%.6f,%.6f",
              start.plusSeconds((long) i * SECONDS),
              (mid - 40) / 1e6,
              (mid + 40) / 1e6));
    }
    return lines;
  }

  private static String verify(Path journal) {
    return CommandRun.done("replay", "--verify", "--journal", journal.toString()).out();
  }

  private static List<String> outboundFrom(Path journal, long outSeq) {
    try (JournalReader reader = JournalReader.open(journal, Side.OUTBOUND)) {
      reader.seekToSequence(outSeq);
      return reader.stream().map(DecodedMessage::line).toList();
    }
  }

  private static long oldest(Path journal) {
    try (JournalReader reader = JournalReader.open(journal, Side.OUTBOUND)) {
      return reader.stream().filter(m -> m.type().equals("Bar")).findFirst().orElseThrow().time();
    }
  }

  @Test
  void goesOnAsIfNothingHadBeenPruned() throws Exception {
    Path origin = folder.resolve("origin");
    for (int run = 1; run <= 4; run++) {
      importRun(origin, run);
      Thread.sleep(1_100);
    }
    // Both are copies: a copy goes on in another epoch than its original would.
    Path whole = copy(origin, folder.resolve("whole"));
    Path journal = copy(origin, folder.resolve("pruned"));
    String[] prune = {
      "journal", "prune", "--older-than", "10d", "--journal", journal.toString(), "--dry-run"
    };
    assertTrue(CommandRun.done(prune).out().contains("would remove"));
    assertEquals(oldest(whole), oldest(journal));
    String pruned = CommandRun.done(List.of(prune).subList(0, 6).toArray(String[]::new)).out();
    assertTrue(pruned.contains("removed "), pruned);
    assertNotEquals(oldest(whole), oldest(journal));
    assertEquals(4, verify(whole).lines().filter(l -> l.startsWith("run ")).count());
    String kept = verify(journal);
    assertEquals(1, kept.lines().filter(l -> l.startsWith("run ")).count(), kept);

    exportsWhatIsLeft(journal, whole);

    importRun(journal, 5);
    importRun(whole, 5);

    List<String> expected = outboundFrom(whole, firstOfRun(whole, 5));
    assertFalse(expected.isEmpty());
    assertTrue(expected.stream().anyMatch(l -> l.contains(" Signal ")), "no signals");
    assertEquals(expected, outboundFrom(journal, firstOfRun(journal, 5)));
    verify(journal);
  }

  /**
   * Before the floor some bars are left, the last of each topic: they are exported as they were;
   * from the floor on all are, and without a snapshot it is the same file.
   */
  private void exportsWhatIsLeft(Path journal, Path whole) throws Exception {
    List<String> all = bars(whole, "all.csv");
    List<String> left = bars(journal, "left.csv");
    assertTrue(left.size() > 100 && left.size() < all.size(), left.size() + " of " + all.size());
    assertTrue(all.containsAll(left));
    int fewBefore = 20;
    assertEquals(
        all.subList(all.size() - left.size() + fewBefore, all.size()),
        left.subList(fewBefore, left.size()));
    Path bare = copy(journal, folder.resolve("bare"));
    try (Stream<Path> snapshots = Files.list(bare.resolve("snapshots"))) {
      for (Path file : snapshots.toList()) {
        Files.delete(file);
      }
    }
    assertEquals(left, bars(bare, "bare.csv"));
  }

  private List<String> bars(Path journal, String name) throws IOException {
    Path file = folder.resolve(name);
    // Before anything that was journaled: the way that passes through everything.
    CommandRun.done(
        "export",
        "--what",
        "bars",
        "--format",
        "csv",
        "--from",
        "2026-03-01T00:00:00Z",
        "--journal",
        journal.toString(),
        "--out",
        file.toString());
    return Files.readAllLines(file);
  }

  private static Path copy(Path from, Path to) throws Exception {
    Process cp =
        new ProcessBuilder("cp", "-r", "--sparse=always", from.toString(), to.toString()).start();
    assertEquals(0, cp.waitFor());
    return to;
  }

  private static long firstOfRun(Path journal, long run) {
    try (JournalReader reader = JournalReader.open(journal, Side.INBOUND)) {
      return reader.stream()
              .filter(m -> m.type().equals("RunHeader") && m.fields().get("runId").equals(run))
              .mapToLong(m -> (long) m.fields().get("outSeqBefore"))
              .findFirst()
              .orElseThrow()
          + 1;
    }
  }
}
