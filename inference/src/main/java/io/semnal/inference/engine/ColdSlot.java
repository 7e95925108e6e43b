package io.semnal.inference.engine;

import io.semnal.core.market.Timeframe;
import io.semnal.features.WarmUpNeed;

/**
 * A strategy on an instrument that scores nothing yet, for its features have not converged.
 *
 * @param column the one that takes longest, as its set spells it
 * @param source symbol of the instrument whose bars that column waits for
 * @param need those bars
 */
public record ColdSlot(
    String symbol,
    Timeframe timeframe,
    String strategy,
    String featureSet,
    String column,
    String source,
    WarmUpNeed need) {
  /** {@code EURUSD 1m fx-core: 12 of 212 15m bars, column rsi(14)@15m}. */
  public String sentence() {
    return symbol + " " + state();
  }

  /** The sentence without its subject: often the same for many instruments. */
  public String state() {
    return timeframe.label()
        + " "
        + featureSet
        + ": "
        + Math.min(need.seen(), need.bars() - 1)
        + " of "
        + need.bars()
        + " "
        + need.timeframe().label()
        + " bars"
        + (source.equals(symbol) ? "" : " of " + source)
        + ", column "
        + column;
  }
}
