package io.semnal.inference.engine;

import io.semnal.core.config.QualityConfig;
import io.semnal.core.config.QualityConfig.Treatment;

/** What becomes of a quote by its flags; bits are those of the schema's {@code QuoteFlags}. */
public final class QuoteRules {
  static final int CROSSED = 1;
  static final int LOCKED = 1 << 1;
  static final int STALE = 1 << 2;
  static final int LATE = 1 << 3;
  static final int DUPLICATE = 1 << 4;
  static final int SPIKE = 1 << 5;
  static final int CONFLATED = 1 << 6;
  static final int FUTURE_TIME = 1 << 7;

  /** Bits of the schema's {@code BarFlags} that a flagged quote leaves on its bar. */
  public static final int BAR_FLAGGED = 1 | 1 << 1 | 1 << 2 | 1 << 4 | 1 << 5;

  private final int accepted;
  private final int dropped;
  private final int flagged;

  public QuoteRules(QualityConfig quality) {
    accepted = mask(quality, Treatment.ACCEPT);
    dropped = mask(quality, Treatment.DROP);
    flagged = mask(quality, Treatment.FLAG);
  }

  private static int mask(QualityConfig quality, Treatment treatment) {
    return bit(quality.crossed() == treatment, CROSSED)
        | bit(quality.locked() == treatment, LOCKED)
        | bit(quality.stale() == treatment, STALE)
        | bit(quality.duplicate() == treatment, DUPLICATE)
        | bit(quality.spike() == treatment, SPIKE)
        | bit(quality.conflated() == treatment, CONFLATED)
        | bit(quality.futureTime() == treatment, FUTURE_TIME);
  }

  private static int bit(boolean set, int bit) {
    return set ? bit : 0;
  }

  /** Whether the quote is left out of bars and features. */
  public boolean isDropped(int flags) {
    return (flags & dropped) != 0;
  }

  /**
   * The flags that its bar is marked with: without the accepted ones, and without late, which only
   * the bars can tell.
   */
  public int remaining(int flags) {
    return flags & ~(accepted | LATE);
  }

  /** Whether the quote fills no signal and scores nothing. */
  public boolean isFlagged(int flags) {
    return (flags & (flagged | LATE)) != 0;
  }
}
