package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import java.util.List;

/** What the platforms list besides: other cuts of price, momentum and volume. */
final class Variants {
  private Variants() {}

  static List<Indicator> prices() {
    return List.of(
        named("hlcc4", "Weighted close").inPrice().is("(high + low + 2 * close) / 4"),
        named("heikinAshi", "Heikin-Ashi candle; its open is begun with the first mean of four")
            .inPrice()
            .output("haClose", "ohlc4")
            .output("haOpen", "smoothed(lag(ohlc4, 1), 0.5, 1)")
            .output("haHigh", "greater(high, greater(haOpen, haClose))")
            .output("haLow", "lesser(low, lesser(haOpen, haClose))")
            .done());
  }

  static List<Indicator> momentum() {
    return List.of(
        named("stochasticFast", "Fast stochastic: place of the close, and its SMA")
            .with(Parameter.integer("period", 14, 1))
            .with(Parameter.integer("signal", 3, 1))
            .output("k", "stochastic(period, signal, 1).raw")
            .output("d", "sma(k, signal)")
            .done(),
        named("rocBands", "Rate of change in percent, its EMA, and the root mean square around 0")
            .x()
            .period(12)
            .with(Parameter.integer("smoothing", 3, 1))
            .with(Parameter.integer("window", 12, 1))
            .output("roc", "roc(x, period)")
            .output("signal", "ema(roc, smoothing)")
            .output("upper", "sqrt(mean(roc * roc, window))")
            .output("lower", "-upper")
            .done(),
        named("elderRay", "Elder's bull and bear power: extremes less the EMA, and their sum")
            .period(13)
            .inPrice()
            .output("power", "bull + bear")
            .output("bull", "high - ema(close, period)")
            .output("bear", "low - ema(close, period)")
            .done(),
        named(
                "relativeVolatility",
                "Relative volatility index, 0 to 100: EMA of the deviation on rising bars by that"
                    + " on all; 50 where flat")
            .x()
            .period(10)
            .with(Parameter.integer("smoothing", 14, 1))
            .output("value", "100 * ratio(up, up + down, 0.5)")
            .output("up", "ema((diff(x, 1) > 0) * std(x, period), smoothing)")
            .output("down", "ema((diff(x, 1) <= 0) * std(x, period), smoothing)")
            .done(),
        named("imi", "Intraday momentum index, 0 to 100: rising bodies by all; 50 where flat")
            .period(14)
            .is(
                "100 * ratio(sum(greater(close - open, 0), period), sum(abs(close - open), period),"
                    + " 0.5)"),
        named(
                "squeeze",
                "Bollinger bands inside the Keltner channel: 1, else 0; and the regression's end of"
                    + " the close's distance from the middle of range and SMA")
            .period(20)
            .with(Parameter.real("deviations", 2))
            .with(Parameter.real("multiple", 1.5))
            .output(
                "on",
                "(bollinger(close, period, deviations).upper < keltner(period, multiple,"
                    + " period).upper) * (bollinger(close, period, deviations).lower >"
                    + " keltner(period, multiple, period).lower)")
            .inPrice()
            .output("momentum", "lsma(close - (midprice(period) + sma(close, period)) / 2, period)")
            .done(),
        named("disparity", "Distance from the SMA in percent")
            .x()
            .period(14)
            .is("100 * (x - sma(x, period)) / sma(x, period)"),
        named("vhf", "Vertical horizontal filter, 0 to 1: range by path; 0 where flat")
            .x()
            .period(28)
            .is("ratio(max(x, period + 1) - min(x, period + 1), sum(abs(diff(x, 1)), period), 0)"),
        named("forecast", "Time series forecast: the regression line one bar ahead")
            .x()
            .with(Parameter.integer("period", 14, 2))
            .inPrice()
            .is("regression(x, period).end + regression(x, period).slope"),
        named("gator", "Gator oscillator: how far the alligator's mouth is open")
            .inPrice()
            .output("upper", "abs(alligator.jaw - alligator.teeth)")
            .output("lower", "-abs(alligator.teeth - alligator.lips)")
            .done());
  }

  static List<Indicator> volatility() {
    return List.of(
        named("variance", "Variance of the last bars, divided by n (population)")
            .x()
            .period(20)
            .is("std(x, period) * std(x, period)"),
        named("covariance", "Covariance of two series, divided by n (population)")
            .with(Parameter.series("x", null))
            .with(Parameter.series("y", null))
            .period(20)
            .is("correlation(x, y, period) * std(x, period) * std(y, period)"),
        named(
                "historicalVolatility",
                "Deviation of logarithmic returns in percent, of one bar or of a span of bars")
            .x()
            .period(20)
            .with(Parameter.integer("bars", 1, 1))
            .is("100 * std(logReturn(x, 1), period) * sqrt(bars)"),
        named("chaikinVolatility", "Rate of change of the range's EMA, in percent; missing if flat")
            .period(10)
            .with(Parameter.integer("change", 10, 1))
            .is("roc(ema(high - low, period), change)"));
  }

  static List<Indicator> volume() {
    return List.of(
        named(
                "chaikinOscillator",
                "MACD of the accumulation line, fast less slow EMA, written in its changes so that"
                    + " no running total is kept")
            .with(Parameter.integer("fast", 3, 1))
            .with(Parameter.integer("slow", 10, 1))
            .is(
                "(slow - 1) / 2 * ema(adl.multiplier * volume, slow)"
                    + " - (fast - 1) / 2 * ema(adl.multiplier * volume, fast)"),
        named("pvt", "Change of the price volume trend over the period")
            .period(20)
            .is("sum(return(close, 1) * volume, period)"));
  }
}
