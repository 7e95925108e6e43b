package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.journal.CorruptJournalException;
import io.semnal.journal.JournalDirectory;
import io.semnal.research.export.ExportKind;
import io.semnal.research.export.ExportRequest;
import io.semnal.research.export.JournalExport;
import io.semnal.research.export.TableFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code semnal export --from} of a journal of three runs: what lies before is left out and nothing
 * else, read or not.
 */
class ExportFromTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final int TICKS = 2_000;
  private static final double[] SHARES = {0, 0.2, 0.5, 0.95};

  @TempDir private static Path folder;
  private static Path journal;

  @BeforeAll
  static void importThreeRuns() throws IOException {
    journal = folder.resolve("journal");
    Random random = new Random(4);
    long millis = START.toEpochMilli();
    for (int run = 0; run < 3; run++) {
      List<String> lines = new ArrayList<>(List.of("time,symbol,bid,ask"));
      int bid = 16_000;
      for (int i = 0; i < TICKS; i++) {
        millis += random.nextInt(120_000);
        bid += random.nextInt(41) - 20;
        lines.add(
            "%s,%s,1.%05d,1.%05d"
                .formatted(
                    Instant.ofEpochMilli(millis),
                    // The second instrument is defined by the second run.
                    run > 0 && random.nextBoolean() ? "GBPUSD" : "EURUSD",
                    bid,
                    bid + 3));
      }
      Path ticks = folder.resolve("ticks" + run + ".csv");
      Files.write(ticks, lines);
      CommandRun.done(
          "import",
          "-Duniverse=" + (run == 0 ? "[EURUSD]" : "[EURUSD, GBPUSD]"),
          "-Dpolicy.buyThreshold=0.34",
          "-Dpolicy.sellThreshold=0.34",
          "-Dpolicy.margin=0",
          "-Dpolicy.cooldownBars=" + run,
          "-Dmodels.directory=" + TestModels.directory(),
          "--journal=" + journal,
          "--format=csv",
          "--mapping=time=time,symbol=symbol,bid=bid,ask=ask",
          ticks.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(value = ExportKind.class, mode = EnumSource.Mode.EXCLUDE, names = "SHADOW")
  void whatLiesBeforeIsLeftOutAndNothingElse(ExportKind what) throws IOException {
    List<String> all = csv(what, Long.MIN_VALUE);
    int column = List.of(all.getFirst().split(",")).indexOf("available_at");
    assertTrue(all.size() > 100, all.size() + " rows");
    for (double share : SHARES) {
      Instant from = time(all.get(1 + (int) (share * (all.size() - 1))), column);
      List<String> expected = new ArrayList<>(List.of(all.getFirst()));
      all.stream()
          .skip(1)
          .filter(line -> !time(line, column).isBefore(from))
          .forEach(expected::add);
      assertEquals(expected, csv(what, Times.nanos(from)), what + " from " + from);
    }
  }

  private static Instant time(String line, int column) {
    return Instant.parse(line.split(",")[column]);
  }

  /** The file's own words on the runs that it comes from are the same, too. */
  @ParameterizedTest
  @EnumSource(ExportKind.class)
  void aJournalWithoutSnapshotsGivesTheSameFile(ExportKind what) throws IOException {
    List<String> quotes = csv(ExportKind.QUOTES, Long.MIN_VALUE);
    Path sought = folder.resolve("sought.parquet");
    Path passed = folder.resolve("passed.parquet");
    Path snapshots = journal.resolve("snapshots");
    Path hidden = folder.resolve("hidden");
    for (double share : SHARES) {
      long from = Times.nanos(time(quotes.get(1 + (int) (share * 3 * TICKS)), 0));
      export(what, TableFormat.PARQUET, sought, from);
      Files.move(snapshots, hidden);
      try {
        export(what, TableFormat.PARQUET, passed, from);
        assertEquals(-1, Files.mismatch(sought, passed), what + " from share " + share);
      } finally {
        Files.move(hidden, snapshots);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ExportKind.class,
      names = {"QUOTES", "BARS", "SIGNALS"})
  void whatLiesBeforeIsNotRead(ExportKind what) throws IOException {
    List<String> quotes = csv(ExportKind.QUOTES, Long.MIN_VALUE);
    Path file = folder.resolve("passed.csv");
    long late = Times.nanos(time(quotes.get((int) (0.95 * 3 * TICKS)), 0));
    long all = export(what, TableFormat.CSV, file, Long.MIN_VALUE).messages();
    long some = export(what, TableFormat.CSV, file, late).messages();
    assertTrue(some * 5 < all, some + " of " + all + " messages");
  }

  /** The file is made the long way, and is the same. */
  @Test
  void damagedSnapshotsGiveTheSameFile() throws Exception {
    Path damaged = copy("snapshots");
    try (Stream<Path> files = Files.list(damaged.resolve("snapshots"))) {
      for (Path file : files.toList()) {
        flip(file, Files.size(file) / 2);
      }
    }
    long from = Times.nanos(time(csv(ExportKind.QUOTES, Long.MIN_VALUE).get(3 * TICKS / 2), 0));
    Path sought = folder.resolve("sought.csv");
    Path passed = folder.resolve("passed.csv");
    long some = export(ExportKind.BARS, TableFormat.CSV, sought, from).messages();
    long all = export(damaged, ExportKind.BARS, TableFormat.CSV, passed, from).messages();
    assertEquals(-1, Files.mismatch(sought, passed));
    assertTrue(all > some, all + " messages instead of " + some);
  }

  /** A message in the range that is not what was written: no file, and the place. */
  @Test
  void aDamagedMessageRefusesTheFile() throws Exception {
    Path damaged = copy("outbound");
    List<String> quotes = csv(ExportKind.QUOTES, Long.MIN_VALUE);
    long from = Times.nanos(time(quotes.get(TICKS / 2), 0));
    Path file = folder.resolve("refused.csv");
    try (Stream<Path> queue = Files.list(damaged.resolve("outbound"))) {
      Path messages = queue.filter(f -> f.toString().endsWith(".cq4")).findFirst().orElseThrow();
      flip(messages, used(messages) * 9 / 10);
    }
    CorruptJournalException refusal =
        assertThrows(
            CorruptJournalException.class,
            () -> export(damaged, ExportKind.BARS, TableFormat.CSV, file, from));
    assertTrue(refusal.getMessage().contains("outbound"), refusal::getMessage);
    assertTrue(refusal.getMessage().contains("semnal journal salvage"), refusal::getMessage);
    assertFalse(Files.exists(file));
    // What lies on the other side is not harmed.
    export(damaged, ExportKind.QUOTES, TableFormat.CSV, file, from);
    Path whole = folder.resolve("rows.csv");
    export(ExportKind.QUOTES, TableFormat.CSV, whole, from);
    assertEquals(-1, Files.mismatch(whole, file));
  }

  private static Path copy(String name) throws Exception {
    Path to = folder.resolve("damaged-" + name);
    Process cp =
        new ProcessBuilder("cp", "-r", "--sparse=always", journal.toString(), to.toString())
            .start();
    assertEquals(0, cp.waitFor());
    return to;
  }

  private static long used(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 4);
    }
  }

  private static List<String> csv(ExportKind what, long from) throws IOException {
    Path file = folder.resolve("rows.csv");
    export(what, TableFormat.CSV, file, from);
    return Files.readAllLines(file);
  }

  private static JournalExport.Result export(
      ExportKind what, TableFormat format, Path file, long from) throws IOException {
    return export(journal, what, format, file, from);
  }

  private static JournalExport.Result export(
      Path journal, ExportKind what, TableFormat format, Path file, long from) throws IOException {
    ExportRequest request = new ExportRequest(what, from, Long.MAX_VALUE, Set.of(), false);
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal)) {
      return JournalExport.write(
          directory, request, format, file, BuildId.current(), messages -> {});
    }
  }
}
