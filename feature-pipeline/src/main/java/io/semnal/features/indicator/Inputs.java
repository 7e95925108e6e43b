package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import io.semnal.features.graph.InputNode;
import io.semnal.features.graph.TimeNode;
import java.util.List;

/** What the bar itself says: prices, volume, spread, time. */
final class Inputs {
  private Inputs() {}

  static List<Indicator> all() {
    return List.of(
        named("open", "First price of the bar").inPrice().is(bar(InputNode.Field.OPEN)),
        named("high", "Highest price of the bar").inPrice().is(bar(InputNode.Field.HIGH)),
        named("low", "Lowest price of the bar").inPrice().is(bar(InputNode.Field.LOW)),
        named("close", "Last price of the bar").inPrice().is(bar(InputNode.Field.CLOSE)),
        named("hl2", "Middle of the bar's range").inPrice().is("(high + low) / 2"),
        named("hlc3", "Typical price").inPrice().is("(high + low + close) / 3"),
        named("ohlc4", "Mean of the bar's four prices")
            .inPrice()
            .is("(open + high + low + close) / 4"),
        named("volume", "Ticks of the bar, or its file's volume; missing where unknown")
            .is(bar(InputNode.Field.VOLUME)),
        named("ticks", "The same as volume").is("volume"),
        named("spread", "Ask minus bid over the bar's ticks")
            .inPrice()
            .output("last", bar(InputNode.Field.SPREAD_LAST))
            .output("mean", bar(InputNode.Field.SPREAD_MEAN))
            .output("min", bar(InputNode.Field.SPREAD_MIN))
            .output("max", bar(InputNode.Field.SPREAD_MAX))
            .pure()
            .output("relative", bar(InputNode.Field.SPREAD_RELATIVE))
            .done(),
        named("session", "Where the bar's close lies in day, week and market hours")
            .output("hourSin", time(TimeNode.Field.HOUR_SIN))
            .output("hourCos", time(TimeNode.Field.HOUR_COS))
            .output("weekdaySin", time(TimeNode.Field.WEEKDAY_SIN))
            .output("weekdayCos", time(TimeNode.Field.WEEKDAY_COS))
            .output("isAsia", time(TimeNode.Field.IS_ASIA))
            .output("isLondon", time(TimeNode.Field.IS_LONDON))
            .output("isNewYork", time(TimeNode.Field.IS_NEW_YORK))
            .output("isOverlap", time(TimeNode.Field.IS_OVERLAP))
            .output("minutesToRollover", time(TimeNode.Field.MINUTES_TO_ROLLOVER))
            .output("hour", time(TimeNode.Field.HOUR))
            .output("weekday", time(TimeNode.Field.WEEKDAY))
            .output("daysToMonthEnd", time(TimeNode.Field.DAYS_TO_MONTH_END))
            .output("isMonthEnd", time(TimeNode.Field.IS_MONTH_END))
            .done());
  }

  private static Output.NodeFactory bar(InputNode.Field field) {
    return (context, series, numbers) -> new InputNode(context, field);
  }

  private static Output.NodeFactory time(TimeNode.Field field) {
    return (context, series, numbers) -> new TimeNode(context, field);
  }
}
