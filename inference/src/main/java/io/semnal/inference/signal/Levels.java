package io.semnal.inference.signal;

import io.semnal.core.config.PolicyConfig;

/** Where stop loss and take profit lie, on the instrument's price grid. */
public final class Levels {
  private static final int EXPONENT = 8;
  private static final double MANTISSA = 1e8;

  private Levels() {}

  /** The smallest price step of an instrument that is shown with {@code priceDecimals}. */
  public static long step(int priceDecimals) {
    long step = 1;
    for (int i = priceDecimals; i < EXPONENT; i++) {
      step *= 10;
    }
    return step;
  }

  /**
   * A level {@code atrs} ATRs below the entry, rounded half up to the grid, at least one step away.
   *
   * @param entry mantissa
   * @param atr in price units, not a mantissa
   */
  public static long below(long entry, double atrs, double atr, long step) {
    long level = onGrid(entry - Math.round(atrs * atr * MANTISSA), step);
    return entry - level >= step ? level : Math.floorDiv(entry - step, step) * step;
  }

  /** The same above the entry. */
  public static long above(long entry, double atrs, double atr, long step) {
    long level = onGrid(entry + Math.round(atrs * atr * MANTISSA), step);
    return level - entry >= step ? level : -Math.floorDiv(-(entry + step), step) * step;
  }

  /**
   * The limit in ATRs as a price difference, by way of the published stop, which lies {@code
   * stopAtr} of them away: so a signal's life follows from what was published, also in a later run.
   */
  public static long slippageLimit(PolicyConfig policy, long entry, long stop) {
    return Math.round(Math.abs(entry - stop) * (policy.maxSlippageAtr() / policy.stopAtr()));
  }

  private static long onGrid(long price, long step) {
    return Math.floorDiv(price + step / 2, step) * step;
  }
}
