package io.semnal.feed;

import io.semnal.protocol.MessageLayout;

/** One quote on its way in; mutable and reused. Prices are mantissas (exponent -8), exact. */
public final class Tick {
  /**
   * Position of the instrument in the configuration's instruments; -1 where the source has only
   * one.
   */
  public int instrument = -1;

  /** UTC nanoseconds by the source's clock. */
  public long eventTime;

  public long bid;
  public long ask;

  /** Mantissas with the exponent -2, or {@link MessageLayout#ABSENT}. */
  public long bidSize = MessageLayout.ABSENT;

  public long askSize = MessageLayout.ABSENT;
}
