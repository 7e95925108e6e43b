package io.semnal.feed.normalise;

/** Masks of the schema's {@code QuoteFlags}, for flag words that are carried as an int. */
public final class QuoteFlagBits {
  public static final int CROSSED = 1;
  public static final int LOCKED = 1 << 1;
  public static final int STALE = 1 << 2;
  public static final int LATE = 1 << 3;
  public static final int DUPLICATE = 1 << 4;
  public static final int SPIKE = 1 << 5;
  public static final int CONFLATED = 1 << 6;
  public static final int FUTURE_TIME = 1 << 7;
  public static final int SIMULATED = 1 << 8;

  private QuoteFlagBits() {}
}
