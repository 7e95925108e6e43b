package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import java.util.List;

/** Shapes of one to three bars. */
final class Candles {
  private static final String RISING = "(close > open)";
  private static final String FALLING = "(close < open)";
  private static final String BODY = "abs(close - open)";

  private Candles() {}

  static List<Indicator> all() {
    return List.of(
        named(
                "candle",
                "Candle patterns by shape alone (Nison 1991), 1 where the last bars show it, else 0;"
                    + " marubozu, engulfing, harami, three inside and three outside are -1 where"
                    + " bearish. What trend they end is for other columns to say, but for the hanging"
                    + " man, a hammer at the highest high of ten bars, and the inverted hammer, a"
                    + " shooting star at the lowest low")
            .output("doji", BODY + " <= 0.1 * (high - low)")
            .output("marubozu", "(" + BODY + " >= 0.95 * (high - low)) * sign(close - open)")
            .output(
                "hammer",
                "(lesser(open, close) - low >= 2 * abs(close - open))"
                    + " * (high - greater(open, close) <= 0.1 * (high - low)) * (high > low)")
            .output(
                "shootingStar",
                "(high - greater(open, close) >= 2 * abs(close - open))"
                    + " * (lesser(open, close) - low <= 0.1 * (high - low)) * (high > low)")
            .output(
                "engulfing",
                RISING
                    + " * lag"
                    + FALLING
                    + " * (open <= lag(close)) * (close >= lag(open))"
                    + " - "
                    + FALLING
                    + " * lag"
                    + RISING
                    + " * (open >= lag(close)) * (close <= lag(open))")
            .output(
                "harami",
                RISING
                    + " * lag"
                    + FALLING
                    + " * (open >= lag(close)) * (close <= lag(open))"
                    + " - "
                    + FALLING
                    + " * lag"
                    + RISING
                    + " * (open <= lag(close)) * (close >= lag(open))")
            .output(
                "piercing",
                RISING
                    + " * lag"
                    + FALLING
                    + " * (open <= lag(close))"
                    + " * (close > lag(open + close) / 2) * (close < lag(open))")
            .output(
                "darkCloud",
                FALLING
                    + " * lag"
                    + RISING
                    + " * (open >= lag(close))"
                    + " * (close < lag(open + close) / 2) * (close > lag(open))")
            .output(
                "morningStar",
                "star * "
                    + RISING
                    + " * lag"
                    + FALLING.replace(")", ", 2)")
                    + " * (close > lag(open + close, 2) / 2)")
            .output(
                "eveningStar",
                "star * "
                    + FALLING
                    + " * lag"
                    + RISING.replace(")", ", 2)")
                    + " * (close < lag(open + close, 2) / 2)")
            .output(
                "star",
                "(lag("
                    + BODY
                    + ", 2) >= 0.5 * lag(high - low, 2))"
                    + " * (lag("
                    + BODY
                    + ") <= 0.3 * lag("
                    + BODY
                    + ", 2))")
            .output("threeSoldiers", "(sum(soldier, 2) == 2) * lag" + RISING.replace(")", ", 2)"))
            .output("threeCrows", "(sum(crow, 2) == 2) * lag" + FALLING.replace(")", ", 2)"))
            .output("soldier", RISING + " * (close > lag(close)) * (open >= lag(open))")
            .output("crow", FALLING + " * (close < lag(close)) * (open <= lag(open))")
            .output("inside", "(high <= lag(high)) * (low >= lag(low))")
            .output("outside", "(high > lag(high)) * (low < lag(low))")
            .output(
                "spinningTop",
                "("
                    + BODY
                    + " <= 0.3 * (high - low)) * (lesser(open, close) - low >= 0.25 * (high - low))"
                    + " * (high - greater(open, close) >= 0.25 * (high - low)) * (high > low)")
            .output(
                "dragonflyDoji",
                "doji * (high - greater(open, close) <= 0.1 * (high - low)) * (high > low)")
            .output(
                "gravestoneDoji",
                "doji * (lesser(open, close) - low <= 0.1 * (high - low)) * (high > low)")
            .output("hangingMan", "hammer * (high >= max(high, 10))")
            .output("invertedHammer", "shootingStar * (low <= min(low, 10))")
            .output(
                "tweezerTop",
                "(abs(high - lag(high)) <= 0.05 * (high - low)) * " + FALLING + " * lag" + RISING)
            .output(
                "tweezerBottom",
                "(abs(low - lag(low)) <= 0.05 * (high - low)) * " + RISING + " * lag" + FALLING)
            .output(
                "threeInside",
                "(lag(harami) == 1) * (close > lag(open, 2)) * "
                    + RISING
                    + " - (lag(harami) == -1) * (close < lag(open, 2)) * "
                    + FALLING)
            .output(
                "threeOutside",
                "(lag(engulfing) == 1) * (close > lag(close))"
                    + " - (lag(engulfing) == -1) * (close < lag(close))")
            .done(),
        named("fractal", "Williams' fractal (1995), told when it is known: span bars later")
            .with(Parameter.integer("span", 2, 1))
            .output(
                "up",
                "(lag(high, span) > max(high, span))"
                    + " * (lag(high, span) > lag(max(high, span), span + 1))")
            .output(
                "down",
                "(lag(low, span) < min(low, span))"
                    + " * (lag(low, span) < lag(min(low, span), span + 1))")
            .done());
  }
}
