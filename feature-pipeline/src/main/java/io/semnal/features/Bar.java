package io.semnal.features;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;

/**
 * One bar of one instrument and timeframe, bid and ask; prices are mantissas (exponent -8), times
 * UTC nanoseconds. Mutable and reused: whoever keeps it copies it.
 */
public final class Bar implements Stateful {
  /** Stands for a time or size that is not known. */
  public static final long UNKNOWN = Long.MIN_VALUE;

  public long openTime;
  public long closeTime;
  public long bidOpen;
  public long bidHigh;
  public long bidLow;
  public long bidClose;
  public long askOpen;
  public long askHigh;
  public long askLow;
  public long askClose;
  public long spreadMin;
  public long spreadMax;

  /** Sum of the spreads of all ticks; negative where quotes were crossed. */
  public long spreadSum;

  /** Quotes taken in; 0 = no bar. */
  public long ticks;

  /** The schema's {@code BarFlags}. */
  public int flags;

  /**
   * Volume as features see it: the tick count of a bar made from quotes, a file's volume column;
   * NaN where it is not known.
   */
  public double volume = Double.NaN;

  /**
   * Quotes whose mid lay above that of the quote before them in the bar; the first is compared with
   * nothing. NaN where it is not known, as of a bar from a file.
   */
  public double upTicks = Double.NaN;

  /** The same below. */
  public double downTicks = Double.NaN;

  /**
   * Sum of the squared logarithmic changes of the mid from quote to quote within the bar; NaN where
   * it is not known.
   */
  public double intrabarVariance = Double.NaN;

  /** Size at the last bid, mantissa (exponent -2); zero or less = not known. */
  public long bidSize = UNKNOWN;

  public long askSize = UNKNOWN;

  /** Engine time of the last quote, or {@link #UNKNOWN}. */
  public long quoteTime = UNKNOWN;

  public void set(Bar other) {
    openTime = other.openTime;
    closeTime = other.closeTime;
    bidOpen = other.bidOpen;
    bidHigh = other.bidHigh;
    bidLow = other.bidLow;
    bidClose = other.bidClose;
    askOpen = other.askOpen;
    askHigh = other.askHigh;
    askLow = other.askLow;
    askClose = other.askClose;
    spreadMin = other.spreadMin;
    spreadMax = other.spreadMax;
    spreadSum = other.spreadSum;
    ticks = other.ticks;
    flags = other.flags;
    volume = other.volume;
    upTicks = other.upTicks;
    downTicks = other.downTicks;
    intrabarVariance = other.intrabarVariance;
    bidSize = other.bidSize;
    askSize = other.askSize;
    quoteTime = other.quoteTime;
  }

  @Override
  public void state(StateVisitor s) {
    openTime = s.of(openTime);
    closeTime = s.of(closeTime);
    bidOpen = s.of(bidOpen);
    bidHigh = s.of(bidHigh);
    bidLow = s.of(bidLow);
    bidClose = s.of(bidClose);
    askOpen = s.of(askOpen);
    askHigh = s.of(askHigh);
    askLow = s.of(askLow);
    askClose = s.of(askClose);
    spreadMin = s.of(spreadMin);
    spreadMax = s.of(spreadMax);
    spreadSum = s.of(spreadSum);
    ticks = s.of(ticks);
    flags = s.of(flags);
    volume = s.of(volume);
    upTicks = s.of(upTicks);
    downTicks = s.of(downTicks);
    intrabarVariance = s.of(intrabarVariance);
    bidSize = s.of(bidSize);
    askSize = s.of(askSize);
    quoteTime = s.of(quoteTime);
  }
}
