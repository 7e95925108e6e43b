package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Recorded ticks through {@code import} and {@code export} give, bar for bar, the minute files that
 * were published beside them.
 */
class ImportMatchesMinuteFilesTest {
  private static final long MINUTE = 60_000;
  private static final int PRICES = 4;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "oanda, EURUSD, +00:00",
    "fxcm,  EURUSD, -05:00",
    "oanda, NZDUSD, +00:00",
    "fxcm,  NZDUSD, -05:00"
  })
  void makesTheSameMinuteBars(String broker, String symbol, ZoneOffset zone) throws IOException {
    String lower = symbol.toLowerCase(Locale.ROOT);
    List<Path> ticks = RealTicks.zips("lean/" + broker + "/tick/" + lower);
    SortedMap<Instant, String> expected =
        expected(ticks, RealTicks.zips("lean/" + broker + "/minute/" + lower), zone);

    Path journal = folder.resolve("journal");
    CommandRun imported = CommandRun.done(importing(journal, symbol, zone, ticks));
    long count = 0;
    for (Path file : ticks) {
      count += RealTicks.rows(file).size();
    }
    assertTrue(imported.out().startsWith(count + " ticks in "), imported::toString);
    Path csv = folder.resolve("bars.csv");
    CommandRun.done(
        "export",
        "--journal",
        journal.toString(),
        "--what",
        "bars",
        "--format",
        "csv",
        "--out",
        csv.toString());

    SortedMap<Instant, String> exported = minuteBars(csv, symbol);
    assertTrue(expected.size() > 100, "too few bars to mean anything: " + expected.size());
    assertEquals(lines(expected), lines(exported));
  }

  private static String[] importing(
      Path journal, String symbol, ZoneOffset zone, List<Path> files) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "import",
                "--format",
                "lean-tick",
                "--zone",
                zone.equals(ZoneOffset.UTC) ? "+00:00" : zone.getId(),
                "--instrument",
                symbol,
                "--journal",
                journal.toString(),
                "-Dmodels.directory=" + TestModels.directory()));
    files.forEach(file -> args.add(file.toString()));
    return args.toArray(String[]::new);
  }

  /** The minute files of the days that have ticks: bid and ask, each open, high, low, close. */
  private static SortedMap<Instant, String> expected(
      List<Path> ticks, List<Path> minutes, ZoneOffset zone) throws IOException {
    List<Path> days = ticks.stream().map(Path::getFileName).toList();
    SortedMap<Instant, String> bars = new TreeMap<>();
    for (Path file : minutes) {
      if (!days.contains(file.getFileName())) {
        continue;
      }
      long midnight = RealTicks.midnightMillis(file, zone);
      for (String[] row : RealTicks.rows(file)) {
        Instant open = Instant.ofEpochMilli(midnight + Long.parseLong(row[0]));
        assertNull(bars.put(open, prices(row, 1) + " " + prices(row, 2 + PRICES)));
      }
    }
    return bars;
  }

  private static SortedMap<Instant, String> minuteBars(Path csv, String symbol) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    assertEquals(
        "open_time,close_time,available_at,instrument,timeframe,bid_open,bid_high,bid_low,bid_close,"
            + "ask_open,ask_high,ask_low,ask_close,spread_min,spread_max,spread_mean,ticks,quality,"
            + "out_seq,cause_seq",
        lines.getFirst());
    SortedMap<Instant, String> bars = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] row = line.split(",", -1);
      assertEquals(symbol, row[3]);
      if (row[4].equals("1m")) {
        Instant open = Instant.parse(row[0]);
        assertEquals(open.plusMillis(MINUTE), Instant.parse(row[1]), line);
        assertNull(bars.put(open, prices(row, 5) + " " + prices(row, 5 + PRICES)), line);
      }
    }
    return bars;
  }

  private static String prices(String[] row, int from) {
    List<String> prices = new ArrayList<>();
    for (int i = from; i < from + PRICES; i++) {
      prices.add(RealTicks.plain(row[i]));
    }
    return String.join(",", prices);
  }

  private static String lines(SortedMap<Instant, String> bars) {
    StringBuilder text = new StringBuilder();
    bars.forEach((open, prices) -> text.append(open).append(' ').append(prices).append('\n'));
    return text.toString();
  }
}
