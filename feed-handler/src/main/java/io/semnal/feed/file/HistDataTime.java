package io.semnal.feed.file;

import java.time.ZoneOffset;

/** {@code YYYYMMDD HHMMSSmmm} at a fixed offset. */
final class HistDataTime extends TimeFormat {
  private static final int LENGTH = 18;
  private final long zoneNanos;

  HistDataTime(ZoneOffset zone) {
    zoneNanos = zone.getTotalSeconds() * SECOND;
  }

  @Override
  long parse(byte[] bytes, int from, int to) {
    if (to - from != LENGTH || bytes[from + 8] != ' ') {
      return BAD;
    }
    long date =
        CalendarTime.dateNanos(
            digits(bytes, from, 4, to),
            digits(bytes, from + 4, 2, to),
            digits(bytes, from + 6, 2, to));
    int hour = digits(bytes, from + 9, 2, to);
    int minute = digits(bytes, from + 11, 2, to);
    int second = digits(bytes, from + 13, 2, to);
    int millis = digits(bytes, from + 15, 3, to);
    if (date == BAD || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
      return BAD;
    }
    if (second < 0 || second > 59 || millis < 0) {
      return BAD;
    }
    return checked(
        date + (hour * 3_600 + minute * 60 + second) * SECOND + millis * 1_000_000L - zoneNanos);
  }

  @Override
  String example() {
    return "a time such as 20140501 235959123";
  }
}
