package io.semnal.feed.file;

import io.semnal.protocol.MessageLayout;

/**
 * Decimal text to a mantissa with exponent -8, exact, from bytes and without a detour through
 * double. Failures are negative results: nothing is thrown or allocated.
 */
final class Decimals {
  static final long NOT_A_NUMBER = -1;
  static final long NEGATIVE = -2;
  static final long OVERFLOW = -3;
  static final long TOO_PRECISE = -4;

  private static final int SCALE = MessageLayout.PRICE_DECIMALS;
  private static final long LAST_TENFOLD = Long.MAX_VALUE / 10;
  private static final int LAST_DIGIT = (int) (Long.MAX_VALUE % 10);
  private static final long[] POWER = new long[SCALE + 1];

  static {
    POWER[0] = 1;
    for (int i = 1; i < POWER.length; i++) {
      POWER[i] = POWER[i - 1] * 10;
    }
  }

  private Decimals() {}

  /**
   * Reads {@code digits[.digits]}. Digits beyond the eighth decimal must be zero.
   *
   * @return the mantissa, or one of the negative codes
   */
  static long parse(byte[] bytes, int from, int to) {
    return parse(bytes, from, to, true);
  }

  /** As {@link #parse}, but digits beyond the eighth decimal round, half up. For sizes only. */
  static long parseRounded(byte[] bytes, int from, int to) {
    return parse(bytes, from, to, false);
  }

  private static long parse(byte[] bytes, int from, int to, boolean exact) {
    long value = 0;
    int at = from;
    int digit;
    while (at < to && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
      if (value > LAST_TENFOLD || (value == LAST_TENFOLD && digit > LAST_DIGIT)) {
        return overflow(bytes, from, to);
      }
      value = value * 10 + digit;
      at++;
    }
    int digits = at - from;
    int decimals = 0;
    if (at < to && bytes[at] == '.') {
      int first = ++at;
      while (at < to && decimals < SCALE && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
        if (value > LAST_TENFOLD || (value == LAST_TENFOLD && digit > LAST_DIGIT)) {
          return overflow(bytes, from, to);
        }
        value = value * 10 + digit;
        decimals++;
        at++;
      }
      int excess = at;
      while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
        at++;
      }
      digits += at - first;
      if (at == to && at > excess) {
        value = withExcess(value, bytes, excess, to, exact);
      }
    }
    if (at != to || digits == 0) {
      return noNumber(bytes, from, to);
    }
    return value <= 0 ? value : scale(value, SCALE - decimals);
  }

  private static long withExcess(long value, byte[] bytes, int from, int to, boolean exact) {
    if (!exact) {
      return bytes[from] < '5' ? value : value == Long.MAX_VALUE ? OVERFLOW : value + 1;
    }
    for (int i = from; i < to; i++) {
      if (bytes[i] != '0') {
        return TOO_PRECISE;
      }
    }
    return value;
  }

  private static long scale(long value, int power) {
    return value > Long.MAX_VALUE / POWER[power] ? OVERFLOW : value * POWER[power];
  }

  /** Too many digits is only said of what is a number at all. */
  private static long overflow(byte[] bytes, int from, int to) {
    int points = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] == '.') {
        points++;
      } else if (bytes[i] < '0' || bytes[i] > '9') {
        return NOT_A_NUMBER;
      }
    }
    return points > 1 ? NOT_A_NUMBER : OVERFLOW;
  }

  private static long noNumber(byte[] bytes, int from, int to) {
    boolean minus = to - from > 1 && bytes[from] == '-' && bytes[from + 1] != '-';
    return minus && parse(bytes, from + 1, to, false) != NOT_A_NUMBER ? NEGATIVE : NOT_A_NUMBER;
  }
}
