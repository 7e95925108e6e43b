package io.semnal.features.indicator;

import static io.semnal.features.Pipelines.DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.features.Pipelines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class IndicatorsTest {
  private static final long UNIT = 100_000_000L;

  private static final Set<String> OF_QUOTES_AND_CLOCKS =
      Set.of(
          "spread",
          "session",
          "quality",
          "upTicks",
          "downTicks",
          "tickImbalance",
          "intrabarVariance",
          "intrabarVolatility",
          "bidSize",
          "askSize",
          "sizeImbalance",
          "microPrice",
          "quoteAge");

  @Property(tries = 60)
  void streamingEqualsRecomputationFromScratch(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 150) int length) {
    compare(randomWalk(seed, length));
  }

  @Property(tries = 40)
  void flatPricesGiveTheMiddleAndNoInfinity(
      @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long price) {
    long[][] flat = new long[60][];
    Arrays.fill(flat, new long[] {price, price, price, price, 5});
    List<String> columns =
        List.of(
            "std(20)",
            "rsi(14)",
            "bollinger(20,2).percentB",
            "cci(20)",
            "zscore(close,20)",
            "stochastic(14,3,3).raw",
            "williamsR(14)",
            "meanDeviation(20)",
            "adx(14)",
            "efficiency(10)",
            "tsi(5,3,4)",
            "ultimate(7,14,28)",
            "fisher(10)",
            "stc(3,4,5)",
            "rvi(10)",
            "bop(14)",
            "regression(20).r2",
            "vortex(14)",
            "kurtosis(20)",
            "cmf(20)",
            "mfi(14)",
            "entropy(20)");
    double[] last = stream(flat, columns).getLast();
    assertThat(Arrays.copyOf(last, 9)).containsExactly(0, 50, 0.5, 0, 0, 50, -50, 0, 0);
    assertThat(Arrays.copyOfRange(last, 9, last.length))
        .usingComparatorWithPrecision(0.0)
        .containsExactly(0, 0, 50, 0, 50, 0, 0, 0, 0, 0, 0, 50, 0);
  }

  @Test
  void calmAfterAStormIsExact() {
    // Prices that have swung by a factor of a million, then move in the last digit only.
    Random random = new Random(5);
    long[][] bars = new long[400][];
    for (int i = 0; i < bars.length; i++) {
      long p = i < 200 ? 1_000_000 + random.nextLong(1_000_000 * UNIT) : UNIT + random.nextInt(3);
      bars[i] = new long[] {p, p, p, p, 1};
    }
    List<String> columns = List.of("std(20)", "sma(20)", "wma(20)", "zscore(close,20)");
    List<double[]> rows = stream(bars, columns);
    for (int i = 219; i < bars.length; i++) {
      double mean = 0;
      double weighted = 0;
      for (int j = 0; j < 20; j++) {
        mean += bars[i - j][3] - UNIT;
        weighted += (20 - j) * (double) (bars[i - j][3] - UNIT);
      }
      mean /= 20;
      double squares = 0;
      for (int j = 0; j < 20; j++) {
        squares += Math.pow(bars[i - j][3] - UNIT - mean, 2);
      }
      double std = Math.sqrt(squares / 20);
      assertClose(rows.get(i)[0] * UNIT, std, 1e-6, "std at " + i);
      assertClose((rows.get(i)[1] - 1) * UNIT, mean, 1e-6, "sma at " + i);
      assertClose((rows.get(i)[2] - 1) * UNIT, weighted / 210, 1e-6, "wma at " + i);
    }
  }

  @Test
  void sumsDoNotDriftOverAMillionBars() {
    Random random = new Random(3);
    FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.M1);
    FeatureRow row =
        pipeline.bind(Pipelines.set(Timeframe.M1, "sma(100)", "std(100)", "wma(100)"), 0);
    double[] last = new double[100];
    long price = UNIT;
    int bars = 1_000_000;
    for (int i = 0; i < bars; i++) {
      price = Math.max(1000, price + random.nextInt(20_001) - 10_000);
      last[i % 100] = price / 1e8;
      pipeline.onHistoricalBar(
          0,
          0,
          Pipelines.bar(
              i * Pipelines.MINUTE,
              (i + 1) * Pipelines.MINUTE,
              new long[] {price, price, price, price}));
    }
    row.closed();
    double mean = Arrays.stream(last).sum() / 100;
    double variance = Arrays.stream(last).map(v -> (v - mean) * (v - mean)).sum() / 100;
    double weighted = 0;
    for (int j = 0; j < 100; j++) {
      weighted += (100 - j) * last[Math.floorMod(bars - 1 - j, 100)];
    }
    assertClose(row.value(0), mean, 1e-13, "sma");
    assertClose(row.value(1), Math.sqrt(variance), 1e-10, "std");
    assertClose(row.value(2), weighted / 5050, 1e-13, "wma");
  }

  @Test
  void everyOutputOfTheCatalogueIsRecomputedHere() {
    Set<String> covered = new TreeSet<>();
    for (String column : Naive.columns().keySet()) {
      covered.add(column.replaceAll("\\(.*\\)", ""));
    }
    // The rest of the bar's prices are in nearly every column; what needs quotes and clocks is
    // checked with them, in FeaturePipelineTest and MicrostructureTest.
    covered.addAll(Set.of("high", "low", "close", "volume"));
    for (Indicator indicator : IndicatorCatalogue.standard().all()) {
      if (OF_QUOTES_AND_CLOCKS.contains(indicator.name())) {
        continue;
      }
      List<String> outputs = indicator.outputNames();
      assertThat(covered)
          .containsAnyOf(indicator.name(), indicator.name() + "." + outputs.getFirst());
      for (String output : outputs.stream().skip(1).toList()) {
        assertThat(covered).contains(indicator.name() + "." + output);
      }
    }
  }

  @Test
  void missingValueLeavesWindowsWithItsBarAndAveragesAtOnce() {
    long[][] bars = randomWalk(1, 60);
    bars[30][4] = -1;
    List<String> columns =
        List.of(
            "sma(volume,5)",
            "std(volume,5)",
            "max(volume,5)",
            "wma(volume,5)",
            "lag(volume,5)",
            "meanDeviation(volume,5)",
            "sum(volume,1)",
            "ema(volume,5)");
    List<double[]> rows = stream(bars, columns);
    for (int i = 6; i < bars.length; i++) {
      double[] row = rows.get(i);
      for (int c = 0; c < columns.size(); c++) {
        boolean missing =
            switch (c) {
              case 4 -> i == 35;
              case 6, 7 -> i == 30;
              default -> i >= 30 && i < 35;
            };
        assertThat(Double.isNaN(row[c])).as("%s at %d", columns.get(c), i).isEqualTo(missing);
      }
    }
    bars[30][4] = 7;
    List<double[]> whole = stream(bars, columns);
    assertThat(Arrays.copyOf(rows.get(59), 7)).isEqualTo(Arrays.copyOf(whole.get(59), 7));
  }

  @Test
  void infinityIsMissing() {
    List<double[]> rows =
        stream(
            randomWalk(1, 40), List.of("close / (open - open)", "ema(close / (open - open), 3)"));
    assertThat(rows).allSatisfy(r -> assertThat(r).containsOnly(Double.NaN));
  }

  @Test
  void rowIsDefinedThenWarm() {
    FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.D1);
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.D1, "rsi(14)", "sma(20)"), 0);
    int defined = -1;
    int warm = -1;
    long[][] bars = randomWalk(2, 400);
    for (int i = 0; i < bars.length; i++) {
      pipeline.onHistoricalBar(0, 0, bar(i, bars[i]));
      row.closed();
      defined = defined < 0 && row.isDefined() ? i + 1 : defined;
      warm = warm < 0 && row.isWarm() ? i + 1 : warm;
    }
    assertThat(defined).isEqualTo(20);
    // change: 2 bars; seed: 13 more; (13/14)^m <= 1e-6: 187 more
    assertThat(warm).isEqualTo(2 + 13 + 187);
    assertThat(pipeline.warmUpBars(Pipelines.set(Timeframe.D1, "rsi(14)", "sma(20)")))
        .isEqualTo(Map.of(Timeframe.D1, warm));
  }

  private static void compare(long[][] bars) {
    Map<String, Naive.Column> columns = Naive.columns();
    List<String> names = List.copyOf(columns.keySet());
    List<double[]> actual = stream(bars, names);
    Naive.Market market =
        new Naive.Market(
            field(bars, 0), field(bars, 1), field(bars, 2), field(bars, 3), volume(bars));
    for (int c = 0; c < names.size(); c++) {
      double[] expected = columns.get(names.get(c)).of(market);
      for (int i = 0; i < bars.length; i++) {
        assertClose(actual.get(i)[c], expected[i], 1e-8, names.get(c) + " at " + i);
      }
    }
  }

  /** Relative, with a floor where values are differences of prices around 100. */
  private static void assertClose(double actual, double expected, double tolerance, String what) {
    if (Double.isNaN(expected)) {
      assertThat(actual).as(what).isNaN();
      return;
    }
    assertThat(Math.abs(actual - expected))
        .as("%s: %s against %s", what, actual, expected)
        .isLessThanOrEqualTo(tolerance * Math.max(Math.abs(expected), 1e-2));
  }

  private static List<double[]> stream(long[][] bars, List<String> columns) {
    FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.D1);
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.D1, columns.toArray(String[]::new)), 0);
    List<double[]> result = new ArrayList<>();
    for (int i = 0; i < bars.length; i++) {
      pipeline.onHistoricalBar(0, 0, bar(i, bars[i]));
      row.closed();
      double[] values = new double[columns.size()];
      for (int c = 0; c < values.length; c++) {
        values[c] = row.value(c);
      }
      result.add(values);
    }
    return result;
  }

  private static Bar bar(int day, long[] b) {
    Bar bar = Pipelines.bar(day * DAY, (day + 1) * DAY, b);
    bar.volume = b[4] < 0 ? Double.NaN : b[4];
    return bar;
  }

  private static double[] field(long[][] bars, int index) {
    return Arrays.stream(bars).mapToDouble(b -> b[index] / 1e8).toArray();
  }

  private static double[] volume(long[][] bars) {
    return Arrays.stream(bars).mapToDouble(b -> b[4]).toArray();
  }

  /** Open, high, low, close as mantissas around 100, volume; some bars and stretches are flat. */
  private static long[][] randomWalk(long seed, int length) {
    Random random = new Random(seed);
    long[][] bars = new long[length][];
    long price = 100 * UNIT;
    int flat = 0;
    for (int i = 0; i < length; i++) {
      flat = flat > 0 ? flat - 1 : random.nextInt(30) == 0 ? random.nextInt(12) : 0;
      long step = flat > 0 ? 0 : UNIT / 2;
      long open = price;
      price = Math.max(UNIT, price + Math.round(random.nextGaussian() * step));
      long high = Math.max(open, price) + Math.round(random.nextDouble() * step);
      long low = Math.min(open, price) - Math.round(random.nextDouble() * step);
      bars[i] = new long[] {open, high, low, price, random.nextInt(1000)};
    }
    return bars;
  }
}
