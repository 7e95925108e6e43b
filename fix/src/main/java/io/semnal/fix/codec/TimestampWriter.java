package io.semnal.fix.codec;

/** Writes UTCTimestamps, remembering the digits of the day. One thread. */
final class TimestampWriter {
  /** Bytes of the longest: {@code 20261122-23:59:59.123456789}. */
  static final int LONGEST = 27;

  private static final long DAY = 86_400_000_000_000L;
  private static final int DATE = 8;
  private static final long SECOND = 1_000_000_000L;

  private final byte[] date = new byte[DATE];
  private long day = Long.MIN_VALUE;

  /** Returns where it ends. */
  int write(byte[] to, int offset, long nanos, int digits) {
    long today = Math.floorDiv(nanos, DAY);
    if (today != day) {
      day = today;
      digits(date, 0, Dates.date(today), DATE);
    }
    System.arraycopy(date, 0, to, offset, DATE);
    long ofDay = nanos - today * DAY;
    int seconds = (int) (ofDay / SECOND);
    int at = offset + DATE;
    to[at] = '-';
    digits(to, at + 1, seconds / 3600, 2);
    to[at + 3] = ':';
    digits(to, at + 4, seconds / 60 % 60, 2);
    to[at + 6] = ':';
    digits(to, at + 7, seconds % 60, 2);
    at += 9;
    return digits == 0 ? at : fraction(to, at, (int) (ofDay - seconds * SECOND), digits);
  }

  private static int fraction(byte[] to, int at, int nanos, int digits) {
    int value = nanos;
    for (int i = digits; i < 9; i++) {
      value /= 10;
    }
    to[at] = '.';
    digits(to, at + 1, value, digits);
    return at + 1 + digits;
  }

  private static void digits(byte[] to, int offset, int value, int count) {
    int rest = value;
    for (int i = offset + count - 1; i >= offset; i--) {
      to[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
