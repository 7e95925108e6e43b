package io.semnal.research.export;

import java.time.LocalDate;

/** Prints times as {@link java.time.Instant} does, without an object for each. */
final class CsvTime {
  private static final long SECOND = 1_000_000_000L;
  private static final long DAY = 86_400 * SECOND;

  private long lastDay = Long.MIN_VALUE;
  private String date;

  /**
   * UTC nanoseconds as {@code 2014-05-01T00:01:00Z}, with 3, 6 or 9 decimals where it needs them.
   */
  void append(long nanos, StringBuilder out) {
    long day = Math.floorDiv(nanos, DAY);
    if (day != lastDay) {
      lastDay = day;
      date = LocalDate.ofEpochDay(day).toString();
    }
    long ofDay = Math.floorMod(nanos, DAY);
    int seconds = (int) (ofDay / SECOND);
    out.append(date).append('T');
    digits(seconds / 3_600, 2, out);
    out.append(':');
    digits(seconds / 60 % 60, 2, out);
    out.append(':');
    digits(seconds % 60, 2, out);
    int fraction = (int) (ofDay % SECOND);
    if (fraction != 0) {
      out.append('.');
      if (fraction % 1_000_000 == 0) {
        digits(fraction / 1_000_000, 3, out);
      } else if (fraction % 1_000 == 0) {
        digits(fraction / 1_000, 6, out);
      } else {
        digits(fraction, 9, out);
      }
    }
    out.append('Z');
  }

  private static void digits(int value, int count, StringBuilder out) {
    int power = 1;
    for (int i = 1; i < count; i++) {
      power *= 10;
    }
    for (int rest = value; power > 0; power /= 10) {
      out.append((char) ('0' + rest / power % 10));
    }
  }
}
