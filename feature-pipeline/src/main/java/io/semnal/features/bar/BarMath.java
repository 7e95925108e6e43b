package io.semnal.features.bar;

import io.semnal.features.Bar;

/** Puts bars together. */
final class BarMath {
  private BarMath() {}

  /** Appends the later {@code part} to {@code whole}, whose times and own marks stay. */
  static void append(Bar whole, Bar part) {
    if (whole.ticks == 0) {
      whole.bidOpen = part.bidOpen;
      whole.bidHigh = part.bidHigh;
      whole.bidLow = part.bidLow;
      whole.askOpen = part.askOpen;
      whole.askHigh = part.askHigh;
      whole.askLow = part.askLow;
      whole.spreadMin = part.spreadMin;
      whole.spreadMax = part.spreadMax;
      whole.spreadSum = part.spreadSum;
      whole.ticks = part.ticks;
      whole.volume = part.volume;
    } else {
      whole.bidHigh = Math.max(whole.bidHigh, part.bidHigh);
      whole.bidLow = Math.min(whole.bidLow, part.bidLow);
      whole.askHigh = Math.max(whole.askHigh, part.askHigh);
      whole.askLow = Math.min(whole.askLow, part.askLow);
      whole.spreadMin = Math.min(whole.spreadMin, part.spreadMin);
      whole.spreadMax = Math.max(whole.spreadMax, part.spreadMax);
      whole.spreadSum += part.spreadSum;
      whole.ticks += part.ticks;
      whole.volume += part.volume;
    }
    whole.bidClose = part.bidClose;
    whole.askClose = part.askClose;
    whole.flags |= part.flags & BarFlagBits.INHERITED;
  }

  /**
   * Makes a bar of a file complete: a file says nothing of the spreads inside a bar, so that those
   * of its open and close stand for them; and it may not count ticks.
   */
  static void complete(Bar bar) {
    if (Double.isNaN(bar.volume) && bar.ticks > 0) {
      bar.volume = bar.ticks;
    }
    bar.ticks = Math.max(1, bar.ticks);
    bar.flags |= BarFlagBits.HISTORICAL;
    if (bar.spreadMin == 0 && bar.spreadMax == 0 && bar.spreadSum == 0) {
      long atOpen = bar.askOpen - bar.bidOpen;
      long atClose = bar.askClose - bar.bidClose;
      bar.spreadMin = Math.min(atOpen, atClose);
      bar.spreadMax = Math.max(atOpen, atClose);
      bar.spreadSum = Math.round((atOpen + atClose) * (bar.ticks / 2.0));
    }
  }
}
