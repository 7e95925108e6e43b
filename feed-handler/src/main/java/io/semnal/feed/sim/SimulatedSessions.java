package io.semnal.feed.sim;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;

/**
 * The market's hours as the simulator lives them: open from Sunday to Friday 17:00 New York, busy
 * in the office hours of Tokyo, London and New York, thin and wide around the 17:00 rollover. Zone
 * rules are asked for once a week, while the market is closed: clocks change at weekends.
 */
final class SimulatedSessions {
  static final long MINUTE = 60_000_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final int MINUTES_OF_DAY = 1_440;
  private static final int ROLLOVER = 17 * 60;
  private static final int RAMP = 60;
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final ZoneId LONDON = ZoneId.of("Europe/London");
  private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");

  private long newYorkOffset;
  private long londonOffset;
  private long tokyoOffset;
  private long close;

  private double asia;
  private double london;
  private double newYork;
  private double rollover;

  /**
   * The first minute at or after {@code time} in which the market is open. Cold where the week
   * changes.
   */
  long openMinute(long time) {
    if (time < close) {
      return time;
    }
    ZonedDateTime local = Instant.ofEpochSecond(Math.floorDiv(time, SECOND)).atZone(NEW_YORK);
    ZonedDateTime friday = fiveOClock(local, DayOfWeek.FRIDAY);
    if (!friday.isAfter(local)) {
      friday = friday.plusWeeks(1);
    }
    ZonedDateTime sunday = friday.minusDays(5);
    ZonedDateTime opened = local.isBefore(sunday) ? sunday : local;
    close = friday.toEpochSecond() * SECOND;
    Instant inside = opened.toInstant();
    newYorkOffset = offset(NEW_YORK, inside);
    londonOffset = offset(LONDON, inside);
    tokyoOffset = offset(TOKYO, inside);
    return Math.max(time, opened.toEpochSecond() * SECOND);
  }

  /** The coming Friday 17:00 New York. */
  long close() {
    return close;
  }

  /** Brings activity and rollover to the minute that begins at {@code time}. */
  void startMinute(long time) {
    asia = officeHours(time + tokyoOffset, 8 * 60, 17 * 60);
    london = officeHours(time + londonOffset, 8 * 60, 17 * 60);
    newYork = officeHours(time + newYorkOffset, 8 * 60, 17 * 60);
    rollover = nearRollover(minuteOfDay(time + newYorkOffset));
  }

  /** About 1 in a currency's main session, 1.7 where two of them overlap, 0.1 at night. */
  double activity(CurrencyProfile profile) {
    double busy =
        0.08 + profile.asia() * asia + profile.london() * london + profile.newYork() * newYork;
    return busy * (1.0 - 0.6 * rollover);
  }

  /** 1 at 17:00 New York, 0 away from it. */
  double rollover() {
    return rollover;
  }

  private static double officeHours(long localTime, int from, int to) {
    int minute = minuteOfDay(localTime);
    double rising = (minute - from) / (double) RAMP + 0.5;
    double falling = (to - minute) / (double) RAMP + 0.5;
    return Math.clamp(Math.min(rising, falling), 0.0, 1.0);
  }

  private static double nearRollover(int newYorkMinute) {
    int since = newYorkMinute - ROLLOVER;
    if (since < 0) {
      return Math.max(0.0, 1.0 + since / 8.0);
    }
    return since < 6 ? 1.0 : Math.max(0.0, 1.0 - (since - 5) / 35.0);
  }

  private static int minuteOfDay(long localTime) {
    return (int) Math.floorMod(Math.floorDiv(localTime, MINUTE), (long) MINUTES_OF_DAY);
  }

  private static ZonedDateTime fiveOClock(ZonedDateTime local, DayOfWeek day) {
    return local
        .toLocalDate()
        .with(TemporalAdjusters.nextOrSame(day))
        .atTime(17, 0)
        .atZone(NEW_YORK);
  }

  private static long offset(ZoneId zone, Instant at) {
    return zone.getRules().getOffset(at).getTotalSeconds() * SECOND;
  }
}
