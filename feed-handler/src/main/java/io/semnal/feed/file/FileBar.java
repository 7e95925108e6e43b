package io.semnal.feed.file;

/**
 * One bar of a file on its way in; mutable and reused. Prices are mantissas (exponent -8), times
 * UTC nanoseconds.
 */
public final class FileBar {
  /** Position of the instrument in the options' instruments. */
  public int instrument;

  public long openTime;

  /** Exclusive: the instant from which on the bar is known. */
  public long closeTime;

  public long bidOpen;
  public long bidHigh;
  public long bidLow;
  public long bidClose;
  public long askOpen;
  public long askHigh;
  public long askLow;
  public long askClose;

  /** The file's volume, or count of ticks; NaN where it says none. */
  public double volume = Double.NaN;

  void set(FileBar other) {
    instrument = other.instrument;
    openTime = other.openTime;
    closeTime = other.closeTime;
    bidOpen = other.bidOpen;
    bidHigh = other.bidHigh;
    bidLow = other.bidLow;
    bidClose = other.bidClose;
    setAsk(other);
    volume = other.volume;
  }

  /** The other bar's ask prices, which its bid repeats where it has one price only. */
  void setAsk(FileBar other) {
    askOpen = other.askOpen;
    askHigh = other.askHigh;
    askLow = other.askLow;
    askClose = other.askClose;
  }
}
