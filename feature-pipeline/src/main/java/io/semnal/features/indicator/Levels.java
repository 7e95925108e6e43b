package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import io.semnal.features.graph.Held;
import io.semnal.features.graph.SessionLevel;
import java.util.List;

/** Prices to act at: stops, bands around an average, the levels of a day. */
final class Levels {
  private Levels() {}

  static List<Indicator> all() {
    return List.of(
        named(
                "valueWhen",
                "The value on the last bar on which a condition held; missing before the first")
            .with(Parameter.series("condition", null))
            .with(Parameter.series("x", "close"))
            .inPrice()
            .is((c, s, n) -> new Held(s.get(0), s.get(1))),
        named("fractalBands", "Fractal chaos bands: the last known fractals of high and low")
            .with(Parameter.integer("span", 2, 1))
            .inPrice()
            .output("upper", "valueWhen(fractal(span).up, lag(high, span))")
            .output("lower", "valueWhen(fractal(span).down, lag(low, span))")
            .done(),
        named(
                "atrStop",
                "ATR trailing stop: multiples of ATR away from the close, tightened only, until the"
                    + " close passes it")
            .period(21)
            .with(Parameter.real("multiple", 3))
            .inPrice()
            .output("stop", "trailingBand(close, multiple * atr(period), close)")
            .pure()
            .output("direction", "(close > stop) - (close <= stop)")
            .done(),
        named("chandelier", "Chandelier exits: multiples of ATR from the extremes of the period")
            .period(22)
            .with(Parameter.real("multiple", 3))
            .inPrice()
            .output("long", "max(high, period) - multiple * atr(period)")
            .output("short", "min(low, period) + multiple * atr(period)")
            .done(),
        named("envelope", "Bands a percentage away from the SMA")
            .x()
            .period(20)
            .with(Parameter.real("percent", 2.5))
            .inPrice()
            .output("middle", "sma(x, period)")
            .output("upper", "middle * (1 + percent / 100)")
            .output("lower", "middle * (1 - percent / 100)")
            .done(),
        named("keltnerOriginal", "Keltner's own channel: SMA of typical price and of range")
            .period(10)
            .with(Parameter.real("multiple", 1))
            .inPrice()
            .output("middle", "sma(hlc3, period)")
            .output("upper", "middle + multiple * sma(high - low, period)")
            .output("lower", "middle - multiple * sma(high - low, period)")
            .done(),
        named("midpoint", "Middle between the highest and lowest of the last values")
            .x()
            .period(14)
            .inPrice()
            .is("(max(x, period) + min(x, period)) / 2"),
        named("midprice", "Middle between the highest high and the lowest low")
            .period(14)
            .inPrice()
            .is("(max(high, period) + min(low, period)) / 2"),
        named("sessionMax", "Highest since the day's first bar; days part at 17:00 in New York")
            .with(Parameter.series("x", "high"))
            .inPrice()
            .is((c, s, n) -> new SessionLevel(c, SessionLevel.Kind.HIGHEST, s.get(0))),
        named("sessionMin", "Lowest since the day's first bar; days part at 17:00 in New York")
            .with(Parameter.series("x", "low"))
            .inPrice()
            .is((c, s, n) -> new SessionLevel(c, SessionLevel.Kind.LOWEST, s.get(0))),
        named(
                "previousSession",
                "The value at the end of the day before (17:00 New York); missing on the first day")
            .x()
            .inPrice()
            .is((c, s, n) -> new SessionLevel(c, SessionLevel.Kind.PREVIOUS, s.get(0))),
        named(
                "pivots",
                "Floor traders' pivot points of the day before, which ended at 17:00 in New York")
            .inPrice()
            .output("pivot", "(high1 + low1 + previousSession(close)) / 3")
            .output("r1", "2 * pivot - low1")
            .output("s1", "2 * pivot - high1")
            .output("r2", "pivot + high1 - low1")
            .output("s2", "pivot - high1 + low1")
            .output("r3", "high1 + 2 * (pivot - low1)")
            .output("s3", "low1 - 2 * (high1 - pivot)")
            .output("high1", "previousSession(sessionMax(high))")
            .output("low1", "previousSession(sessionMin(low))")
            .done());
  }
}
