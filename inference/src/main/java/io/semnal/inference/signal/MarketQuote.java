package io.semnal.inference.signal;

import io.semnal.protocol.MessageLayout;

/**
 * The quote that is being applied: top of book, and the extremes it stands for where it was
 * conflated. Prices are mantissas (exponent -8). One instance, filled anew for each quote.
 */
public final class MarketQuote {
  public long time;
  public long eventTime = MessageLayout.ABSENT;
  public long bid;
  public long ask;
  public long bidLow;
  public long bidHigh;
  public long askLow;
  public long askHigh;

  /** A plain quote: its extremes are itself. */
  public MarketQuote set(long time, long eventTime, long bid, long ask) {
    this.time = time;
    this.eventTime = eventTime;
    this.bid = bid;
    this.ask = ask;
    return range(bid, bid, ask, ask);
  }

  /** Extremes of the quotes that this one stands for; its own prices always count among them. */
  public MarketQuote range(long bidLow, long bidHigh, long askLow, long askHigh) {
    this.bidLow = Math.min(bid, bidLow);
    this.bidHigh = Math.max(bid, bidHigh);
    this.askLow = Math.min(ask, askLow);
    this.askHigh = Math.max(ask, askHigh);
    return this;
  }
}
