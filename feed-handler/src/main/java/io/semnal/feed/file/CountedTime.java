package io.semnal.feed.file;

/** A count of units since an instant: {@code digits[.digits]}, exact to the nanosecond. */
final class CountedTime extends TimeFormat {
  private final long base;
  private final long unit;
  private final long limit;

  /**
   * @param base UTC nanoseconds of zero
   * @param unit nanoseconds
   * @param limit first count that is too large
   */
  CountedTime(long base, long unit, long limit) {
    this.base = base;
    this.unit = unit;
    this.limit = limit;
  }

  /** Milliseconds since an instant, of at most a day. */
  static CountedTime millisOfDay(long base) {
    return new CountedTime(base, 1_000_000, DAY / 1_000_000);
  }

  @Override
  long parse(byte[] bytes, int from, int to) {
    long count = 0;
    int at = from;
    int digit;
    while (at < to && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
      count = count * 10 + digit;
      if (count >= limit) {
        return BAD;
      }
      at++;
    }
    if (at == from) {
      return BAD;
    }
    long nanos = count * unit;
    return checked(at == to ? base + nanos : withFraction(base + nanos, bytes, at, to));
  }

  private long withFraction(long nanos, byte[] bytes, int point, int to) {
    if (bytes[point] != '.' || point + 1 == to) {
      return BAD;
    }
    long value = nanos;
    long weight = unit / 10;
    for (int i = point + 1; i < to; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || (weight == 0 && digit != 0)) {
        return BAD;
      }
      value += digit * weight;
      weight /= 10;
    }
    return value;
  }

  @Override
  String example() {
    return "a number from 0 to " + (limit - 1);
  }
}
