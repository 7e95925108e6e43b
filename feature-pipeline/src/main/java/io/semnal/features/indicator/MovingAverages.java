package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import io.semnal.features.graph.AdaptiveAverage;
import io.semnal.features.graph.McGinleyDynamic;
import io.semnal.features.graph.Smoothed;
import io.semnal.features.graph.Weighted;
import io.semnal.features.graph.Windows;
import java.util.List;

/** Averages of a series. */
final class MovingAverages {
  private MovingAverages() {}

  static List<Indicator> all() {
    return List.of(
        average("sma", "Simple moving average", 20)
            .is((c, s, n) -> new Windows.Mean(s.get(0), (int) n[0])),
        average("ema", "Exponential moving average, 2 / (n + 1), begun with the SMA", 20)
            .is((c, s, n) -> Smoothed.exponential(s.get(0), (int) n[0])),
        average("smma", "Wilder's smoothed moving average (RMA), 1 / n, begun with the SMA", 14)
            .is((c, s, n) -> Smoothed.wilder(s.get(0), (int) n[0])),
        average("wma", "Linearly weighted moving average", 20)
            .is((c, s, n) -> new Windows.LinearlyWeighted(s.get(0), (int) n[0])),
        average("dema", "Double exponential moving average (Mulloy 1994)", 20)
            .is("2 * ema(x, period) - ema(ema(x, period), period)"),
        average("tema", "Triple exponential moving average (Mulloy 1994)", 20)
            .is(
                "3 * ema(x, period) - 3 * ema(ema(x, period), period)"
                    + " + ema(ema(ema(x, period), period), period)"),
        average("trima", "Triangular moving average: the SMA of the SMA over half the period", 20)
            .is("sma(sma(x, floor(period / 2) + 1), floor((period + 1) / 2))"),
        average("hma", "Hull's moving average (2005)", 20)
            .is(
                "wma(2 * wma(x, greater(floor(period / 2), 1)) - wma(x, period),"
                    + " floor(sqrt(period)))"));
  }

  /** Averages that were added later, so that each list fits a screen. */
  static List<Indicator> more() {
    return List.of(
        named("smoothed", "Exponential average of a given weight, begun with the mean of the seed")
            .x()
            .with(Parameter.weight("weight"))
            .with(Parameter.integer("seed", 1, 1))
            .inPrice()
            .is((c, s, n) -> new Smoothed(s.get(0), n[0], (int) n[1])),
        named(
                "adaptive",
                "Exponential average whose weight is a series, begun with the first value; a"
                    + " warm-up reckons with the slowest weight")
            .x()
            .with(Parameter.series("weight", null))
            .with(Parameter.weight("slowest"))
            .inPrice()
            .is((c, s, n) -> new AdaptiveAverage(s.get(0), s.get(1), n[0])),
        average(
                "lsma",
                "Least-squares moving average, also endpoint average: the end of the regression"
                    + " line over the last bars, which is 3 WMA − 2 SMA",
                20)
            .is("3 * wma(x, period) - 2 * sma(x, period)"),
        average("vwma", "Volume-weighted moving average; missing where no volume", 20)
            .is("sum(x * volume, period) / sum(volume, period)"),
        average("zlema", "EMA of x plus its change over half the period (Ehlers and Way 2010)", 20)
            .is("ema(2 * x - lag(x, floor((period - 1) / 2)), period)"),
        average("gd", "Generalised DEMA (Tillson 1998): factor 0 is the EMA, 1 the DEMA", 5)
            .with(Parameter.real("factor", 0.7))
            .is("(1 + factor) * ema(x, period) - factor * ema(ema(x, period), period)"),
        average("t3", "Tillson's T3 (1998): the generalised DEMA three times", 5)
            .with(Parameter.real("factor", 0.7))
            .is("gd(gd(gd(x, period, factor), period, factor), period, factor)"),
        average(
                "alma",
                "Arnaud Legoux moving average (2009): Gaussian weights around offset (n − 1) of"
                    + " width n / sigma",
                9)
            .with(Parameter.share("offset", 0.85))
            .with(Parameter.real("sigma", 6))
            .is((c, s, n) -> Weighted.gaussian(s.get(0), (int) n[0], n[1], n[2])),
        named("efficiency", "Kaufman's efficiency ratio, 0 to 1: net change by path; 0 where flat")
            .x()
            .period(10)
            .is("ratio(abs(diff(x, period)), sum(abs(diff(x, 1)), period), 0)"),
        average(
                "kama",
                "Kaufman's adaptive moving average (1995), begun with the first value that has an"
                    + " efficiency",
                10)
            .with(Parameter.integer("fast", 2, 1))
            .with(Parameter.integer("slow", 30, 1))
            .is(
                "adaptive(x, (efficiency(x, period) * (2 / (fast + 1) - 2 / (slow + 1))"
                    + " + 2 / (slow + 1)) * (efficiency(x, period) * (2 / (fast + 1) - 2 / (slow +"
                    + " 1)) + 2 / (slow + 1)), 4 / ((greater(fast, slow) + 1) * (greater(fast, slow) + 1)))"),
        average(
                "vidya",
                "Variable index dynamic average (Chande 1994): an EMA whose weight is multiplied by"
                    + " |CMO|; a warm-up reckons with 0.1",
                14)
            .with(Parameter.integer("momentum", 9, 1))
            .is("adaptive(x, 2 / (period + 1) * abs(cmo(x, momentum)) / 100, 0.2 / (period + 1))"),
        average(
                "frama",
                "Fractal adaptive moving average (Ehlers 2005) of x, dimension from high and low"
                    + " over the two halves of the period; weights held in 0.01 to 1",
                16)
            .output("value", "adaptive(x, clamp(exp(-4.6 * (dimension - 1)), 0.01, 1), 0.01)")
            .pure()
            .output(
                "dimension",
                "log(greater(ratio(2 * (max(high, floor(period / 2)) - min(low, floor(period / 2))"
                    + " + lag(max(high, floor(period / 2)) - min(low, floor(period / 2)),"
                    + " floor(period / 2))), max(high, 2 * floor(period / 2))"
                    + " - min(low, 2 * floor(period / 2)), 4), 0.001)) / log(2)")
            .done(),
        average("mcginley", "McGinley Dynamic (1990), k = 0.6, begun with the first value", 14)
            .is((c, s, n) -> new McGinleyDynamic(s.get(0), (int) n[0])));
  }

  private static Indicator.Builder average(String name, String description, int period) {
    return named(name, description).x().period(period).inPrice();
  }
}
