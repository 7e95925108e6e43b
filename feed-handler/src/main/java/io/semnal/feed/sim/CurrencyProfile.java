package io.semnal.feed.sim;

import java.util.Map;

/**
 * What the simulator knows of a currency: about where it stands and how it is traded, by round
 * figures.
 *
 * @param usd value of one unit in US dollars at the start
 * @param volatility deviation of a minute's return in its main session, in basis points
 * @param spread its part in a pair's spread, in basis points
 * @param turnover how often it is quoted; the dollar is 1
 * @param asia its activity in the Asian session
 * @param london in the London session
 * @param newYork in the New York session
 */
record CurrencyProfile(
    double usd,
    double volatility,
    double spread,
    double turnover,
    double asia,
    double london,
    double newYork) {
  private static final Map<String, CurrencyProfile> KNOWN =
      Map.ofEntries(
          Map.entry("USD", of(1.0, 0.9, 0.25, 1.0, 0.35, 0.7, 1.0)),
          Map.entry("EUR", of(1.16, 0.9, 0.28, 0.9, 0.2, 1.0, 0.6)),
          Map.entry("GBP", of(1.33, 1.0, 0.45, 0.75, 0.15, 1.0, 0.6)),
          Map.entry("JPY", of(1 / 152.0, 1.1, 0.35, 0.75, 0.8, 0.6, 0.6)),
          Map.entry("CHF", of(1 / 0.8, 0.9, 0.6, 0.5, 0.15, 1.0, 0.5)),
          Map.entry("AUD", of(0.66, 1.2, 0.5, 0.55, 0.8, 0.5, 0.5)),
          Map.entry("CAD", of(1 / 1.39, 0.8, 0.45, 0.5, 0.1, 0.4, 1.0)),
          Map.entry("NZD", of(0.58, 1.2, 0.8, 0.4, 0.75, 0.4, 0.5)),
          Map.entry("XAU", of(4_000.0, 2.5, 0.7, 1.0, 0.35, 0.7, 1.0)),
          Map.entry("XAG", of(50.0, 4.0, 3.0, 0.7, 0.35, 0.7, 1.0)),
          Map.entry("SEK", of(1 / 9.5, 1.3, 2.0, 0.3, 0.05, 1.0, 0.4)),
          Map.entry("NOK", of(1 / 10.1, 1.4, 2.2, 0.3, 0.05, 1.0, 0.4)),
          Map.entry("SGD", of(1 / 1.3, 0.6, 1.0, 0.3, 0.8, 0.5, 0.3)),
          Map.entry("MXN", of(1 / 18.5, 1.5, 2.0, 0.3, 0.05, 0.4, 1.0)),
          Map.entry("ZAR", of(1 / 17.3, 1.8, 4.0, 0.3, 0.1, 1.0, 0.5)));

  private static final CurrencyProfile UNKNOWN = of(1.0, 1.5, 2.0, 0.3, 0.4, 0.6, 0.6);

  /** The profile of a currency; a middling one, worth a dollar, if it is none of the known. */
  static CurrencyProfile of(String currency) {
    return KNOWN.getOrDefault(currency, UNKNOWN);
  }

  private static CurrencyProfile of(
      double usd,
      double volatility,
      double spread,
      double turnover,
      double asia,
      double london,
      double newYork) {
    return new CurrencyProfile(usd, volatility, spread, turnover, asia, london, newYork);
  }
}
