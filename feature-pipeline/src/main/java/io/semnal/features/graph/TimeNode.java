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
    /** Sine of the UTC time of day, in whole minutes, as an angle: midnight 0, 06:00 one. */
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
    MINUTES_TO_ROLLOVER,
    /** UTC time of day in hours, in whole minutes: 13:30 is 13.5. */
    HOUR,
    /** UTC weekday: Monday 1 … Sunday 7. */
    WEEKDAY,
    /** Trading days that are left in the month after the present one. */
    DAYS_TO_MONTH_END,
    /** 1 on the month's last trading day, else 0. */
    IS_MONTH_END
  }

  private static final long DAY = 86_400_000_000_000L;
  private static final long MONDAY = 4;
  private static final long MINUTE = 60_000_000_000L;
  private static final int MINUTES = 1440;
  private static final int WEEKDAYS = 7;

  /** Tables, because {@code StrictMath.sin} allocates. */
  private static final double[] DAY_SINE = sines(MINUTES);

  private static final double[] DAY_COSINE = cosines(MINUTES);
  private static final double[] WEEK_SINE = sines(WEEKDAYS);
  private static final double[] WEEK_COSINE = cosines(WEEKDAYS);

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

  @Override
  boolean movesWithinBar(boolean inputsMove) {
    return false;
  }

  /** Remembered per bar: the forming bar's close does not move. */
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
      case HOUR_SIN -> DAY_SINE[minute(time)];
      case HOUR_COS -> DAY_COSINE[minute(time)];
      case WEEKDAY_SIN -> WEEK_SINE[weekday(time)];
      case WEEKDAY_COS -> WEEK_COSINE[weekday(time)];
      case IS_ASIA -> bit(calendar.centres(time) & MarketCalendar.TOKYO);
      case IS_LONDON -> bit(calendar.centres(time) & MarketCalendar.LONDON);
      case IS_NEW_YORK -> bit(calendar.centres(time) & MarketCalendar.NEW_YORK);
      case IS_OVERLAP -> {
        int both = MarketCalendar.LONDON | MarketCalendar.NEW_YORK;
        yield (calendar.centres(time) & both) == both ? 1 : 0;
      }
      case MINUTES_TO_ROLLOVER -> (calendar.nextRollover(time) - time) / (double) MINUTE;
      case HOUR -> minute(time) / 60.0;
      case WEEKDAY -> weekday(time) + 1;
      case DAYS_TO_MONTH_END -> calendar.tradingDaysToMonthEnd(time);
      case IS_MONTH_END ->
          calendar.isOpen(time) && calendar.tradingDaysToMonthEnd(time) == 0 ? 1 : 0;
    };
  }

  private static double bit(int set) {
    return set != 0 ? 1 : 0;
  }

  private static int minute(long time) {
    return (int) (Math.floorMod(time, DAY) / MINUTE);
  }

  private static int weekday(long time) {
    return (int) Math.floorMod(Math.floorDiv(time, DAY) - MONDAY, (long) WEEKDAYS);
  }

  private static double[] sines(int steps) {
    double[] table = new double[steps];
    for (int i = 0; i < steps; i++) {
      table[i] = StrictMath.sin(2 * Math.PI * i / steps);
    }
    return table;
  }

  private static double[] cosines(int steps) {
    double[] table = new double[steps];
    for (int i = 0; i < steps; i++) {
      table[i] = StrictMath.cos(2 * Math.PI * i / steps);
    }
    return table;
  }
}
