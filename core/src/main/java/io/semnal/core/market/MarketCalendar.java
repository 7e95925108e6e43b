package io.semnal.core.market;

import io.semnal.protocol.sbe.MarketSession;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;

/**
 * Knows when the market trades, and which of its centres are awake.
 *
 * <p>The market is open from Sunday 17:00 to Friday 17:00 in New York, without the trading days
 * (17:00 to 17:00) that end on a holiday's date: with 25 December a holiday it closes on the 24th
 * at 17:00 and opens on the 25th at 17:00.
 *
 * <p>Centres keep business hours in their own local time, daylight saving included: Tokyo 09:00 to
 * 18:00, London 08:00 to 17:00, New York 08:00 to 17:00.
 *
 * <p>All of these change on whole hours UTC only, so that answers are remembered per hour. Not
 * thread-safe.
 */
public final class MarketCalendar {
  /** Bits of {@link #centres}. */
  public static final int TOKYO = 1;

  public static final int LONDON = 2;
  public static final int NEW_YORK = 4;

  private static final long HOUR = 3_600_000_000_000L;
  private static final long DAY = 24 * HOUR;

  private final long[] holidays;
  private final TradingDay day = new TradingDay();
  private final ZoneOffsets tokyo = new ZoneOffsets("Asia/Tokyo");
  private final ZoneOffsets london = new ZoneOffsets("Europe/London");
  private final ZoneOffsets newYork = new ZoneOffsets("America/New_York");

  /** The trading day for which {@link #daysToMonthEnd} holds. */
  private long countedDay = Long.MIN_VALUE;

  private int daysToMonthEnd;

  private long hourStart;
  private boolean open;
  private int centres;
  private MarketSession session;

  /**
   * @param holidays New York dates on which the market is closed
   */
  public MarketCalendar(List<LocalDate> holidays) {
    this.holidays = holidays.stream().mapToLong(LocalDate::toEpochDay).sorted().toArray();
    load(0);
  }

  public boolean isOpen(long time) {
    seek(time);
    return open;
  }

  /** The centres in business hours, open market or not: a set of {@link #TOKYO} and so on. */
  public int centres(long time) {
    seek(time);
    return centres;
  }

  /**
   * The first that holds of: {@code CLOSED}, the market is closed; {@code OVERLAP}, London and New
   * York are both in business hours; {@code LONDON}; {@code NEW_YORK}; else {@code ASIA}, which
   * thus also holds the hours between New York's end and Tokyo's beginning.
   */
  public MarketSession session(long time) {
    seek(time);
    return session;
  }

  /** The next 17:00 in New York after {@code time}. */
  public long nextRollover(long time) {
    day.seek(time);
    return day.end();
  }

  /**
   * How many trading days come after the present one before its month is over; days carry the New
   * York date on which they end.
   */
  public int tradingDaysToMonthEnd(long time) {
    day.seek(time);
    if (day.epochDay() != countedDay) {
      countedDay = day.epochDay();
      int left = daysLeftInMonth(countedDay);
      daysToMonthEnd = 0;
      for (int i = 1; i <= left; i++) {
        daysToMonthEnd += trades(countedDay + i) ? 1 : 0;
      }
    }
    return daysToMonthEnd;
  }

  /**
   * The time at which the market has been open for {@code openNanos} since {@code from}. The end of
   * a trading day counts as that day's, not as the beginning of the next one.
   */
  public long addOpenTime(long from, long openNanos) {
    long time = from;
    long left = openNanos;
    while (true) {
      day.seek(time);
      if (trades(day.epochDay())) {
        long available = day.end() - time;
        if (left <= available) {
          return time + left;
        }
        left -= available;
      }
      time = day.end();
    }
  }

  private void seek(long time) {
    if (time < hourStart || time - hourStart >= HOUR) {
      load(time);
    }
  }

  private void load(long time) {
    hourStart = Math.floorDiv(time, HOUR) * HOUR;
    day.seek(time);
    open = trades(day.epochDay());
    centres =
        (within(tokyo, time, 9, 18) ? TOKYO : 0)
            | (within(london, time, 8, 17) ? LONDON : 0)
            | (within(newYork, time, 8, 17) ? NEW_YORK : 0);
    session = sessionOf(open, centres);
  }

  private boolean trades(long epochDay) {
    // 1970-01-01 was a Thursday: 0 = Monday.
    return Math.floorMod(epochDay + 3, 7L) < 5 && Arrays.binarySearch(holidays, epochDay) < 0;
  }

  /**
   * Days of the month after that day, by arithmetic (Hinnant, chrono-Compatible Low-Level Date
   * Algorithms, 2013): {@code LocalDate} would allocate. Years begin in March, so that February,
   * the one month without a fixed length, comes last.
   */
  static int daysLeftInMonth(long epochDay) {
    long days = epochDay + 719_468;
    long era = Math.floorDiv(days, 146_097L);
    int ofEra = (int) (days - era * 146_097);
    int yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365;
    int ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int month = (5 * ofYear + 2) / 153;
    if (month < 11) {
      return (153 * (month + 1) + 2) / 5 - 1 - ofYear;
    }
    int year = yearOfEra + 1;
    boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return 336 + (leap ? 29 : 28) - ofYear;
  }

  private static boolean within(ZoneOffsets zone, long time, int fromHour, int toHour) {
    long timeOfDay = Math.floorMod(time + zone.offset(time), DAY);
    return timeOfDay >= fromHour * HOUR && timeOfDay < toHour * HOUR;
  }

  private static MarketSession sessionOf(boolean open, int centres) {
    if (!open) {
      return MarketSession.CLOSED;
    }
    return switch (centres & (LONDON | NEW_YORK)) {
      case LONDON | NEW_YORK -> MarketSession.OVERLAP;
      case LONDON -> MarketSession.LONDON;
      case NEW_YORK -> MarketSession.NEW_YORK;
      default -> MarketSession.ASIA;
    };
  }
}
