package io.semnal.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Indicators against the files that LEAN tests its own with: outputs of charting software and
 * spreadsheets on SPY and QQQ. CCI is in {@link OracleTest}.
 */
class LeanOracleTest {
  /**
   * @param from the first row to compare, later where the file's average begins with the first bar
   *     and ours with the second
   * @param tolerance half a unit of the last digit that the file prints, and where its bars are
   *     printed with fewer digits than the values were made from, what was seen of that: LEAN's own
   *     tests allow 1e-3
   */
  @ParameterizedTest(name = "{1} = {0}!{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "spy_with_adx.txt | adx(14) | ADX 14 | 0 | 5.01e-5",
        "spy_with_adx.txt | adx(14).plusDi | +DI14 | 0 | 5.01e-5",
        "spy_with_adx.txt | adx(14).minusDi | -DI14 | 0 | 5.01e-5",
        "spy_with_adx.txt | adx(14).dx | DX | 0 | 5.01e-3",
        "spy_with_adx.txt | trueRange | TR | 0 | 5.01e-3",
        "spy_with_adx.txt | adx(14).plusDm | +DM 1 | 0 | 5.01e-3",
        "spy_with_adx.txt | adx(14).minusDm | -DM 1 | 0 | 5.01e-3",
        "spy_atr_wilder.txt | atr(14) | Average True Range 14 | 150 | 1.5e-5",
        "spy_bollinger_bands.txt | bollinger(20,2) | Moving Average 20 | 0 | 5.01e-5",
        "spy_bollinger_bands.txt | bollinger(20,2).upper | Bollinger Bands® 20 2 Top | 0 | 7e-5",
        "spy_bollinger_bands.txt | bollinger(20,2).lower | Bollinger Bands® 20 2 Bottom | 0 | 7e-5",
        "spy_bollinger_bands.txt | 100 * bollinger(20,2).width | BandWidth | 0 | 1.2e-4",
        "spy_bollinger_bands.txt | bollinger(20,2).percentB | %B | 0 | 7e-5",
        // Simple averages around the typical price; keltner(...) has exponential ones, of the
        // close.
        "spy_with_keltner.csv | hlc3 | TypicalPrice | 0 | 5.01e-5",
        "spy_with_keltner.csv | sma(hlc3,20) | Middle Band | 0 | 7e-5",
        "spy_with_keltner.csv | sma(hlc3,20) + 1.5 * sma(trueRange,20) | Keltner Channels 20 Top"
            + " | 20 | 7e-5",
        "spy_with_keltner.csv | sma(hlc3,20) - 1.5 * sma(trueRange,20) | Keltner Channels 20 Bottom"
            + " | 20 | 7e-5",
        "spy_with_macd.txt | macd(12,26,9) | MACD | 0 | 5.01e-6",
        "spy_with_macd.txt | macd(12,26,9).signal | Signal | 0 | 7e-6",
        "spy_with_macd.txt | macd(12,26,9).histogram | Histogram | 0 | 5.01e-6",
        "spy_with_stoch12k3.txt | stochastic(12,5,3).k | Stochastics 12 %K 3 | 0 | 4e-4",
        "spy_with_stoch12k3.txt | stochastic(12,5,3).d | %D 5 | 0 | 4e-4",
      })
  void matchesLean(String file, String column, String header, int from, double tolerance) {
    List<String> lines = TestData.lines(TestData.path("oracle/lean/" + file));
    int index = Arrays.asList(lines.getFirst().split(",", -1)).indexOf(header);
    assertThat(index).as("%s in %s", header, lines.getFirst()).isNotNegative();
    List<String> bars =
        lines.stream()
            .map(line -> String.join(",", Arrays.copyOf(line.split(","), 5)) + ",0")
            .toList();
    List<double[]> actual = Pipelines.overDailyBars(bars, column);
    int compared = 0;
    for (int i = from; i < actual.size(); i++) {
      String cell = lines.get(i + 1).split(",", -1)[index];
      if (!cell.isEmpty()) {
        assertThat(actual.get(i)[0])
            .as("row %d", i)
            .isCloseTo(Double.parseDouble(cell), within(tolerance));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(170);
  }
}
