package io.semnal.features.bar;

import io.semnal.features.Bar;

/** Puts bars together. */
final class BarMath {
  /** Up to here two terms of a series are exact to the last digit. */
  private static final double SMALL = 1e-3;

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
      whole.upTicks = part.upTicks;
      whole.downTicks = part.downTicks;
      whole.intrabarVariance = part.intrabarVariance;
    } else {
      step(whole, part.bidOpen, part.askOpen);
      whole.upTicks += part.upTicks;
      whole.downTicks += part.downTicks;
      whole.intrabarVariance += part.intrabarVariance;
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
    whole.bidSize = part.bidSize;
    whole.askSize = part.askSize;
    whole.quoteTime = part.quoteTime;
    whole.flags |= part.flags & BarFlagBits.INHERITED;
  }

  /** Takes in how the mid moves from the bar's last quote to one that follows. */
  static void step(Bar bar, long bid, long ask) {
    long before = bar.bidClose + bar.askClose;
    long now = bid + ask;
    // Without branches: which way a price goes is what no processor foretells.
    bar.upTicks += now > before ? 1 : 0;
    bar.downTicks += now < before ? 1 : 0;
    double change = logChange(before, now);
    bar.intrabarVariance += change * change;
  }

  /**
   * {@code log(now / before)}: by the series of the area hyperbolic tangent where the change is
   * small, as between quotes it is; what is cut off is below the last digit.
   */
  static double logChange(long before, long now) {
    double z = (now - before) / ((double) now + before);
    if (Math.abs(z) > SMALL) {
      return StrictMath.log((double) now / before);
    }
    double square = z * z;
    return 2 * z * (1 + square * (1.0 / 3 + square / 5));
  }

  /**
   * Makes a bar of a file complete: a file says nothing of the spreads inside a bar, so that those
   * of its open and close stand for them; and it may not count ticks. How its quotes moved is not
   * known.
   */
  static void complete(Bar bar) {
    bar.upTicks = Double.NaN;
    bar.downTicks = Double.NaN;
    bar.intrabarVariance = Double.NaN;
    bar.bidSize = Bar.UNKNOWN;
    bar.askSize = Bar.UNKNOWN;
    bar.quoteTime = Bar.UNKNOWN;
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
