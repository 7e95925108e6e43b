package io.semnal.features.graph;

import io.semnal.core.market.MarketCalendar;

/**
 * Where the bar's close lies in the day, the week and the market's hours.
 *
 * <p>The close is used, not the open, because it is the moment at which the row can be acted upon.
 */
public final class TimeNode extends Node {
  /** What about it. */
  public enum Field {
    /** Sine of the UTC time of day as an angle: midnight 0, 06:00 one. */
    HOUR_SIN,
    HOUR_COS,
    /** Sine of the UTC weekday (Monday 0 … Sunday 6) as an angle of a seven-day circle. */
    WEEKDAY_SIN,
    WEEKDAY_COS,
    /** 1 in Tokyo's business hours, else 0. */
    IS_ASIA,
    IS_LONDON,
    IS_NEW_YORK,
    /** 1 where London and New York are both in business hours. */
    IS_OVERLAP,
    /** Minutes to the next 17:00 in New York. */
    MINUTES_TO_ROLLOVER
  }

  private static final long DAY = 86_400_000_000_000L;
  private static final long MONDAY = 4;
  private static final double MINUTE = 60e9;

  private final BarInputs inputs;
  private final MarketCalendar calendar;
  private final Field field;
  private long knownTime = Long.MIN_VALUE;
  private double known;

  public TimeNode(GraphContext context, Field field) {
    this.inputs = context.inputs();
    this.calendar = context.calendar();
    this.field = field;
  }

  /** Remembered per bar: the forming bar's close does not move, and sines are dear. */
  @Override
  protected double compute() {
    long time = inputs.bar.closeTime;
    if (time != knownTime) {
      known = valueAt(time);
      knownTime = time;
    }
    return known;
  }

  private double valueAt(long time) {
    return switch (field) {
      case HOUR_SIN -> StrictMath.sin(dayAngle(time));
      case HOUR_COS -> StrictMath.cos(dayAngle(time));
      case WEEKDAY_SIN -> StrictMath.sin(weekAngle(time));
      case WEEKDAY_COS -> StrictMath.cos(weekAngle(time));
      case IS_ASIA -> bit(calendar.centres(time) & MarketCalendar.TOKYO);
      case IS_LONDON -> bit(calendar.centres(time) & MarketCalendar.LONDON);
      case IS_NEW_YORK -> bit(calendar.centres(time) & MarketCalendar.NEW_YORK);
      case IS_OVERLAP -> {
        int both = MarketCalendar.LONDON | MarketCalendar.NEW_YORK;
        yield (calendar.centres(time) & both) == both ? 1 : 0;
      }
      case MINUTES_TO_ROLLOVER -> (calendar.nextRollover(time) - time) / MINUTE;
    };
  }

  private static double bit(int set) {
    return set != 0 ? 1 : 0;
  }

  private static double dayAngle(long time) {
    return 2 * Math.PI * Math.floorMod(time, DAY) / DAY;
  }

  private static double weekAngle(long time) {
    return 2 * Math.PI * Math.floorMod(Math.floorDiv(time, DAY) - MONDAY, 7L) / 7;
  }
}
