package io.semnal.feed.sim;

/**
 * How a currency behaves for some tens of minutes. Durations are a least time plus an exponential
 * one (semi-Markov), in minutes of open market.
 */
public enum Regime {
  /** Drifts up. */
  TREND_UP(25, 30, 1.0, 0.22, 0.0, 1.1),
  /** Drifts down. */
  TREND_DOWN(25, 30, -1.0, 0.22, 0.0, 1.1),
  /** Is pulled back to where it was when the regime began. */
  MEAN_REVERSION(20, 30, 0.0, 0.0, 0.12, 1.0),
  /** Moves little and is quoted less. */
  QUIET(15, 25, 0.0, 0.0, 0.0, 0.55);

  private static final Regime[] ALL = values();

  final double leastMinutes;
  final double meanFurtherMinutes;

  /** Drift per minute, in deviations of a minute's return. */
  final double drift;

  /** Share of the distance to the anchor that one minute takes back. */
  final double reversion;

  /** Factor on volatility. */
  final double volatility;

  Regime(
      double leastMinutes,
      double meanFurtherMinutes,
      double direction,
      double drift,
      double reversion,
      double volatility) {
    this.leastMinutes = leastMinutes;
    this.meanFurtherMinutes = meanFurtherMinutes;
    this.drift = direction * drift;
    this.reversion = reversion;
    this.volatility = volatility;
  }

  /** Any but this one; each of the others alike. */
  Regime following(SimulatorRandom random) {
    int step = 1 + (int) (random.nextDouble() * (ALL.length - 1));
    return ALL[(ordinal() + step) % ALL.length];
  }

  static Regime any(SimulatorRandom random) {
    return ALL[(int) (random.nextDouble() * ALL.length)];
  }
}
