package io.semnal.feed.file;

import io.semnal.protocol.MessageLayout;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * Text of a time to UTC nanoseconds. Years 1970 to 2199: outside, a time in a tick file is damage.
 */
abstract class TimeFormat {
  static final long BAD = MessageLayout.ABSENT;
  static final long SECOND = 1_000_000_000L;
  static final long DAY = 86_400 * SECOND;

  /** 2200-01-01. */
  static final long END = 84_006 * DAY;

  /**
   * @return nanoseconds since the epoch, or {@link #BAD}
   */
  abstract long parse(byte[] bytes, int from, int to);

  /** What is expected, as an error shows it. */
  abstract String example();

  static long checked(long nanos) {
    return nanos >= 0 && nanos < END ? nanos : BAD;
  }

  /**
   * By the name in a {@link CsvMapping}.
   *
   * @param zone of times without an offset
   * @throws IllegalArgumentException if it is neither a name nor a pattern
   */
  static TimeFormat of(String text, ZoneOffset zone) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "iso" -> new CalendarTime(zone, CalendarTime.DASHES);
      case "epoch-s" -> new CountedTime(0, SECOND, END / SECOND);
      case "epoch-ms" -> new CountedTime(0, 1_000_000, END / 1_000_000);
      case "epoch-us" -> new CountedTime(0, 1_000, END / 1_000);
      case "epoch-ns" -> new CountedTime(0, 1, END);
      default -> new PatternTime(text, zone);
    };
  }

  /** Value of so many digits, or -1. */
  static int digits(byte[] bytes, int from, int count, int to) {
    if (from + count > to) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < from + count; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
