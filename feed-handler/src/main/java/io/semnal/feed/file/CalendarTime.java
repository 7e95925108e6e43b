package io.semnal.feed.file;

import java.time.ZoneOffset;

/**
 * A date, a time of day and perhaps an offset: {@code 2014-05-01T00:00:00.123456789+02:00} and its
 * relatives. An offset in the text wins over the format's zone.
 *
 * <p>Days by Howard Hinnant's days_from_civil.
 */
final class CalendarTime extends TimeFormat {
  /** {@code 2014-05-01}. */
  static final int DASHES = 1;

  /** {@code 20140501}. */
  static final int COMPACT = 2;

  /** {@code 01.05.2014} and {@code 2014.05.01}. */
  static final int DOTS = 4;

  private final long zoneNanos;
  private final boolean offsetNeeded;
  private final int shapes;
  private int lastYear = -2;
  private int lastMonth;
  private int lastDay;
  private long lastDate;

  /**
   * @param zone of times without an offset; {@code null} = they are refused
   * @param shapes of dates that are accepted
   */
  CalendarTime(ZoneOffset zone, int shapes) {
    offsetNeeded = zone == null;
    zoneNanos = zone == null ? 0 : zone.getTotalSeconds() * SECOND;
    this.shapes = shapes;
  }

  @Override
  long parse(byte[] bytes, int from, int to) {
    int dateLength = 10;
    long date;
    if (to - from < 12) {
      return BAD;
    }
    if (bytes[from + 4] == '-' && bytes[from + 7] == '-' && (shapes & DASHES) != 0) {
      date = date(bytes, to, from, from + 5, from + 8);
    } else if (bytes[from + 4] == '.' && bytes[from + 7] == '.' && (shapes & DOTS) != 0) {
      date = date(bytes, to, from, from + 5, from + 8);
    } else if (bytes[from + 2] == '.' && bytes[from + 5] == '.' && (shapes & DOTS) != 0) {
      date = date(bytes, to, from + 6, from + 3, from);
    } else if ((shapes & COMPACT) != 0) {
      date = date(bytes, to, from, from + 4, from + 6);
      dateLength = 8;
    } else {
      return BAD;
    }
    int at = from + dateLength;
    if (date == BAD || (bytes[at] != ' ' && bytes[at] != 'T')) {
      return BAD;
    }
    return timeOfDay(date, bytes, at + 1, to);
  }

  private long date(byte[] bytes, int to, int yearAt, int monthAt, int dayAt) {
    int year = digits(bytes, yearAt, 4, to);
    int month = digits(bytes, monthAt, 2, to);
    int day = digits(bytes, dayAt, 2, to);
    if (year == lastYear && month == lastMonth && day == lastDay) {
      return lastDate;
    }
    long date = dateNanos(year, month, day);
    if (date != BAD) {
      lastYear = year;
      lastMonth = month;
      lastDay = day;
      lastDate = date;
    }
    return date;
  }

  /** UTC nanoseconds at which a day begins, or {@link #BAD}. */
  static long dateNanos(int year, int month, int day) {
    if (year < 1970 || year > 2199 || month < 1 || month > 12 || day < 1) {
      return BAD;
    }
    boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    int last = month == 2 ? (leap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
    if (day > last) {
      return BAD;
    }
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400;
    int yearOfEra = y - era * 400;
    int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return (era * 146_097L + dayOfEra - 719_468) * DAY;
  }

  /** {@code HH:mm[:ss[.fraction]][offset]}. */
  private long timeOfDay(long date, byte[] bytes, int from, int to) {
    int hour = digits(bytes, from, 2, to);
    int at = from + 2;
    if (hour < 0 || hour > 23 || at >= to || bytes[at] != ':') {
      return BAD;
    }
    int minute = digits(bytes, at + 1, 2, to);
    at += 3;
    if (minute < 0 || minute > 59) {
      return BAD;
    }
    long nanos = date + (hour * 3_600 + minute * 60) * SECOND;
    if (at < to && bytes[at] == ':') {
      int second = digits(bytes, at + 1, 2, to);
      at += 3;
      if (second < 0 || second > 59) {
        return BAD;
      }
      nanos += second * SECOND;
      if (at < to && bytes[at] == '.') {
        int end = digitsEnd(bytes, at + 1, to);
        long fraction = fraction(bytes, at + 1, end);
        if (fraction < 0) {
          return BAD;
        }
        nanos += fraction;
        at = end;
      }
    }
    return at == to ? local(nanos) : withOffset(nanos, bytes, at, to);
  }

  private long local(long nanos) {
    return offsetNeeded ? BAD : checked(nanos - zoneNanos);
  }

  private static int digitsEnd(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at;
  }

  /** Nanoseconds of one to nine digits, and zeros beyond; else -1. */
  private static long fraction(byte[] bytes, int from, int end) {
    if (from == end) {
      return -1;
    }
    long value = 0;
    long weight = SECOND / 10;
    for (int i = from; i < end; i++) {
      int digit = bytes[i] - '0';
      if (weight == 0 && digit != 0) {
        return -1;
      }
      value += digit * weight;
      weight /= 10;
    }
    return value;
  }

  /** {@code Z}, {@code ±hh}, {@code ±hhmm}, {@code ±hh:mm}, each also behind GMT or UTC. */
  private static long withOffset(long nanos, byte[] bytes, int from, int to) {
    int at = bytes[from] == ' ' ? from + 1 : from;
    boolean named = startsWith(bytes, at, to, "GMT") || startsWith(bytes, at, to, "UTC");
    at += named ? 3 : 0;
    if (at == to) {
      return named ? checked(nanos) : BAD;
    }
    if (!named && bytes[at] == 'Z' && at + 1 == to) {
      return checked(nanos);
    }
    if (bytes[at] != '+' && bytes[at] != '-') {
      return BAD;
    }
    int sign = bytes[at] == '-' ? -1 : 1;
    int hours = digits(bytes, at + 1, 2, to);
    int minutes = 0;
    at += 3;
    if (at < to) {
      at += bytes[at] == ':' ? 1 : 0;
      minutes = digits(bytes, at, 2, to);
      at += 2;
    }
    if (at != to || hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
      return BAD;
    }
    return checked(nanos - sign * (hours * 3_600 + minutes * 60) * SECOND);
  }

  private static boolean startsWith(byte[] bytes, int from, int to, String text) {
    if (to - from < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[from + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  String example() {
    String date =
        (shapes & DASHES) != 0
            ? "2014-05-01 00:00:00.123"
            : (shapes & COMPACT) != 0 ? "20140501 00:00:00.123" : "01.05.2014 00:00:00.123";
    return "a time such as " + date + (offsetNeeded ? " +02:00 (no zone is given)" : "");
  }
}
