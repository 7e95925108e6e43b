package io.semnal.features.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.features.Pipelines;
import io.semnal.features.indicator.Indicator;
import io.semnal.features.indicator.IndicatorCatalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitInferenceTest {
  private static final long UNIT = 100_000_000L;

  /** A power of two scales prices without rounding. */
  private static final int SCALE = 8;

  private final UnitInference units = new UnitInference(IndicatorCatalogue.standard());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "close | 1",
        "sma(20) | 1",
        "close - lag(close) | 1",
        "close - 1.38 | 1",
        "2 * close | 1",
        "-close | 1",
        "close * close | 2",
        "sqrt(close) | 0.5",
        "std(close, 20) * std(close, 20) | 2",
        "1 / close | -1",
        "close@15m | 1",
        "close / lag(close) - 1 | 0",
        "close / open | 0",
        "macd.histogram | 1",
        "macd.histogram / atr(14) | 0",
        "(close - ema(20)) / atr(14) | 0",
        "close > sma(20) | 0",
        "rsi(14) | 0",
        "std(return(1), 20) | 0",
        "sma(rsi(14), 5) | 0",
        "sma(volume, 20) | 0",
        "close / close#EURUSD | 1",
        "close#EURUSD | 0",
        "sma(close#EURUSD, 20) | 0",
        "close#EURUSD - sma(close#EURUSD, 20) | 0",
        "force(13) | 1",
        "spread.mean | 1",
        "spread.relative | 0",
        "clamp(close, 1, 2) | 1",
        "valueWhen(close > open, rsi(14)) | 0",
        "exp(log(close)) | 1",
      })
  void powerOfTheOwnPriceFollowsFromTheExpression(String column, double power) {
    PriceUnit unit = units.of(column);
    assertThat(unit.own()).isEqualTo(power);
    assertThat(unit.log()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "log(close) | 1",
        "2 * log(close) - log(close) | 1",
        "sma(log(close), 20) | 1",
        "log(close) - log(close#EURUSD) | 1",
        "log(close) - sma(log(close), 20) | 0",
        "diff(log(close)) | 0",
        "log(close / open) | 0",
        "log(close#EURUSD) | 0",
        "logReturn(1) | 0",
      })
  void logarithmsOfPricesAreSeen(String column, double logs) {
    assertThat(units.of(column).log()).isEqualTo(logs);
    assertThat(units.of(column).own()).isZero();
  }

  /** The market once more with all prices eight times as high: values scale as the units say. */
  @Test
  void everyOutputScalesAsItsUnitSays() {
    List<String> columns = new ArrayList<>();
    for (Indicator indicator : IndicatorCatalogue.standard().all()) {
      if (indicator.parameters().stream().allMatch(p -> p.hasDefault())) {
        indicator.outputNames().forEach(o -> columns.add(indicator.name() + "." + o));
      }
    }
    List<double[]> small = run(columns, 1);
    List<double[]> large = run(columns, SCALE);
    int compared = 0;
    for (int c = 0; c < columns.size(); c++) {
      PriceUnit unit = units.of(columns.get(c));
      double factor = Math.pow(SCALE, unit.own());
      for (int i = 0; i < small.size(); i++) {
        double expected = small.get(i)[c] * factor;
        double actual = large.get(i)[c];
        if (Double.isNaN(expected)) {
          assertThat(actual).as(columns.get(c)).isNaN();
          continue;
        }
        assertThat(Math.abs(actual - expected))
            .as("%s at %d: %s against %s", columns.get(c), i, actual, expected)
            .isLessThanOrEqualTo(1e-9 * Math.max(Math.abs(expected), 1e-3 * factor));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(50_000);
  }

  @Test
  void warnsOncePerColumnWhereInstrumentsArePooled() {
    List<String> columns = List.of("rsi(14)", "sma(20)", "log(close)", "close / sma(20)");
    assertThat(PooledPrices.warnings(columns, List.of("EURUSD", "USDJPY")))
        .containsExactly(
            "column 'sma(20)' is in price units, not comparable between EURUSD, USDJPY:"
                + " divide it by close or atr(14), or let one model see one instrument",
            "column 'log(close)' is the logarithm of a price, not comparable between"
                + " EURUSD, USDJPY: divide it by close or atr(14), or let one model see one"
                + " instrument");
    assertThat(PooledPrices.warnings(columns, Set.of("EURUSD"))).isEmpty();
  }

  @Test
  void aSetThatNoStrategyBindsIsNotPooled() {
    EngineConfig config = Pipelines.config("utc", Timeframe.M1);
    EngineConfig unused =
        new EngineConfig(
            config.instruments(),
            config.timeframes(),
            config.alignment(),
            config.holidays(),
            config.quality(),
            List.of(new FeatureSetConfig("own", Timeframe.M1, Price.MID, List.of("sma(20)"))),
            List.of());
    assertThat(PooledPrices.warnings(unused)).isEmpty();
  }

  private static List<double[]> run(List<String> columns, int scale) {
    FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.H1);
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.H1, columns.toArray(String[]::new)), 0);
    Random random = new Random(8);
    long hour = 3_600 * Pipelines.SECOND;
    long price = 100 * UNIT;
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      long open = price;
      price += Math.round(random.nextGaussian() * UNIT);
      long[] ohlc = {
        open,
        Math.max(open, price) + random.nextLong(UNIT),
        Math.min(open, price) - random.nextLong(UNIT),
        price
      };
      for (int j = 0; j < 4; j++) {
        ohlc[j] *= scale;
      }
      Bar bar = Pipelines.bar(i * hour, (i + 1) * hour, ohlc);
      bar.volume = 1 + random.nextInt(100);
      bar.askClose += 100L * scale;
      pipeline.onHistoricalBar(0, 0, bar);
      row.closed();
      double[] values = new double[columns.size()];
      for (int c = 0; c < values.length; c++) {
        values[c] = row.value(c);
      }
      rows.add(values);
    }
    return rows;
  }
}
