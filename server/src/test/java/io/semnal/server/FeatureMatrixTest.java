package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code semnal features} over the dirty ticks of two instruments, as files and as the journal that
 * an import of them wrote.
 */
class FeatureMatrixTest {
  private static final Instant WEDNESDAY = Instant.parse("2026-03-04T00:00:00Z");
  private static final int TICKS = 20_000;
  private static final String[] TICK_FILES = {
    "--format=csv", "--mapping=time=time,symbol=symbol,bid=bid,ask=ask"
  };
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** open_time, close_time, available_at, instrument. */
  private static final int FIRST_FEATURE = 4;

  @TempDir private static Path folder;
  private static Path config;
  private static Path ticks;
  private static Path journal;

  @BeforeAll
  static void importTicks() throws IOException {
    config = folder.resolve("semnal.conf");
    Files.writeString(
        config,
        """
        universe = [EURUSD, GBPUSD]
        quality { crossed = drop, duplicate = flag }
        """);
    ticks = folder.resolve("ticks.csv");
    Files.write(ticks, walk());
    journal = folder.resolve("journal");
    run(
        "import",
        "-Dmodels.directory=" + TestModels.directory(),
        "--journal=" + journal,
        TICK_FILES[0],
        TICK_FILES[1],
        ticks.toString());
  }

  private static List<String> walk() {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>(List.of("time,symbol,bid,ask"));
    long[] bids = {116_000, 131_000};
    long millis = WEDNESDAY.toEpochMilli();
    for (int i = 0; i < TICKS; i++) {
      millis += random.nextInt(200) == 0 ? random.nextInt(400_000) : random.nextInt(20_000);
      int of = random.nextInt(2);
      bids[of] += random.nextInt(21) - 10;
      long ask = bids[of] + (random.nextInt(50) == 0 ? -3 : 2 + random.nextInt(12));
      String line =
          "%s,%s,1.%05d,1.%05d"
              .formatted(
                  Instant.ofEpochMilli(millis),
                  of == 0 ? "EURUSD" : "GBPUSD",
                  bids[of] - 100_000,
                  ask - 100_000);
      lines.add(line);
      if (random.nextInt(100) == 0) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static CommandRun run(String... args) {
    List<String> all = new ArrayList<>(Arrays.asList(args));
    all.add(1, "--config=" + config);
    return CommandRun.done(all.toArray(String[]::new));
  }

  private static List<String> matrix(String name, String... args) throws IOException {
    Path out = folder.resolve(name);
    List<String> all = new ArrayList<>(List.of("features", "--out=" + out));
    all.addAll(Arrays.asList(args));
    run(all.toArray(String[]::new));
    return Files.readAllLines(out);
  }

  private static String[] fromTicks(Path file, String... more) {
    List<String> all = new ArrayList<>(List.of("--ticks=" + file, TICK_FILES[0], TICK_FILES[1]));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  /** What the engine published with each score is the hash of the very floats it scored. */
  @Test
  void float32RowsAreBitForBitWhatTheEngineScored() throws IOException {
    List<String> rows =
        matrix("scored.csv", "--journal=" + journal, "--features=fx-core", "--float32");
    Map<String, Long> hashes = new HashMap<>();
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split(",");
      hashes.put(cells[3] + " " + cells[2], hash(cells));
    }
    Map<Integer, String> symbols = new HashMap<>();
    DefineInstrumentDecoder definition = new DefineInstrumentDecoder();
    for (JournalView.Message m :
        JournalView.inbound(journal, t -> t == DefineInstrumentDecoder.TEMPLATE_ID)) {
      definition.wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
      symbols.put(definition.instrumentId(), definition.symbol());
    }
    int compared = 0;
    ScoreDecoder score = new ScoreDecoder();
    for (JournalView.Message m :
        JournalView.outbound(journal, t -> t == ScoreDecoder.TEMPLATE_ID)) {
      score.wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
      if (score.featureHash() != 0) {
        String key = symbols.get(score.instrumentId()) + " " + Times.iso(score.time());
        assertEquals(score.featureHash(), hashes.get(key), key);
        compared++;
      }
    }
    assertTrue(compared > 1_000, compared + " scores are too few to mean anything");
  }

  private static long hash(String[] cells) {
    long hash = FNV_BASIS;
    for (int i = FIRST_FEATURE; i < cells.length - 2; i++) {
      int bits = Float.floatToIntBits(cells[i].isEmpty() ? Float.NaN : Float.parseFloat(cells[i]));
      hash = (hash ^ (bits & 0xFFFFFFFFL)) * FNV_PRIME;
    }
    return hash;
  }

  @Test
  void ticksGiveTheRowsOfTheJournalThatTheyMake() throws IOException {
    String columns = "--columns=rsi(14), close - close#EURUSD, spread.mean, ema(5)@15m, volume";
    for (String timeframe : List.of("1m", "5m")) {
      List<String> journaled =
          matrix("j.csv", "--journal=" + journal, columns, "--timeframe=" + timeframe, "--all");
      List<String> direct =
          matrix("t.csv", fromTicks(ticks, columns, "--timeframe=" + timeframe, "--all"));
      assertTrue(journaled.size() > 500, journaled.size() + " rows");
      assertEquals(journaled, direct);
    }
  }

  /** The bars that the engine published, read as files of bars. */
  @Test
  void barsGiveTheRowsOfTheTicksThatMadeThem() throws IOException {
    Path bars = folder.resolve("bars.csv");
    run("export", "--journal=" + journal, "--what=bars", "--out=" + bars);
    String columns =
        "--columns=rsi(14), close - close#EURUSD, ema(5)@15m, volume, atr(14)@5m, std(close,20)";
    List<String> fromBars = matrix("b.csv", "--bars=" + bars, columns);
    List<String> fromTicks = matrix("t.csv", fromTicks(ticks, columns));
    assertTrue(fromBars.size() > 2_000, fromBars.size() + " rows");
    assertEquals(withoutQuality(fromTicks), withoutQuality(fromBars));
  }

  private static List<String> withoutQuality(List<String> rows) {
    return rows.stream().map(row -> row.substring(0, row.lastIndexOf(','))).toList();
  }

  @Test
  void rowsAreSortedAndTheSameEveryTime() throws IOException {
    List<String> rows = matrix("one.csv", fromTicks(ticks, "--features=fx-core"));
    String before = "";
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split(",");
      String key = cells[2] + " " + cells[3];
      assertTrue(before.compareTo(key) < 0, before + " before " + key);
      assertEquals(cells[1], cells[2]);
      before = key;
    }
    assertEquals(rows, matrix("two.csv", fromTicks(ticks, "--features=fx-core")));
    Path parquet = folder.resolve("one.parquet");
    matrixBytes(parquet);
    byte[] first = Files.readAllBytes(parquet);
    matrixBytes(parquet);
    assertTrue(Arrays.equals(first, Files.readAllBytes(parquet)), "Parquet differs");
  }

  @Test
  void warnsOfPriceColumnsThatAreNotComparableBetweenInstruments() {
    List<String> all =
        new ArrayList<>(
            List.of(
                "features", "--out=" + folder.resolve("pooled.csv"), "--columns=sma(5),rsi(5)"));
    all.addAll(Arrays.asList(fromTicks(ticks)));
    String out = run(all.toArray(String[]::new)).out();
    assertTrue(out.contains("WARNING: column 'sma(5)' is in price units"), out);
    assertFalse(out.contains("column 'rsi(5)'"), out);
    all.add("--instruments=EURUSD");
    out = run(all.toArray(String[]::new)).out();
    assertFalse(out.contains("WARNING"), out);
  }

  private static void matrixBytes(Path out) {
    List<String> all = new ArrayList<>(List.of("features", "--out=" + out));
    all.addAll(Arrays.asList(fromTicks(ticks, "--features=fx-core")));
    run(all.toArray(String[]::new));
  }

  @Test
  void whatComesLaterChangesNoEarlierRow() throws IOException {
    String[] columns = {"--columns=rsi(14), close#GBPUSD, kama(10,2,30)@5m, zscore(close,20)"};
    List<String> whole = matrix("whole.csv", fromTicks(ticks, columns));
    List<String> lines = Files.readAllLines(ticks);
    Random random = new Random(11);
    for (int i = 0; i < 2; i++) {
      List<String> kept = lines.subList(0, lines.size() / 2 + random.nextInt(lines.size() / 2));
      Path cut = Files.write(folder.resolve("cut.csv"), kept);
      String last = kept.getLast().split(",")[0];
      List<String> rows = matrix("cut-matrix.csv", fromTicks(cut, columns));
      long known = rows.stream().skip(1).filter(row -> !isAfter(row.split(",")[2], last)).count();
      assertTrue(known > 500, known + " rows");
      assertEquals(whole.subList(0, (int) known + 1), rows.subList(0, (int) known + 1));
    }
  }

  private static boolean isAfter(String one, String other) {
    return Instant.parse(one).isAfter(Instant.parse(other));
  }

  @Test
  void aRangeOfTimeAndInstrumentsIsACutOfTheWhole() throws IOException {
    String set = "--features=fx-core";
    List<String> whole = matrix("whole.csv", fromTicks(ticks, set, "--timeframe=5m"));
    List<String> cut =
        matrix(
            "range.csv",
            fromTicks(
                ticks,
                set,
                "--timeframe=5m",
                "--instruments=GBPUSD",
                "--from=2026-03-05T00:02",
                "--to=2026-03-05T06:02"));
    List<String> expected =
        whole.stream()
            .filter(
                row ->
                    row.contains(",GBPUSD,")
                        && row.compareTo("2026-03-05T00:05") >= 0
                        && row.compareTo("2026-03-05T06:02") < 0)
            .toList();
    assertTrue(expected.size() > 60, expected.size() + " rows");
    assertEquals(expected, cut.subList(1, cut.size()));
  }

  @Test
  void warmOnlyLeavesOutWhatScoringWouldNotUse() throws IOException {
    List<String> rows = matrix("defined.csv", fromTicks(ticks, "--features=fx-core"));
    List<String> warm = matrix("warm.csv", fromTicks(ticks, "--features=fx-core", "--warm-only"));
    assertEquals(
        rows.stream().skip(1).filter(row -> row.contains(",true,")).toList(),
        warm.subList(1, warm.size()));
    assertTrue(warm.size() < rows.size());
  }

  @Test
  void badRequestsGetASentenceAndNoFile() throws IOException {
    String out = "--out=" + folder.resolve("never.parquet");
    String[] source = fromTicks(ticks);
    fails("the configuration has no feature set 'x'; it has ", out, source, "--features=x");
    fails("'XAUUSD' is not in the input", out, source, "--columns=close", "--instruments=XAUUSD");
    fails("a column looks at #XAUUSD, which is not in", out, source, "--columns=close#XAUUSD");
    fails("column 'close' is there twice", out, source, "--columns=close, close");
    fails("unknown name 'clse'; did you mean 'close'?", out, source, "--columns=clse");
    fails(
        "bars of 1m cannot be made from bars of 40s",
        out,
        source,
        "--columns=close@1m",
        "--timeframe=40s");
    fails(
        "the range of time is empty",
        out,
        source,
        "--columns=close",
        "--from=2026-03-05",
        "--to=2026-03-04");
    fails("none of ", out, source, "--columns=close", "--from=2027-01-01");
    String[] unordered = {
      "--bars="
          + Files.writeString(
              folder.resolve("unordered.csv"),
              "time,open,high,low,close\n2026-01-02,1,1,1,1\n2026-01-01,1,1,1,1\n")
    };
    fails(
        "unordered.csv:3: 2026-01-01T00:00:00Z lies before",
        out,
        unordered,
        "--columns=close",
        "--bar-length=1d");
    String[] noVolume = {
      "--bars="
          + Files.writeString(
              folder.resolve("plain.csv"),
              "time,open,high,low,close\n2026-01-01,1,1,1,1\n2026-01-02,1,1,1,1\n")
    };
    fails("of 2 bars of 1d none has a value in volume", out, noVolume, "--columns=close, volume");
    fails(
        "there is no journal at",
        out,
        new String[] {"--journal=" + folder.resolve("no")},
        "--columns=close");
    try (var files = Files.list(folder)) {
      assertFalse(files.anyMatch(f -> f.getFileName().toString().startsWith("never")));
    }
  }

  private static void fails(String sentence, String out, String[] source, String... more) {
    List<String> all = new ArrayList<>(List.of("features", "--config=" + config, out));
    all.addAll(Arrays.asList(source));
    all.addAll(Arrays.asList(more));
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertTrue(run.exit() != 0, sentence + ": " + run);
    assertTrue(run.err().contains(sentence), run.err());
  }
}
