package io.semnal.features.bar;

import io.semnal.features.Bar;
import io.semnal.protocol.sbe.HistoricalBarDecoder;

/** Reads journaled bars of files, the same for the engine and for research. */
public final class HistoricalBars {
  private HistoricalBars() {}

  /** Fills a bar in. An absent tick count is an unknown volume: NaN, never 0. */
  public static void read(HistoricalBarDecoder from, Bar to) {
    to.openTime = from.openTime();
    to.closeTime = from.closeTime();
    to.bidOpen = from.bidOpen();
    to.bidHigh = from.bidHigh();
    to.bidLow = from.bidLow();
    to.bidClose = from.bidClose();
    to.askOpen = from.askOpen();
    to.askHigh = from.askHigh();
    to.askLow = from.askLow();
    to.askClose = from.askClose();
    to.spreadMin = 0;
    to.spreadMax = 0;
    to.spreadSum = 0;
    to.ticks = Math.max(0, from.ticks());
    to.volume = from.ticks() < 0 ? Double.NaN : from.ticks();
    to.flags = from.flags().getRaw();
  }
}
