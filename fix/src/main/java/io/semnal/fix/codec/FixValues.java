package io.semnal.fix.codec;

import org.agrona.DirectBuffer;

/**
 * Reads a field's value from its bytes, without text and without exceptions. What is not of the
 * type asked for gives {@link #NONE}. Any thread.
 */
public final class FixValues {
  /** No value: the field is absent, or its bytes are not of that type. */
  public static final long NONE = Long.MIN_VALUE;

  /** Decimals of a price mantissa: the project's exponent −8. */
  public static final int DECIMALS = 8;

  private static final long[] POWERS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
  };
  private static final int SAFE_DIGITS = 18;
  private static final long TOO_LARGE = 1_000_000_000_000_000_000L;
  private static final long DAY = 86_400_000_000_000L;
  private static final long HOUR = 3_600_000_000_000L;
  private static final long MINUTE = 60_000_000_000L;
  private static final long SECOND = 1_000_000_000L;

  private FixValues() {}

  /** An integer: digits with an optional minus, leading zeros allowed; at most 18 significant. */
  public static long integer(DirectBuffer buffer, int offset, int length) {
    int at = offset;
    int end = offset + length;
    boolean negative = length > 0 && buffer.getByte(at) == '-';
    if (negative) {
      at++;
    }
    if (at >= end) {
      return NONE;
    }
    long value = 0;
    while (at < end) {
      int digit = buffer.getByte(at++) - '0';
      if (digit < 0 || digit > 9 || value > Long.MAX_VALUE / 10 - 1) {
        return NONE;
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  /**
   * A decimal as a mantissa of exponent −8: {@code 1.25} is 125,000,000. Digits beyond the eighth
   * decimal are rounded to the nearest, halves away from zero. From ten thousand million on it is
   * none.
   */
  public static long decimal(DirectBuffer buffer, int offset, int length) {
    int at = offset;
    int end = offset + length;
    boolean negative = length > 0 && buffer.getByte(at) == '-';
    if (negative) {
      at++;
    }
    long value = 0;
    int decimals = -1;
    int digits = 0;
    int significant = 0;
    int rounding = -1;
    for (; at < end; at++) {
      byte c = buffer.getByte(at);
      int digit = c - '0';
      if (digit >= 0 && digit <= 9) {
        digits++;
        if (decimals == DECIMALS) {
          rounding = rounding < 0 ? digit : rounding;
        } else {
          value = value * 10 + digit;
          significant += value == 0 ? 0 : 1;
          decimals += decimals >= 0 ? 1 : 0;
          if (significant > SAFE_DIGITS) {
            return NONE;
          }
        }
      } else if (c == '.' && decimals < 0) {
        decimals = 0;
      } else {
        return NONE;
      }
    }
    return digits == 0 ? NONE : scaled(value, Math.max(decimals, 0), rounding, negative);
  }

  private static long scaled(long value, int decimals, int rounding, boolean negative) {
    long power = POWERS[DECIMALS - decimals];
    if (value >= TOO_LARGE / power) {
      return NONE;
    }
    long scaled = value * power + (rounding >= 5 ? 1 : 0);
    if (scaled >= TOO_LARGE) {
      return NONE;
    }
    return negative ? -scaled : scaled;
  }

  /** Ten to a power of 0 to 9. */
  static long power(int exponent) {
    return POWERS[exponent];
  }

  /** Whether it is a float as FIX writes one: no plus, no exponent, a digit at least. */
  public static boolean isDecimal(DirectBuffer buffer, int offset, int length) {
    int digits = 0;
    int points = 0;
    for (int i = 0; i < length; i++) {
      byte c = buffer.getByte(offset + i);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.') {
        points++;
      } else if (c != '-' || i > 0) {
        return false;
      }
    }
    return digits > 0 && points <= 1;
  }

  /**
   * A UTCTimestamp, {@code YYYYMMDD-HH:MM:SS} with up to twelve decimals, as nanoseconds since the
   * epoch. A leap second counts as the second after it. Years 1970 to 2261.
   */
  public static long timestamp(DirectBuffer buffer, int offset, int length) {
    if (length < 17 || buffer.getByte(offset + 8) != '-') {
      return NONE;
    }
    long day = date(buffer, offset, 8);
    long time = timeOfDay(buffer, offset + 9, length - 9);
    return day == NONE || time == NONE ? NONE : day + time;
  }

  /** A UTCDate, {@code YYYYMMDD}, as nanoseconds since the epoch. */
  public static long date(DirectBuffer buffer, int offset, int length) {
    if (length != 8) {
      return NONE;
    }
    int year = digits(buffer, offset, 4);
    int month = digits(buffer, offset + 4, 2);
    int day = digits(buffer, offset + 6, 2);
    if (year < 1970 || year > 2261 || month < 1 || month > 12 || day < 1) {
      return NONE;
    }
    return day > Dates.lengthOfMonth(year, month) ? NONE : Dates.epochDay(year, month, day) * DAY;
  }

  /** A UTCTimeOnly, {@code HH:MM:SS} with up to twelve decimals, as nanoseconds of the day. */
  public static long timeOfDay(DirectBuffer buffer, int offset, int length) {
    if (length < 8 || buffer.getByte(offset + 2) != ':' || buffer.getByte(offset + 5) != ':') {
      return NONE;
    }
    int hour = digits(buffer, offset, 2);
    int minute = digits(buffer, offset + 3, 2);
    int second = digits(buffer, offset + 6, 2);
    long fraction = fraction(buffer, offset + 8, length - 8);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
      return NONE;
    }
    return fraction == NONE ? NONE : hour * HOUR + minute * MINUTE + second * SECOND + fraction;
  }

  private static long fraction(DirectBuffer buffer, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (length < 2 || length > 13 || buffer.getByte(offset) != '.') {
      return NONE;
    }
    long nanos = 0;
    for (int i = 1; i < length; i++) {
      int digit = buffer.getByte(offset + i) - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      nanos = i <= 9 ? nanos * 10 + digit : nanos;
    }
    return nanos * POWERS[Math.max(0, 10 - length)];
  }

  /** Digits only; below zero if something else is among them. */
  private static int digits(DirectBuffer buffer, int offset, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      int digit = buffer.getByte(offset + i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
