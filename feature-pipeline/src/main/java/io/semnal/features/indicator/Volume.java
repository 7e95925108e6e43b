package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import io.semnal.features.expression.Expression.Operator;
import io.semnal.features.graph.ConstantNode;
import io.semnal.features.graph.Elementwise;
import io.semnal.features.graph.Runs;
import io.semnal.features.graph.SessionSum;
import java.util.List;

/**
 * Price and volume together; volume is the bar's tick count where it was made from quotes. A
 * running total depends on where history begins, so that the classic ones are taken over a window:
 * it is the total's change over the period.
 */
final class Volume {
  private Volume() {}

  static List<Indicator> all() {
    return List.of(
        named("obv", "Change of on-balance volume (Granville 1963) over the period")
            .period(20)
            .is("sum(sign(diff(close, 1)) * volume, period)"),
        named("adl", "Change of the accumulation/distribution line (Chaikin) over the period")
            .period(20)
            .output("value", "sum(multiplier * volume, period)")
            .output("multiplier", "ratio(2 * close - high - low, high - low, 0)")
            .done(),
        named("cmf", "Chaikin money flow, −1 to 1; 0 where no volume")
            .period(20)
            .is("ratio(adl(period), sum(volume, period), 0)"),
        named("mfi", "Money flow index (Quong and Soudack 1989), 0 to 100; 50 where flat")
            .period(14)
            .is(
                "100 * ratio(sum((diff(hlc3, 1) > 0) * hlc3 * volume, period),"
                    + " sum((diff(hlc3, 1) != 0) * hlc3 * volume, period), 0.5)"),
        named("force", "Force index (Elder 1993): EMA of change times volume")
            .period(13)
            .is("ema(diff(close, 1) * volume, period)"),
        named("sessionSum", "Sum since the day's first bar; days part at 17:00 in New York")
            .with(Parameter.series("x", null))
            .is((c, s, n) -> new SessionSum(c, s.get(0))),
        named("vwap", "Volume-weighted typical price since the day's first bar (17:00 New York)")
            .inPrice()
            .is("sessionSum(hlc3 * volume) / sessionSum(volume)"),
        named("runSum", "Sum over the bars of one sign and the bar before them")
            .with(Parameter.series("x", null))
            .with(Parameter.series("sign", null))
            .is((c, s, n) -> new Runs.RunSum(s.get(0), s.get(1))),
        named("klinger", "Klinger's volume oscillator (1997)")
            .with(Parameter.integer("fast", 34, 1))
            .with(Parameter.integer("slow", 55, 1))
            .with(Parameter.integer("smoothing", 13, 1))
            .output("kvo", "ema(force, fast) - ema(force, slow)")
            .output("signal", "ema(kvo, smoothing)")
            .output(
                "force",
                "100 * volume * trend * abs(2 * (ratio(high - low, runSum(high - low, trend), 0)"
                    + " - 1))")
            .output("trend", "2 * (diff(hlc3, 1) > 0) - 1")
            .done(),
        named(
                "emv",
                "Ease of movement (Arms): change of the middle times range by volume; 0 without")
            .period(14)
            .is("sma(ratio(diff(hl2, 1) * (high - low), volume, 0), period)"),
        named("perSecond", "A value of the bar by the seconds of its timeframe")
            .with(Parameter.series("x", null))
            .is(
                (c, s, n) ->
                    Elementwise.binary(
                        Operator.DIVIDE, s.get(0), new ConstantNode(c.timeframe().seconds()))),
        named("quoteRate", "Quotes per second of the bar's timeframe").is("perSecond(volume)"),
        named("pvo", "MACD of volume in percent of the slow average")
            .with(Parameter.integer("fast", 12, 1))
            .with(Parameter.integer("slow", 26, 1))
            .with(Parameter.integer("smoothing", 9, 1))
            .output("pvo", "ppo(volume, fast, slow)")
            .output("signal", "ema(pvo, smoothing)")
            .output("histogram", "pvo - signal")
            .done());
  }
}
