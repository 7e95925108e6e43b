package io.semnal.feed.sim;

/**
 * One currency's value in dollars, stepped on a fixed grid. Its path depends on the seed, its name
 * and the start only: pairs share it, and configuring another pair changes nothing here.
 */
final class CurrencyPath {
  static final long STEP = 200_000_000L;
  private static final double STEPS_PER_MINUTE = SimulatedSessions.MINUTE / (double) STEP;
  private static final double BASIS_POINT = 1e-4;

  /** Share of the distance to the profile's value taken back per minute: half in about 20 days. */
  private static final double HOMING = 2.4e-5;

  private static final double NEWS_PER_MINUTE = 1.5 / 1_440;
  private static final double WEEKEND_MINUTES = 200;

  private final CurrencyProfile profile;
  private final SimulatorRandom random;
  private Regime regime;
  private double minutesLeft;
  private double clustering;
  private double newsHeat;
  private boolean newsDue;
  private double activity;

  private double value;
  private double fromAnchor;
  private double stepDrift;
  private double stepDeviation;
  private double stepReversion;

  CurrencyPath(String currency, SimulatorRandom root) {
    profile = CurrencyProfile.of(currency);
    random = root.split(currency);
    value = profile.usd();
    regime = Regime.any(random);
    minutesLeft = duration(regime);
    clustering = random.nextGaussian();
  }

  /** Takes one minute's regime, news and session into the steps of the grid. */
  void startMinute(SimulatedSessions sessions) {
    moveRegime();
    activity = sessions.activity(profile) * (regime == Regime.QUIET ? 0.7 : 1.0);
    clustering = 0.992 * clustering + 0.126 * random.nextGaussian();
    double deviation =
        profile.volatility()
            * BASIS_POINT
            * (0.3 + 0.6 * sessions.activity(profile))
            * StrictMath.exp(0.3 * clustering)
            * regime.volatility;
    moveNews(deviation);
    double homing = -HOMING * StrictMath.log(value / profile.usd());
    stepDrift = (regime.drift * deviation + homing) / STEPS_PER_MINUTE;
    stepReversion = regime.reversion / STEPS_PER_MINUTE;
    stepDeviation = deviation * (1.0 + 2.0 * newsHeat) / Math.sqrt(STEPS_PER_MINUTE);
  }

  void step() {
    move(stepDrift - stepReversion * fromAnchor + stepDeviation * random.nextGaussian());
  }

  /** What happened while the market was closed. */
  void passWeekend() {
    move(profile.volatility() * BASIS_POINT * Math.sqrt(WEEKEND_MINUTES) * random.nextGaussian());
    newsHeat = 0.0;
    newsDue = false;
  }

  private void move(double logReturn) {
    // The exponential's first terms: a step is far below 0.01.
    value *= 1.0 + logReturn + 0.5 * logReturn * logReturn;
    fromAnchor += logReturn;
  }

  private void moveRegime() {
    minutesLeft -= 1.0;
    if (minutesLeft > 0.0) {
      return;
    }
    regime = regime.following(random);
    minutesLeft = duration(regime);
    fromAnchor = 0.0;
  }

  /** News is known to come a minute ahead, so that spreads widen before it. */
  private void moveNews(double deviation) {
    newsHeat *= 0.8;
    if (newsDue) {
      double size = 1.0 + random.nextExponential();
      move((random.nextLong() < 0 ? -3.0 : 3.0) * size * deviation);
      newsHeat = Math.min(3.0, newsHeat + size);
    }
    newsDue = random.nextDouble() < NEWS_PER_MINUTE * activity;
  }

  private double duration(Regime of) {
    return of.leastMinutes + of.meanFurtherMinutes * random.nextExponential();
  }

  double value() {
    return value;
  }

  double activity() {
    return activity;
  }

  /** 0 without news, above 1 just after it. */
  double newsHeat() {
    return newsDue ? Math.max(0.5, newsHeat) : newsHeat;
  }

  CurrencyProfile profile() {
    return profile;
  }

  Regime regime() {
    return regime;
  }
}
