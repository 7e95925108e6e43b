package io.semnal.features;

import static io.semnal.features.Pipelines.MINUTE;

import io.semnal.core.market.Timeframe;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Series that markets and files bring, and that formulas do not think of. */
final class EdgeSeries {
  private static final long UNIT = 100_000_000L;

  /** A Thursday, so that the days of a run part inside the week. */
  private static final long START = 1_398_902_400L * Pipelines.SECOND;

  enum Shape {
    CONSTANT,
    ZERO_RANGE_BARS,
    ZERO_PRICES,
    CRASH_TO_ZERO,
    ZERO_VOLUME,
    MISSING_VOLUME,
    SOME_VOLUME,
    HUGE_PRICES,
    TINY_PRICES,
    HUGE_THEN_TINY,
    SPIKES,
    GAPS,
    RISING,
    FALLING,
    HUGE_VOLUME
  }

  private EdgeSeries() {}

  /** Ordinary bars around 100, with calm stretches. */
  static List<Bar> walk(long seed, int length) {
    Random random = new Random(seed);
    List<Bar> bars = new ArrayList<>();
    long price = 100 * UNIT;
    int calm = 0;
    for (int i = 0; i < length; i++) {
      calm = calm > 0 ? calm - 1 : random.nextInt(40) == 0 ? random.nextInt(30) : 0;
      long step = calm > 0 ? 0 : UNIT / 2;
      long open =
          random.nextInt(10) == 0 ? price + Math.round(random.nextGaussian() * step) : price;
      price = Math.max(UNIT, open + Math.round(random.nextGaussian() * step));
      long high = Math.max(open, price) + Math.round(random.nextDouble() * step);
      long low = Math.min(open, price) - Math.round(random.nextDouble() * step);
      bars.add(bar(open, high, low, price, random.nextInt(1_000)));
    }
    return timed(bars);
  }

  static List<Bar> of(Shape shape, int length) {
    Random random = new Random(shape.ordinal());
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      long p = 100 * UNIT + random.nextInt(200) * UNIT / 100;
      long noise = random.nextLong(UNIT);
      bars.add(
          switch (shape) {
            case CONSTANT -> bar(UNIT, UNIT, UNIT, UNIT, 7);
            case ZERO_RANGE_BARS -> bar(p, p, p, p, 7);
            case ZERO_PRICES -> bar(0, 0, 0, 0, 0);
            case CRASH_TO_ZERO -> i < length / 2 ? bar(p, p, p, p, 7) : bar(0, 0, 0, 0, 7);
            case ZERO_VOLUME -> bar(p, p + noise, p - noise, p + noise / 2, 0);
            case MISSING_VOLUME -> bar(p, p + noise, p - noise, p + noise / 2, Double.NaN);
            case SOME_VOLUME ->
                bar(p, p + noise, p - noise, p + noise / 2, i % 3 == 0 ? Double.NaN : i % 3);
            case HUGE_PRICES -> around(1_000_000_000L * UNIT, random, UNIT * 1_000_000);
            case TINY_PRICES -> around(3, random, 3);
            case HUGE_THEN_TINY ->
                i / 50 % 2 == 0
                    ? around(1_000_000_000L * UNIT, random, UNIT)
                    : around(100, random, 9);
            case SPIKES ->
                random.nextInt(25) == 0
                    ? bar(p, 1_000 * p, p, p, 7)
                    : bar(p, p + noise, p - noise, p, 7);
            case GAPS -> {
              long level = (i / 20 % 2 == 0 ? 3 : 1) * p;
              yield bar(level, level + noise, level - noise, level + noise / 3, 7);
            }
            case RISING ->
                bar(p + i * UNIT, p + (i + 1) * UNIT, p + i * UNIT, p + (i + 1) * UNIT, 3);
            case FALLING -> {
              long q = (long) (UNIT * 100 * Math.pow(0.98, i)) + 1;
              yield bar(q + 1, q + 1, q, q, 3);
            }
            case HUGE_VOLUME -> bar(p, p + noise, p - noise, p, random.nextBoolean() ? 1e300 : 1);
          });
    }
    return timed(bars);
  }

  /** One bar after the other, minutes; now and then an hour is missing. */
  static List<Bar> timed(List<Bar> bars) {
    long open = START;
    for (int i = 0; i < bars.size(); i++) {
      open += i % 97 == 96 ? 61 * MINUTE : MINUTE;
      bars.get(i).openTime = open;
      bars.get(i).closeTime = open + MINUTE;
    }
    return bars;
  }

  static List<double[]> run(List<Bar> bars, List<String> columns) {
    FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.M1);
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.M1, columns.toArray(String[]::new)), 0);
    List<double[]> rows = new ArrayList<>();
    for (Bar bar : bars) {
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

  private static Bar around(long level, Random random, long step) {
    long open = level + random.nextLong(step);
    long close = level + random.nextLong(step);
    return bar(
        open,
        Math.max(open, close) + random.nextLong(step),
        Math.max(1, Math.min(open, close) - random.nextLong(step)),
        close,
        random.nextInt(100));
  }

  private static Bar bar(long open, long high, long low, long close, double volume) {
    Bar bar = Pipelines.bar(0, 0, new long[] {open, high, low, close});
    bar.volume = volume;
    return bar;
  }
}
