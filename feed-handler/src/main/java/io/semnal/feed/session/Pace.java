package io.semnal.feed.session;

import java.util.Locale;

/**
 * How fast a feed sends: so many quotes a second, so many times the speed of their event times, or
 * as fast as the server takes them. Quotes have planned times: what was held up is caught up with.
 *
 * @param value quotes a second, or times real time; 0 with MAX
 */
public record Pace(Kind kind, double value) {
  /** What sets the planned times. */
  public enum Kind {
    RATE,
    SPEED,
    MAX
  }

  public static final Pace MAX = new Pace(Kind.MAX, 0);

  public Pace {
    if (kind != Kind.MAX && !(value > 0 && value <= 1e9)) {
      throw new IllegalArgumentException("a pace must be above 0, and at most 1e9");
    }
  }

  public static Pace perSecond(double quotes) {
    return new Pace(Kind.RATE, quotes);
  }

  public static Pace speed(double times) {
    return new Pace(Kind.SPEED, times);
  }

  /** Reads {@code 50000/s} or {@code 50000}. */
  public static Pace parseRate(String text) {
    return perSecond(number(text, "/s", "a rate such as 50000/s"));
  }

  /** Reads {@code max}, {@code 10x} or {@code 10}. */
  public static Pace parseSpeed(String text) {
    return text.equalsIgnoreCase("max")
        ? MAX
        : speed(number(text, "x", "a speed such as 1x, 100x or max"));
  }

  private static double number(String text, String unit, String what) {
    String t = text.trim().toLowerCase(Locale.ROOT);
    try {
      return Double.parseDouble(t.endsWith(unit) ? t.substring(0, t.length() - unit.length()) : t);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not " + what, e);
    }
  }

  /**
   * Nanoseconds from the start to a quote's planned time.
   *
   * @param index of the quote since the start, from 0
   * @param eventNanos its event time since that of the first quote
   */
  public long plannedNanos(long index, long eventNanos) {
    return switch (kind) {
      case RATE -> (long) (index * 1e9 / value);
      case SPEED -> (long) (eventNanos / value);
      case MAX -> 0;
    };
  }
}
