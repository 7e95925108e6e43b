package io.semnal.features;

import io.semnal.core.market.Timeframe;

/**
 * How far one series of bars has warmed a column up.
 *
 * @param instrument position in the configuration's instruments
 * @param bars closed bars that a gapless history needs; gaps elsewhere can make it more
 * @param seen closed bars that came
 */
public record WarmUpNeed(int instrument, Timeframe timeframe, int bars, long seen) {
  /** Seconds of bars still to come; at least one bar, for a column that is cold says so itself. */
  public long secondsLeft() {
    return Math.max(1, bars - seen) * timeframe.seconds();
  }
}
