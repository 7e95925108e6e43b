package io.semnal.features;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.config.QualityConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Builds what the tests need. */
public final class Pipelines {
  public static final Instrument EURUSD = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);
  public static final Instrument GBPUSD = new Instrument("GBPUSD", "GBP", "USD", 10_000, 5);
  public static final long SECOND = 1_000_000_000L;
  public static final long MINUTE = 60 * SECOND;
  public static final long DAY = 1440 * MINUTE;

  private Pipelines() {}

  public static EngineConfig config(String alignment, Timeframe... timeframes) {
    return new EngineConfig(
        List.of(EURUSD, GBPUSD),
        List.of(timeframes),
        alignment,
        List.of(),
        QualityConfig.acceptAll(),
        List.of(),
        List.of());
  }

  public static FeaturePipeline pipeline(Timeframe... timeframes) {
    return new FeaturePipeline(config("utc", timeframes));
  }

  public static FeatureSetConfig set(Timeframe timeframe, String... columns) {
    return new FeatureSetConfig("test", timeframe, Price.MID, List.of(columns));
  }

  public static long mantissa(String decimal) {
    return new BigDecimal(decimal).movePointRight(8).longValueExact();
  }

  /** A bar of a file, bid = ask. */
  public static Bar bar(
      long open, long close, String o, String h, String l, String c, double volume) {
    Bar bar = new Bar();
    bar.openTime = open;
    bar.closeTime = close;
    bar.bidOpen = mantissa(o);
    bar.askOpen = bar.bidOpen;
    bar.bidHigh = mantissa(h);
    bar.askHigh = bar.bidHigh;
    bar.bidLow = mantissa(l);
    bar.askLow = bar.bidLow;
    bar.bidClose = mantissa(c);
    bar.askClose = bar.bidClose;
    bar.volume = volume;
    return bar;
  }

  /** A bar with open, high, low, close in mantissas, bid = ask. */
  public static Bar bar(long open, long close, long[] ohlc) {
    Bar bar = new Bar();
    bar.openTime = open;
    bar.closeTime = close;
    bar.bidOpen = ohlc[0];
    bar.askOpen = ohlc[0];
    bar.bidHigh = ohlc[1];
    bar.askHigh = ohlc[1];
    bar.bidLow = ohlc[2];
    bar.askLow = ohlc[2];
    bar.bidClose = ohlc[3];
    bar.askClose = ohlc[3];
    return bar;
  }

  /** A quote whose event time is its time; closes what is due before it. */
  public static int quote(
      FeaturePipeline pipeline, int instrument, long time, long bid, long ask, BarHandler handler) {
    while (pipeline.nextBoundary() <= time) {
      pipeline.closeBoundary(pipeline.nextBoundary(), handler);
    }
    return pipeline.onQuote(instrument, time, time, bid, ask, 0, 0, 0);
  }

  public static Bar copy(Bar bar) {
    Bar copy = new Bar();
    copy.set(bar);
    return copy;
  }

  /** Feeds the oracle's daily bars, one row of values per bar. */
  public static List<double[]> overDailyBars(List<String> csv, String... columns) {
    FeaturePipeline pipeline = pipeline(Timeframe.D1);
    FeatureRow row = pipeline.bind(set(Timeframe.D1, columns), 0);
    List<double[]> result = new ArrayList<>();
    for (int i = 1; i < csv.size(); i++) {
      String[] f = csv.get(i).split(",");
      pipeline.onHistoricalBar(
          0, 0, bar(i * DAY, (i + 1) * DAY, f[1], f[2], f[3], f[4], Double.parseDouble(f[5])));
      row.closed();
      double[] values = new double[columns.length];
      for (int c = 0; c < values.length; c++) {
        values[c] = row.value(c);
      }
      result.add(values);
    }
    return result;
  }
}
