package io.semnal.core.market;

/**
 * The foreign-exchange day, from 17:00 to 17:00 in New York: 24 hours long but for two days a year.
 * Remembers the day it looked up last; not thread-safe.
 */
final class TradingDay {
  private static final long HOUR = 3_600_000_000_000L;
  private static final long DAY = 24 * HOUR;
  private static final long ROLLOVER = 17 * HOUR;

  private final ZoneOffsets newYork = new ZoneOffsets("America/New_York");
  private long start;
  private long end;
  private long epochDay;

  TradingDay() {
    load(0);
  }

  /** Makes the day that holds {@code time} the current one. */
  void seek(long time) {
    if (time < start || time >= end) {
      load(time);
    }
  }

  /** First nanosecond of the current day. */
  long start() {
    return start;
  }

  /** First nanosecond after the current day. */
  long end() {
    return end;
  }

  /** The current day's date, as days since the epoch: the New York date on which it ends. */
  long epochDay() {
    return epochDay;
  }

  private void load(long time) {
    long local = time + newYork.offset(time);
    long days = Math.floorDiv(local - ROLLOVER, DAY);
    start = newYork.toUtc(days * DAY + ROLLOVER);
    end = newYork.toUtc((days + 1) * DAY + ROLLOVER);
    epochDay = days + 1;
  }
}
