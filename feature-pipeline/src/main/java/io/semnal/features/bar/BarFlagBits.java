package io.semnal.features.bar;

/** The bits of the schema's {@code QuoteFlags} and {@code BarFlags}, as constants for hot code. */
public final class BarFlagBits {
  public static final int QUOTE_CROSSED = 1;
  public static final int QUOTE_LOCKED = 1 << 1;
  public static final int QUOTE_STALE = 1 << 2;
  public static final int QUOTE_LATE = 1 << 3;
  public static final int QUOTE_SPIKE = 1 << 5;
  public static final int QUOTE_CONFLATED = 1 << 6;
  public static final int QUOTE_SIMULATED = 1 << 8;

  public static final int CROSSED = 1;
  public static final int LOCKED = 1 << 1;
  public static final int STALE = 1 << 2;
  public static final int LATE = 1 << 3;
  public static final int SPIKE = 1 << 4;
  public static final int CONFLATED = 1 << 5;
  public static final int GAP = 1 << 6;
  public static final int PARTIAL = 1 << 7;
  public static final int OFF_HOURS = 1 << 8;
  public static final int HISTORICAL = 1 << 9;
  public static final int SIMULATED = 1 << 10;

  /** What a bar hands on to the longer bar it is a part of. */
  static final int INHERITED = ~(GAP | PARTIAL);

  private BarFlagBits() {}

  /** The mark that a quote of these flags leaves on its bar. */
  static int ofQuote(int quoteFlags) {
    return (quoteFlags & (QUOTE_CROSSED | QUOTE_LOCKED | QUOTE_STALE))
        | (quoteFlags & (QUOTE_SPIKE | QUOTE_CONFLATED)) >>> 1
        | (quoteFlags & QUOTE_SIMULATED) << 2;
  }
}
