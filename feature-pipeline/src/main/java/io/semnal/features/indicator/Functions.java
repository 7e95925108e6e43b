package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import io.semnal.features.graph.Deviation;
import io.semnal.features.graph.Elementwise;
import io.semnal.features.graph.Elementwise.Function;
import io.semnal.features.graph.Extreme;
import io.semnal.features.graph.ExtremeAge;
import io.semnal.features.graph.MeanDeviation;
import io.semnal.features.graph.Rank;
import io.semnal.features.graph.Runs;
import io.semnal.features.graph.Windows;
import java.util.List;

/** Functions of any series: elementwise, over time, over a window. */
final class Functions {
  private Functions() {}

  static List<Indicator> all() {
    return List.of(
        function("abs", "Absolute value", Function.Kind.ABS),
        function("log", "Natural logarithm; missing at or below zero", Function.Kind.LOG),
        function("sqrt", "Square root; missing below zero", Function.Kind.SQRT),
        function("sign", "-1, 0 or 1", Function.Kind.SIGN),
        function("floor", "Largest whole number not above x", Function.Kind.FLOOR),
        named("lesser", "The lesser of two")
            .with(Parameter.series("a", null))
            .with(Parameter.series("b", null))
            .is((c, s, n) -> new Elementwise.Lesser(s.get(0), s.get(1))),
        named("greater", "The greater of two")
            .with(Parameter.series("a", null))
            .with(Parameter.series("b", null))
            .is((c, s, n) -> new Elementwise.Greater(s.get(0), s.get(1))),
        named("ratio", "a / b, or a third value where b is zero")
            .with(Parameter.series("a", null))
            .with(Parameter.series("b", null))
            .with(Parameter.series("otherwise", "0"))
            .is((c, s, n) -> new Elementwise.Ratio(s.get(0), s.get(1), s.get(2))),
        named("clamp", "x, held between low and high")
            .with(Parameter.series("x", null))
            .with(Parameter.series("low", null))
            .with(Parameter.series("high", null))
            .is("lesser(greater(x, low), high)"),
        named("lag", "The value some bars ago")
            .x()
            .with(Parameter.integer("bars", 1, 0))
            .is((c, s, n) -> new Windows.Lag(s.get(0), (int) n[0])),
        named("diff", "Change over some bars")
            .x()
            .with(Parameter.integer("bars", 1, 1))
            .is("x - lag(x, bars)"),
        named("sum", "Sum of the last bars")
            .x()
            .period(20)
            .is((c, s, n) -> new Windows.Sum(s.get(0), (int) n[0])),
        named("mean", "Arithmetic mean of the last bars; the same as sma")
            .x()
            .period(20)
            .is("sma(x, period)"),
        named("min", "Lowest of the last bars; of two series: lesser")
            .x()
            .period(20)
            .is((c, s, n) -> new Extreme(Extreme.Kind.LOWEST, s.get(0), (int) n[0])),
        named("max", "Highest of the last bars; of two series: greater")
            .x()
            .period(20)
            .is((c, s, n) -> new Extreme(Extreme.Kind.HIGHEST, s.get(0), (int) n[0])),
        named("barsSinceMin", "Bars since the lowest of the last bars")
            .x()
            .period(20)
            .is((c, s, n) -> new ExtremeAge(Extreme.Kind.LOWEST, s.get(0), (int) n[0])),
        named("barsSinceMax", "Bars since the highest of the last bars")
            .x()
            .period(20)
            .is((c, s, n) -> new ExtremeAge(Extreme.Kind.HIGHEST, s.get(0), (int) n[0])),
        named("std", "Standard deviation of the last bars, divided by n (population)")
            .x()
            .period(20)
            .is((c, s, n) -> new Deviation(s.get(0), (int) n[0])),
        named("meanDeviation", "Mean absolute deviation from the mean of the last bars")
            .x()
            .period(20)
            .is((c, s, n) -> new MeanDeviation(s.get(0), (int) n[0])),
        named("zscore", "Distance from the mean of the last bars in deviations; 0 where flat")
            .x()
            .period(20)
            .is("ratio(x - sma(x, period), std(x, period), 0)"));
  }

  /** Functions that were added later, so that each list fits a screen. */
  static List<Indicator> more() {
    return List.of(
        named("exp", "e to the power of x")
            .with(Parameter.series("x", null))
            .is((c, s, n) -> new Function(Function.Kind.EXP, s.get(0))),
        named("rank", "Percentage of the last values, the present one left out, that are less")
            .x()
            .period(100)
            .is((c, s, n) -> new Rank(s.get(0), (int) n[0])),
        named("streak", "Bars in a row that x has risen, negative where it has fallen")
            .x()
            .is((c, s, n) -> new Runs.Streak(s.get(0))));
  }

  private static Indicator function(String name, String description, Function.Kind kind) {
    return named(name, description)
        .with(Parameter.series("x", null))
        .is((c, s, n) -> new Function(kind, s.get(0)));
  }
}
