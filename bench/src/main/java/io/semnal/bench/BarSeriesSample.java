package io.semnal.bench;

import io.semnal.features.Bar;
import java.util.Random;

/**
 * One-minute bars to measure indicators on: a mean-reverting walk around 1.1, the same at every
 * run, as arrays for those who read arrays and as bars for those who are fed.
 */
final class BarSeriesSample {
  static final long MINUTE = 60_000_000_000L;

  /** 2026-01-13T00:00:00Z. */
  static final long START = 1_768_262_400_000_000_000L;

  private static final long CENTRE = 110_000_000;
  private static final long STEP = 50_000;

  /** In the thousand millions, since ta4j's MFI takes a flow of less than one for one. */
  private static final double LOT = 1e7;

  final double[] open;
  final double[] high;
  final double[] low;
  final double[] close;
  final double[] volume;
  private final long[] mantissas;

  BarSeriesSample(int length) {
    open = new double[length];
    high = new double[length];
    low = new double[length];
    close = new double[length];
    volume = new double[length];
    mantissas = new long[4 * length];
    Random random = new Random(20260113);
    long price = CENTRE;
    for (int i = 0; i < length; i++) {
      long o = price;
      price += Math.round(random.nextGaussian() * STEP) - (price - CENTRE) / 500;
      long h = Math.max(o, price) + random.nextLong(STEP);
      long l = Math.min(o, price) - random.nextLong(STEP);
      mantissas[4 * i] = o;
      mantissas[4 * i + 1] = h;
      mantissas[4 * i + 2] = l;
      mantissas[4 * i + 3] = price;
      open[i] = o / 1e8;
      high[i] = h / 1e8;
      low[i] = l / 1e8;
      close[i] = price / 1e8;
      volume[i] = LOT * (1 + random.nextInt(200));
    }
  }

  int length() {
    return close.length;
  }

  /**
   * Fills in a bar whose bid is its ask, as a reader of a file does.
   *
   * @param minute since the start; runs on where the bars begin again
   */
  void load(int index, long minute, Bar bar) {
    bar.openTime = START + minute * MINUTE;
    bar.closeTime = bar.openTime + MINUTE;
    bar.bidOpen = mantissas[4 * index];
    bar.bidHigh = mantissas[4 * index + 1];
    bar.bidLow = mantissas[4 * index + 2];
    bar.bidClose = mantissas[4 * index + 3];
    bar.askOpen = bar.bidOpen;
    bar.askHigh = bar.bidHigh;
    bar.askLow = bar.bidLow;
    bar.askClose = bar.bidClose;
    bar.ticks = (long) (volume[index] / LOT);
    bar.volume = volume[index];
  }
}
