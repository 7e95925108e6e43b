package io.semnal.feed.file;

import java.time.ZoneOffset;

/** Times of bars: as those of ticks, and dates alone, which are their midnight. */
final class BarTime extends TimeFormat {
  private static final int DATE = "2017-01-03".length();
  private static final int COMPACT_DATE = "20170103".length();

  private final CalendarTime calendar;
  private final long zoneNanos;

  BarTime(ZoneOffset zone) {
    calendar =
        new CalendarTime(zone, CalendarTime.DASHES | CalendarTime.COMPACT | CalendarTime.DOTS);
    zoneNanos = zone.getTotalSeconds() * SECOND;
  }

  @Override
  long parse(byte[] bytes, int from, int to) {
    if (to - from == DATE && bytes[from + 4] == '-' && bytes[from + 7] == '-') {
      return midnight(bytes, from, from + 5, from + 8, to);
    }
    if (to - from == COMPACT_DATE) {
      return midnight(bytes, from, from + 4, from + 6, to);
    }
    return calendar.parse(bytes, from, to);
  }

  private long midnight(byte[] bytes, int year, int month, int day, int to) {
    long nanos =
        CalendarTime.dateNanos(
            digits(bytes, year, 4, to), digits(bytes, month, 2, to), digits(bytes, day, 2, to));
    return nanos == BAD ? BAD : checked(nanos - zoneNanos);
  }

  @Override
  String example() {
    return "a time such as 2017-01-03, 2017-01-03 09:30 or 2017-01-03T09:30:00Z";
  }
}
