package io.semnal.features;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.market.Timeframe;
import io.semnal.features.graph.Plans;
import io.semnal.features.indicator.CanonicalText;
import java.util.Arrays;
import java.util.List;

/**
 * What columns say where a market says nothing: computed by running them over bars that do not
 * move, or have no volume. For the documentation; cold.
 */
final class EdgeValues {
  private static final long UNIT = 100_000_000L;
  private static final long MINUTE = 60_000_000_000L;

  private static final int BARS = 400;

  /** 17:00 in New York comes after 200 bars, so that a level of the day before is there. */
  private static final long START = (22 * 60 - 200) * MINUTE;

  /** The last bars, over which a value must not change to be called one. */
  private static final int LAST = 60;

  private static final double VOLUME = 10;

  private final EngineConfig config;
  private final List<String> columns;
  private double[][] usual;

  /**
   * @param config of one instrument and one-minute bars
   */
  EdgeValues(EngineConfig config, List<String> columns) {
    this.config = config;
    this.columns = columns;
  }

  /** Of equal prices and equal volume: a number, {@code missing}, or {@code changes}. */
  String[] flat() {
    return described(run(false, VOLUME));
  }

  /** Of bars with a volume of zero that move; empty where that makes no difference. */
  String[] zeroVolume() {
    return difference(0);
  }

  /** Of bars without a volume that move; empty where that makes no difference. */
  String[] missingVolume() {
    return difference(Double.NaN);
  }

  private String[] difference(double volume) {
    if (usual == null) {
      usual = run(true, VOLUME);
    }
    double[][] other = run(true, volume);
    String[] text = described(other);
    for (int c = 0; c < text.length; c++) {
      if (Arrays.equals(usual[c], other[c])) {
        text[c] = "";
      }
    }
    return text;
  }

  private static String[] described(double[][] values) {
    String[] text = new String[values.length];
    for (int c = 0; c < text.length; c++) {
      double[] last = values[c];
      double first = last[0];
      boolean same = Arrays.stream(last).allMatch(v -> Double.compare(v, first) == 0);
      text[c] =
          !same ? "changes" : Double.isNaN(first) ? "missing" : CanonicalText.number(first + 0.0);
    }
    return text;
  }

  /** Values of the last bars, by column. */
  private double[][] run(boolean moving, double volume) {
    // Classes for so few bars cost more than the bars.
    FeaturePipeline pipeline = new FeaturePipeline(config, Plans.interpreted());
    FeatureRow row =
        pipeline.bind(new FeatureSetConfig("edge", Timeframe.M1, Price.MID, columns), 0);
    double[][] values = new double[columns.size()][LAST];
    Bar bar = new Bar();
    for (int i = 0; i < BARS; i++) {
      shape(bar, moving ? i : 0);
      bar.openTime = START + i * MINUTE;
      bar.closeTime = bar.openTime + MINUTE;
      bar.volume = volume;
      bar.ticks = 0;
      pipeline.onHistoricalBar(0, 0, bar);
      if (i >= BARS - LAST) {
        row.closed();
        for (int c = 0; c < values.length; c++) {
          values[c][i - BARS + LAST] = row.value(c);
        }
      }
    }
    return values;
  }

  /** A price of one; or a walk that never repeats within the run, without a random number. */
  private static void shape(Bar bar, int step) {
    long close = UNIT + walk(step);
    long open = UNIT + walk(Math.max(0, step - 1));
    long wick = step == 0 ? 0 : 1_000 + step % 7 * 300;
    bar.bidOpen = open;
    bar.bidHigh = Math.max(open, close) + wick;
    bar.bidLow = Math.min(open, close) - wick;
    bar.bidClose = close;
    bar.askOpen = bar.bidOpen;
    bar.askHigh = bar.bidHigh;
    bar.askLow = bar.bidLow;
    bar.askClose = bar.bidClose;
    bar.spreadMin = 0;
    bar.spreadMax = 0;
    bar.spreadSum = 0;
  }

  private static long walk(int step) {
    return step == 0 ? 0 : Math.floorMod(step * 7_919L, 10_007L) * 10 + step;
  }
}
