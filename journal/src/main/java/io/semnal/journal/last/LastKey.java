package io.semnal.journal.last;

/**
 * Keys of the last-value map: what kind of value it is, and of which instrument, timeframe and
 * strategy.
 */
public final class LastKey {
  /** What is kept. */
  public enum Kind {
    /** How far the view has come; one for the whole map. */
    POSITION,
    /** {@code InstrumentDefinition}. */
    INSTRUMENT,
    /** {@code StrategyDefinition}, without its policy. */
    STRATEGY,
    /** {@code ModelDefinition}; its id stands in the place of the strategy's. */
    MODEL,
    /** {@code Quote}, or {@code ConflatedQuote}. */
    QUOTE,
    /** {@code Bar} that has closed. */
    CLOSED_BAR,
    /** {@code Bar} that is forming: {@code outSeq} is 0. */
    FORMING_BAR,
    /** {@code Score}. */
    SCORE,
    /** {@code Signal}, without its features. */
    SIGNAL,
    /** {@code SignalEvent}. */
    EVENT
  }

  private static final Kind[] KINDS = Kind.values();
  private static final int BITS = 20;
  private static final int MASK = (1 << BITS) - 1;
  private static final int KIND_SHIFT = 3 * BITS;

  private LastKey() {}

  /**
   * @param timeframe in seconds
   * @throws IllegalArgumentException for ids beyond a million
   */
  public static long of(Kind kind, int instrument, int timeframe, int strategy) {
    if (((instrument | timeframe | strategy) & ~MASK) != 0) {
      throw new IllegalArgumentException(
          "no room for " + instrument + ", " + timeframe + ", " + strategy);
    }
    return (long) kind.ordinal() << KIND_SHIFT
        | (long) instrument << 2 * BITS
        | (long) timeframe << BITS
        | strategy;
  }

  public static Kind kind(long key) {
    return KINDS[(int) (key >>> KIND_SHIFT)];
  }

  public static int instrument(long key) {
    return (int) (key >>> 2 * BITS) & MASK;
  }

  public static int timeframe(long key) {
    return (int) (key >>> BITS) & MASK;
  }

  public static int strategy(long key) {
    return (int) key & MASK;
  }
}
