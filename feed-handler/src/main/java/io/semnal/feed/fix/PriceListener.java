package io.semnal.feed.fix;

/** Hears what a venue's messages come to. The session's thread. */
interface PriceListener {
  /**
   * The best prices of an instrument, both sides there; once for each message that touches them.
   *
   * @param instrument as numbered in the {@link SymbolTable}
   * @param eventTime UTC nanoseconds
   * @param bid mantissa of exponent −8, as {@code ask}
   * @param bidSize mantissa of exponent −2 or absent, as {@code askSize}
   */
  void onPrice(int instrument, long eventTime, long bid, long ask, long bidSize, long askSize);

  /** Updates of an instrument are missing: what its book holds is not to be trusted. */
  void onMissing(int instrument);
}
