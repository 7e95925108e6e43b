package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import io.semnal.features.graph.Joint;
import io.semnal.features.graph.Moment;
import java.util.List;

/** More of the width of the market and of how its values are spread; per bar, not annualised. */
final class Volatility {
  private Volatility() {}

  static List<Indicator> all() {
    return List.of(
        named("realisedVariance", "Sum of the squared logarithmic returns of the last bars")
            .x()
            .period(20)
            .is("sum(logReturn(x, 1) * logReturn(x, 1), period)"),
        named("parkinson", "Volatility per bar from high and low (Parkinson 1980)")
            .period(20)
            .is("sqrt(mean(log(high / low) * log(high / low), period) / (4 * log(2)))"),
        named("garmanKlass", "Volatility per bar from the four prices (Garman and Klass 1980)")
            .period(20)
            .is(
                "sqrt(greater(mean(0.5 * log(high / low) * log(high / low) - (2 * log(2) - 1)"
                    + " * log(close / open) * log(close / open), period), 0))"),
        named("rogersSatchell", "Volatility per bar, free of drift (Rogers and Satchell 1991)")
            .period(20)
            .is(
                "sqrt(greater(mean(log(high / close) * log(high / open)"
                    + " + log(low / close) * log(low / open), period), 0))"),
        named(
                "yangZhang",
                "Volatility per bar with the gaps between bars (Yang and Zhang 2000), sample"
                    + " variances, k = 0.34 / (1.34 + (n + 1) / (n − 1))")
            .with(Parameter.integer("period", 20, 2))
            .is(
                "sqrt(std(log(open / lag(close, 1)), period) * std(log(open / lag(close, 1)), period)"
                    + " * period / (period - 1)"
                    + " + 0.34 / (1.34 + (period + 1) / (period - 1))"
                    + " * std(log(close / open), period) * std(log(close / open), period)"
                    + " * period / (period - 1)"
                    + " + (1 - 0.34 / (1.34 + (period + 1) / (period - 1)))"
                    + " * rogersSatchell(period) * rogersSatchell(period))"),
        named(
                "ulcer",
                "Ulcer index (Martin 1987): root mean square fall from the period's high, in %")
            .x()
            .period(14)
            .is("100 * sqrt(mean((x / max(x, period) - 1) * (x / max(x, period) - 1), period))"),
        named("choppiness", "Choppiness index (Dreiss), 0 to 100; missing where flat")
            .with(Parameter.integer("period", 14, 2))
            .is(
                "100 * log(sum(trueRange, period) / (max(high, period) - min(low, period)))"
                    + " / log(period)"),
        named("chandeKroll", "Chande–Kroll stop (1994): extremes less ATRs, then their extremes")
            .period(10)
            .with(Parameter.real("multiple", 1))
            .with(Parameter.integer("stop", 9, 1))
            .inPrice()
            .output("short", "max(max(high, period) - multiple * atr(period), stop)")
            .output("long", "min(min(low, period) + multiple * atr(period), stop)")
            .done(),
        named("starc", "Stoller's bands: SMA and multiples of ATR")
            .period(20)
            .with(Parameter.real("multiple", 2))
            .with(Parameter.integer("atrPeriod", 10, 1))
            .inPrice()
            .output("middle", "sma(close, period)")
            .output("upper", "middle + multiple * atr(atrPeriod)")
            .output("lower", "middle - multiple * atr(atrPeriod)")
            .done(),
        named("skew", "Skewness of the last bars, population moments; 0 where flat")
            .x()
            .period(20)
            .is((c, s, n) -> new Moment(s.get(0), (int) n[0], 3)),
        named("kurtosis", "Excess kurtosis of the last bars, population moments; 0 where flat")
            .x()
            .period(20)
            .is((c, s, n) -> new Moment(s.get(0), (int) n[0], 4)),
        named("correlation", "Pearson's correlation of two series; 0 where one is flat")
            .with(Parameter.series("x", null))
            .with(Parameter.series("y", null))
            .period(20)
            .is((c, s, n) -> new Joint(s.get(0), s.get(1), (int) n[0], false)),
        named("beta", "Slope of the first series on the second; 0 where one is flat")
            .with(Parameter.series("x", null))
            .with(Parameter.series("y", null))
            .period(20)
            .is((c, s, n) -> new Joint(s.get(0), s.get(1), (int) n[0], true)),
        named(
                "autocorrelation",
                "Correlation of a series with itself some bars ago; of returns, mostly")
            .x()
            .period(20)
            .with(Parameter.integer("bars", 1, 1))
            .is("correlation(x, lag(x, bars), period)"),
        named(
                "hurst",
                "Hurst exponent by scaling: log of the deviation of changes over some bars by that of"
                    + " one-bar changes, by log of the bars; 0.5 for a random walk, missing where"
                    + " flat")
            .x()
            .period(100)
            .with(Parameter.integer("bars", 8, 2))
            .is("log(std(diff(x, bars), period) / std(diff(x, 1), period)) / log(bars)"),
        named(
                "entropy",
                "Shannon's entropy of the sign of the change, in bits: 0 one-sided, 1 even")
            .x()
            .period(20)
            .output(
                "value",
                "-(up * log(up + (up == 0)) + (1 - up) * log(1 - up + (up == 1))) / log(2)")
            .output("up", "mean(diff(x, 1) > 0, period)")
            .done());
  }
}
