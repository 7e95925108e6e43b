package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import java.util.List;

/**
 * Speed and position of the price. Where a window is flat, an oscillator says its middle: RSI,
 * stochastic and %B 50 (0.5), Williams %R −50, CCI 0.
 */
final class Momentum {
  private Momentum() {}

  static List<Indicator> all() {
    return List.of(
        named("return", "Simple return over some bars: x / lag − 1")
            .x()
            .with(Parameter.integer("bars", 1, 1))
            .is("x / lag(x, bars) - 1"),
        named("logReturn", "Logarithmic return over some bars")
            .x()
            .with(Parameter.integer("bars", 1, 1))
            .is("log(x / lag(x, bars))"),
        named("momentum", "Change over the period").x().period(10).inPrice().is("diff(x, period)"),
        named("roc", "Rate of change over the period, in percent")
            .x()
            .period(10)
            .is("100 * (x - lag(x, period)) / lag(x, period)"),
        named("rsi", "Relative strength index (Wilder 1978), averages begun with their SMA")
            .x()
            .period(14)
            .is(
                "100 * ratio(smma(greater(diff(x, 1), 0), period),"
                    + " smma(greater(diff(x, 1), 0), period)"
                    + " + smma(greater(-diff(x, 1), 0), period), 0.5)"),
        named("macd", "Moving average convergence/divergence; each EMA begun with its own SMA")
            .x()
            .with(Parameter.integer("fast", 12, 1))
            .with(Parameter.integer("slow", 26, 1))
            .with(Parameter.integer("smoothing", 9, 1))
            .inPrice()
            .output("macd", "ema(x, fast) - ema(x, slow)")
            .output("signal", "ema(macd, smoothing)")
            .output("histogram", "macd - signal")
            .done(),
        named("stochastic", "Place of the close in the range of the last bars, smoothed (Lane)")
            .with(Parameter.integer("period", 14, 1))
            .with(Parameter.integer("signal", 3, 1))
            .with(Parameter.integer("slowing", 3, 1))
            .output("k", "sma(raw, slowing)")
            .output("d", "sma(k, signal)")
            .output("j", "3 * k - 2 * d")
            .output(
                "raw",
                "100 * ratio(close - min(low, period), max(high, period) - min(low, period), 0.5)")
            .done(),
        named("williamsR", "Williams %R, −100 to 0")
            .period(14)
            .is(
                "-100 * ratio(max(high, period) - close, max(high, period) - min(low, period), 0.5)"),
        named("cci", "Commodity channel index (Lambert 1980)")
            .period(20)
            .is("ratio(hlc3 - sma(hlc3, period), 0.015 * meanDeviation(hlc3, period), 0)"),
        named("cmo", "Chande momentum oscillator, −100 to 100")
            .x()
            .period(14)
            .is("100 * ratio(sum(diff(x, 1), period), sum(abs(diff(x, 1)), period), 0)"),
        named("ppo", "MACD in percent of the slow average")
            .x()
            .with(Parameter.integer("fast", 12, 1))
            .with(Parameter.integer("slow", 26, 1))
            .is("100 * (ema(x, fast) - ema(x, slow)) / ema(x, slow)"),
        named("trix", "One-bar change of the triple EMA in percent")
            .x()
            .period(15)
            .is("100 * return(ema(ema(ema(x, period), period), period), 1)"),
        named("awesome", "Awesome oscillator: SMA of the middle, fast minus slow")
            .with(Parameter.integer("fast", 5, 1))
            .with(Parameter.integer("slow", 34, 1))
            .inPrice()
            .is("sma(hl2, fast) - sma(hl2, slow)"),
        named("stochRsi", "Place of the RSI in its own range (Chande and Kroll 1994)")
            .x()
            .with(Parameter.integer("period", 14, 1))
            .with(Parameter.integer("window", 14, 1))
            .with(Parameter.integer("signal", 3, 1))
            .with(Parameter.integer("slowing", 1, 1))
            .output("k", "sma(raw, slowing)")
            .output("d", "sma(k, signal)")
            // A range of rounding errors is flat: an RSI keeps its value while the price stands
            // still.
            .output(
                "raw",
                "100 * ratio(rsi(x, period) - min(rsi(x, period), window),"
                    + " range * (range > 1e-9), 0.5)")
            .output("range", "max(rsi(x, period), window) - min(rsi(x, period), window)")
            .done());
  }
}
