package io.semnal.core.market;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says where bars begin and end.
 *
 * <ul>
 *   <li>{@code utc}: multiples of the timeframe since the epoch; days begin at midnight UTC.
 *   <li>{@code fixed:±hh:mm}: the same in a zone of constant offset; {@code fixed:-05:00} is New
 *       York standard time all year round.
 *   <li>{@code ny17}: days begin at 17:00 in New York, daylight saving included, so that two days a
 *       year have 23 and 25 hours. Shorter timeframes are counted from the day's beginning, and the
 *       day's last bar ends with the day.
 * </ul>
 *
 * <p>Timeframes divide a day. Not thread-safe: the current day is remembered.
 */
public final class Alignment {
  private static final Pattern FIXED = Pattern.compile("fixed:([+-])([0-9]{2}):([0-9]{2})");
  private static final long MINUTE = 60_000_000_000L;
  private static final int DAY_SECONDS = 86_400;

  private final String text;
  private final long offset;

  /** Null unless {@code ny17}. */
  private final TradingDay day;

  private Alignment(String text, long offset, TradingDay day) {
    this.text = text;
    this.offset = offset;
    this.day = day;
  }

  /**
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  public static Alignment parse(String text) {
    String t = text.trim();
    if (t.equals("utc")) {
      return new Alignment(t, 0, null);
    }
    if (t.equals("ny17")) {
      return new Alignment(t, 0, new TradingDay());
    }
    Matcher m = FIXED.matcher(t);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an alignment: utc, ny17 or fixed:±hh:mm, as in fixed:-05:00");
    }
    int hours = Integer.parseInt(m.group(2));
    int minutes = Integer.parseInt(m.group(3));
    if (minutes > 59 || hours * 60 + minutes > 14 * 60) {
      throw new IllegalArgumentException(
          "'" + text + "': an offset lies between -14:00 and +14:00, with minutes below 60");
    }
    long size = (hours * 60L + minutes) * MINUTE;
    return new Alignment(t, m.group(1).equals("-") ? -size : size, null);
  }

  /**
   * @throws IllegalArgumentException if bars of that length do not fill a day evenly
   */
  public void check(Timeframe timeframe) {
    if (timeframe.seconds() > DAY_SECONDS || DAY_SECONDS % timeframe.seconds() != 0) {
      throw new IllegalArgumentException("timeframe " + timeframe + " does not divide a day");
    }
  }

  /** Opening time of the bar that holds {@code time}. */
  public long open(long time, Timeframe timeframe) {
    long length = timeframe.nanos();
    if (day == null) {
      return Math.floorDiv(time + offset, length) * length - offset;
    }
    day.seek(time);
    // A day of 25 hours is one bar of 1d, not a bar of 24 hours and another of one.
    return timeframe.seconds() == DAY_SECONDS
        ? day.start()
        : day.start() + (time - day.start()) / length * length;
  }

  /** Closing time, exclusive, of the bar that opens at {@code open}. */
  public long close(long open, Timeframe timeframe) {
    long close = open + timeframe.nanos();
    if (day == null) {
      return close;
    }
    day.seek(open);
    return timeframe.seconds() == DAY_SECONDS ? day.end() : Math.min(close, day.end());
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
