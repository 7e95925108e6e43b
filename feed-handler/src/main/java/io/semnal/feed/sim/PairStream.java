package io.semnal.feed.sim;

import io.semnal.core.market.Instrument;
import io.semnal.feed.Tick;
import io.semnal.protocol.MessageLayout;

/**
 * One pair's quotes: when they come, and how they stand around the ratio of its two currencies.
 * Arrivals are a Poisson process whose intensity is constant within a minute; having no memory, it
 * may be drawn anew at each minute without bending the distribution.
 */
final class PairStream {
  private static final double TICKS_PER_SECOND = 3.2;
  private static final double SECOND = 1e9;
  private static final long MILLISECOND = 1_000_000L;
  private static final double BASIS_POINT = 1e-4;

  /** The quoted mid's own deviation stays well within half a spread, so triangles hold. */
  private static final double NOISE_KEPT = 0.6;

  private static final double NOISE_NEW = 0.24;
  private static final long SIZE_STEP = 50_000_000L;

  private final CurrencyPath base;
  private final CurrencyPath quote;
  private final SimulatorRandom random;
  private final double ticksPerUnit;
  private final long mantissaPerTick;
  private final double calmHalfSpread;
  private final double turnover;
  private double rate;

  private double gapNanos;
  private double halfSpread;
  private double noise;
  private long arrival;

  PairStream(
      Instrument instrument,
      CurrencyPath base,
      CurrencyPath quote,
      SimulatorRandom root,
      double activity) {
    this.base = base;
    this.quote = quote;
    random = root.split(instrument.symbol());
    long perTick = 1;
    for (int i = instrument.priceDecimals(); i < MessageLayout.PRICE_DECIMALS; i++) {
      perTick *= 10;
    }
    mantissaPerTick = perTick;
    ticksPerUnit = MessageLayout.PRICE_SCALE / perTick;
    calmHalfSpread = 0.5 * BASIS_POINT * (base.profile().spread() + quote.profile().spread());
    turnover = TICKS_PER_SECOND * base.profile().turnover() * quote.profile().turnover();
    rate = activity * turnover;
  }

  /** From the next minute on. */
  void activity(double factor) {
    rate = factor * turnover;
  }

  /**
   * Takes the minute's activity, news and rollover in, and draws the first arrival in it.
   *
   * @return its time
   */
  long startMinute(long minute, SimulatedSessions sessions) {
    double activity = 0.5 * (base.activity() + quote.activity());
    double heat = Math.max(base.newsHeat(), quote.newsHeat());
    gapNanos = SECOND / (rate * activity * (1.0 + heat));
    double thin = Math.max(0.0, 0.6 - activity);
    halfSpread =
        calmHalfSpread * (1.0 + thin) * (1.0 + 1.2 * heat) * (1.0 + 5.0 * sessions.rollover());
    arrival = minute;
    return nextArrival();
  }

  /** The next quote's time at whole milliseconds. It may lie beyond the minute. */
  long nextArrival() {
    arrival += (long) (gapNanos * random.nextExponential());
    return arrival - Math.floorMod(arrival, MILLISECOND);
  }

  /** Prices as of the currencies' present values; bid below ask, both on the instrument's grid. */
  void quote(Tick into) {
    noise = NOISE_KEPT * noise + NOISE_NEW * random.nextGaussian();
    double fair = base.value() / quote.value();
    double mid = fair * (1.0 + noise * calmHalfSpread) * ticksPerUnit;
    long bits = random.nextLong();
    double jitter = 0.85 + 0.3 * (bits >>> 40) * 0x1.0p-24;
    double half = fair * halfSpread * jitter * ticksPerUnit;
    long bid = Math.max(1L, (long) Math.floor(mid - half));
    long ask = Math.max(bid + 1L, (long) Math.ceil(mid + half));
    into.bid = bid * mantissaPerTick;
    into.ask = ask * mantissaPerTick;
    into.bidSize = (1 + (bits & 7)) * SIZE_STEP;
    into.askSize = (1 + ((bits >>> 3) & 7)) * SIZE_STEP;
  }
}
