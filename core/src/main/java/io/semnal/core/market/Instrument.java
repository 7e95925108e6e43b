package io.semnal.core.market;

import io.semnal.protocol.MessageLayout;
import java.util.Objects;

/**
 * A currency pair or metal.
 *
 * @param symbol at most 16 upper-case ASCII characters, for example {@code EURUSD}
 * @param base base currency
 * @param quote quote currency
 * @param pip one pip as a price mantissa (exponent -8): 0.0001 is 10_000
 * @param priceDecimals decimals that its prices are shown with, 0 to 8
 */
public record Instrument(String symbol, String base, String quote, long pip, int priceDecimals) {
  public Instrument {
    Objects.requireNonNull(symbol);
    if (!symbol.matches("[A-Z0-9./_-]{1,16}")) {
      throw new IllegalArgumentException(
          "symbol '" + symbol + "' is not 1 to 16 of A-Z 0-9 . / _ -");
    }
    if (pip <= 0) {
      throw new IllegalArgumentException("pip of " + symbol + " must be above zero");
    }
    if (priceDecimals < 0 || priceDecimals > MessageLayout.PRICE_DECIMALS) {
      throw new IllegalArgumentException("priceDecimals of " + symbol + " must be 0 to 8");
    }
  }

  /** Pips in a price difference, both as the caller sees prices: mantissas. */
  public double toPips(long priceDifference) {
    return (double) priceDifference / pip;
  }
}
