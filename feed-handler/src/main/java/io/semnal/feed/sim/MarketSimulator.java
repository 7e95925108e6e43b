package io.semnal.feed.sim;

import io.semnal.core.market.Instrument;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A made-up foreign-exchange market: quotes of all instruments in the order of time, the same for
 * the same seed on every machine.
 *
 * <p>Each currency has one value, stepped five times a second; a pair is the ratio of two, so
 * triangles hold within spreads. Currencies trend, revert or rest for tens of minutes ({@link
 * Regime}), are more active in their own sessions, and are shaken by news. Spreads widen at the
 * 17:00 New York rollover, around news and in thin hours. From Friday to Sunday 17:00 New York the
 * market is closed. Event times are whole milliseconds and never decrease.
 *
 * <p>One thread. {@link #next} allocates only at the turn of a week.
 */
public final class MarketSimulator implements TickSource {
  private final long start;
  private final long end;
  private final SimulatedSessions sessions = new SimulatedSessions();
  private final Map<String, CurrencyPath> byCurrency = new LinkedHashMap<>();
  private final CurrencyPath[] currencies;
  private final PairStream[] pairs;
  private final long[] arrivals;

  private long minuteEnd;
  private long gridTime;
  private boolean ended;

  /** A simulator at its natural pace: EURUSD brings 2 to 5 ticks a second in London's hours. */
  public MarketSimulator(long seed, List<Instrument> instruments, long start, long end) {
    this(seed, instruments, start, end, 1.0);
  }

  /**
   * @param instruments a tick's {@code instrument} is the position in this list
   * @param start UTC nanoseconds; a closed market is skipped
   * @param end UTC nanoseconds, exclusive
   * @param activity factor on the number of ticks, above 0; prices follow the same paths whatever
   *     it is
   */
  public MarketSimulator(
      long seed, List<Instrument> instruments, long start, long end, double activity) {
    if (instruments.isEmpty()) {
      throw new IllegalArgumentException("a market needs an instrument");
    }
    requireActivity(activity);
    this.start = start;
    this.end = end;
    SimulatorRandom root = new SimulatorRandom(seed);
    SimulatorRandom currencyRoot = root.split("currencies");
    SimulatorRandom pairRoot = root.split("pairs");
    pairs = new PairStream[instruments.size()];
    arrivals = new long[pairs.length];
    for (int i = 0; i < pairs.length; i++) {
      Instrument instrument = instruments.get(i);
      CurrencyPath base = path(instrument.base(), currencyRoot);
      CurrencyPath quote = path(instrument.quote(), currencyRoot);
      pairs[i] = new PairStream(instrument, base, quote, pairRoot, activity);
    }
    currencies = byCurrency.values().toArray(CurrencyPath[]::new);
    long minute = start - Math.floorMod(start, SimulatedSessions.MINUTE);
    startMinute(sessions.openMinute(minute));
  }

  private CurrencyPath path(String currency, SimulatorRandom root) {
    return byCurrency.computeIfAbsent(currency, name -> new CurrencyPath(name, root));
  }

  @Override
  public boolean next(Tick into) {
    while (!ended) {
      int next = earliest();
      long time = arrivals[next];
      if (time >= minuteEnd) {
        turnMinute();
      } else if (time >= end) {
        ended = true;
      } else {
        moveCurrencies(time);
        pairs[next].quote(into);
        arrivals[next] = pairs[next].nextArrival();
        if (time >= start) {
          into.instrument = next;
          into.eventTime = time;
          return true;
        }
      }
    }
    return false;
  }

  private static void requireActivity(double activity) {
    if (!(activity > 0.0 && activity < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("activity must be above 0, not " + activity);
    }
  }

  /** Another factor on the number of ticks, from the next simulated minute on. */
  public void activity(double factor) {
    requireActivity(factor);
    for (PairStream pair : pairs) {
      pair.activity(factor);
    }
  }

  /** The present regime of a currency that some instrument has. */
  public Regime regime(String currency) {
    CurrencyPath path = byCurrency.get(currency);
    if (path == null) {
      throw new IllegalArgumentException("no instrument has the currency " + currency);
    }
    return path.regime();
  }

  @Override
  public void close() {
    ended = true;
  }

  /** Few instruments: a scan beats a heap, and breaks ties by position. */
  private int earliest() {
    int earliest = 0;
    for (int i = 1; i < arrivals.length; i++) {
      if (arrivals[i] < arrivals[earliest]) {
        earliest = i;
      }
    }
    return earliest;
  }

  private void moveCurrencies(long time) {
    while (gridTime + CurrencyPath.STEP <= time) {
      gridTime += CurrencyPath.STEP;
      for (CurrencyPath currency : currencies) {
        currency.step();
      }
    }
  }

  private void turnMinute() {
    moveCurrencies(minuteEnd);
    long minute = sessions.openMinute(minuteEnd);
    if (minute != minuteEnd) {
      for (CurrencyPath currency : currencies) {
        currency.passWeekend();
      }
    }
    startMinute(minute);
  }

  private void startMinute(long minute) {
    ended = minute >= end;
    gridTime = minute;
    minuteEnd = minute + SimulatedSessions.MINUTE;
    sessions.startMinute(minute);
    for (CurrencyPath currency : currencies) {
      currency.startMinute(sessions);
    }
    for (int i = 0; i < pairs.length; i++) {
      arrivals[i] = pairs[i].startMinute(minute, sessions);
    }
  }
}
