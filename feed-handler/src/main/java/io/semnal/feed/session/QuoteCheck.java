package io.semnal.feed.session;

/** Judges the quotes of one source, in their order. The listener's thread. */
@FunctionalInterface
public interface QuoteCheck {
  /** The quote is not to be journaled: its prices are none. */
  int REJECTED = -1;

  /**
   * The quality flags that we find on a quote; called once per quote.
   *
   * @param flags what the feed itself says: at most stale, conflated and simulated
   * @return flags to journal, the feed's own included; or {@link #REJECTED}
   */
  int flags(int instrumentId, long eventTime, long bid, long ask, int flags);

  /** Makes the check of a source when it first connects; it is kept over reconnects. */
  @FunctionalInterface
  interface Factory {
    QuoteCheck create(int sourceId);
  }
}
