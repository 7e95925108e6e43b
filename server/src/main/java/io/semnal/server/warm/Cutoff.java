package io.semnal.server.warm;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.market.Alignment;

/**
 * Finds where the newest bars begin that warm one instrument up. Is shown the openings of its bars,
 * newest first; bars of the base timeframe count for the longer ones that they make.
 */
final class Cutoff {
  /** A bar that looks into another timeframe may meet gaps there: a tenth more, and a few. */
  private static final int SPARE_PART = 10;

  private static final int SPARE = 3;

  private final EngineConfig config;
  private final Alignment alignment;

  /** Bars still wanted by timeframe. */
  private final int[] wanted;

  private final long[] period;
  private final int timeframe;
  private long from = Long.MAX_VALUE;

  /**
   * @param timeframe of the bars that are shown
   */
  Cutoff(EngineConfig config, BarNeeds needs, int instrument, int timeframe) {
    this.config = config;
    this.timeframe = timeframe;
    alignment = Alignment.parse(config.alignment());
    wanted = new int[config.timeframes().size()];
    period = new long[wanted.length];
    for (int t = 0; t < wanted.length; t++) {
      int bars = t == timeframe || timeframe == 0 ? needs.bars(instrument, t) : 0;
      wanted[t] = bars == 0 ? 0 : bars + bars / SPARE_PART + SPARE;
      period[t] = Long.MIN_VALUE;
    }
  }

  /**
   * Shows the next older bar.
   *
   * @return whether it is needed, and so whether to go on
   */
  boolean needs(long openTime) {
    boolean needed = false;
    for (int t = 0; t < wanted.length; t++) {
      long open = t == timeframe ? openTime : alignment.open(openTime, config.timeframes().get(t));
      if (open != period[t] && wanted[t] > 0) {
        wanted[t]--;
        period[t] = open;
        needed = true;
      } else if (open == period[t]) {
        // The rest of a period that counts belongs to it.
        needed = true;
      }
    }
    if (needed) {
      from = openTime;
    }
    return needed;
  }

  /** Opening of the oldest bar that is needed; {@link Long#MAX_VALUE} = none is. */
  long from() {
    return from;
  }
}
