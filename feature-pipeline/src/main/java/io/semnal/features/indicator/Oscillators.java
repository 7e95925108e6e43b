package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import java.util.List;

/** More of speed and position of the price; flat windows say the middle, as in {@link Momentum}. */
final class Oscillators {
  private Oscillators() {}

  static List<Indicator> all() {
    return List.of(
        named(
                "connorsRsi",
                "Mean of RSI, RSI of the streak and rank of the return (Connors 2012), 0 to 100")
            .x()
            .with(Parameter.integer("period", 3, 1))
            .with(Parameter.integer("streakPeriod", 2, 1))
            .with(Parameter.integer("rankPeriod", 100, 1))
            .is(
                "(rsi(x, period) + rsi(streak(x), streakPeriod)"
                    + " + rank(return(x, 1), rankPeriod)) / 3"),
        named(
                "tsi",
                "True strength index (Blau 1991), −100 to 100: changes smoothed twice by EMA, slow"
                    + " then fast; 0 where flat")
            .x()
            .with(Parameter.integer("slow", 25, 1))
            .with(Parameter.integer("fast", 13, 1))
            .with(Parameter.integer("smoothing", 7, 1))
            .output(
                "tsi",
                "100 * ratio(ema(ema(diff(x, 1), slow), fast),"
                    + " ema(ema(abs(diff(x, 1)), slow), fast), 0)")
            .output("signal", "ema(tsi, smoothing)")
            .done(),
        named("ultimate", "Ultimate oscillator (Williams 1976), 0 to 100; 50 where flat")
            .with(Parameter.integer("short", 7, 1))
            .with(Parameter.integer("middle", 14, 1))
            .with(Parameter.integer("long", 28, 1))
            .is(
                "100 * (4 * ratio(sum(close - lesser(low, lag(close, 1)), short),"
                    + " sum(trueRange, short), 0.5)"
                    + " + 2 * ratio(sum(close - lesser(low, lag(close, 1)), middle),"
                    + " sum(trueRange, middle), 0.5)"
                    + " + ratio(sum(close - lesser(low, lag(close, 1)), long),"
                    + " sum(trueRange, long), 0.5)) / 7"),
        named(
                "fisher",
                "Fisher transform (Ehlers 2002) of the middle's place in its range, smoothed by"
                    + " 0.33 before (begun with the first place, held within ±0.999) and by 0.5"
                    + " after")
            .period(10)
            .output("fisher", "smoothed(log((1 + place) / (1 - place)), 0.5, 1)")
            .output("trigger", "lag(fisher, 1)")
            .output(
                "place",
                "clamp(smoothed(2 * ratio(hl2 - min(hl2, period), max(hl2, period)"
                    + " - min(hl2, period), 0.5) - 1, 0.33, 1), -0.999, 0.999)")
            .done(),
        named("apo", "Absolute price oscillator: the MACD line without its signal")
            .x()
            .with(Parameter.integer("fast", 12, 1))
            .with(Parameter.integer("slow", 26, 1))
            .inPrice()
            .is("ema(x, fast) - ema(x, slow)"),
        named(
                "kst",
                "Know sure thing (Pring 1992): averages of four rates of change, weighted 1 to 4")
            .x()
            .with(Parameter.integer("smoothing", 9, 1))
            .with(Parameter.integer("roc1", 10, 1))
            .with(Parameter.integer("roc2", 15, 1))
            .with(Parameter.integer("roc3", 20, 1))
            .with(Parameter.integer("roc4", 30, 1))
            .with(Parameter.integer("mean1", 10, 1))
            .with(Parameter.integer("mean2", 10, 1))
            .with(Parameter.integer("mean3", 10, 1))
            .with(Parameter.integer("mean4", 15, 1))
            .output(
                "kst",
                "sma(roc(x, roc1), mean1) + 2 * sma(roc(x, roc2), mean2)"
                    + " + 3 * sma(roc(x, roc3), mean3) + 4 * sma(roc(x, roc4), mean4)")
            .output("signal", "sma(kst, smoothing)")
            .done(),
        named("coppock", "Coppock curve (1962): WMA of two rates of change")
            .x()
            .with(Parameter.integer("slow", 14, 1))
            .with(Parameter.integer("fast", 11, 1))
            .period(10)
            .is("wma(roc(x, slow) + roc(x, fast), period)"),
        named(
                "dpo",
                "Detrended price oscillator: x of half a period and one bar ago less the SMA; never"
                    + " drawn back in time, which would look ahead")
            .x()
            .period(20)
            .inPrice()
            .is("lag(x, floor(period / 2) + 1) - sma(x, period)"),
        named(
                "stc",
                "Schaff trend cycle (1999), 0 to 100: the stochastic of the stochastic of MACD, each"
                    + " smoothed by 0.5 from its first value; 50 where a range is below 1e-9 of the"
                    + " price or 1e-9")
            .x()
            .with(Parameter.integer("cycle", 10, 1))
            .with(Parameter.integer("fast", 23, 1))
            .with(Parameter.integer("slow", 50, 1))
            .output(
                "stc",
                "smoothed(100 * ratio(first - min(first, cycle), (max(first, cycle)"
                    + " - min(first, cycle)) * (max(first, cycle) - min(first, cycle) > 1e-9), 0.5),"
                    + " 0.5, 1)")
            .output(
                "first",
                "smoothed(100 * ratio(apo(x, fast, slow) - min(apo(x, fast, slow), cycle),"
                    + " (max(apo(x, fast, slow), cycle) - min(apo(x, fast, slow), cycle))"
                    + " * (max(apo(x, fast, slow), cycle) - min(apo(x, fast, slow), cycle)"
                    + " > 1e-9 * x), 0.5), 0.5, 1)")
            .done(),
        named(
                "qqe",
                "Quantitative qualitative estimation (Livshin), 0 to 100: smoothed RSI and the"
                    + " trailing band around it, factor times its mean change smoothed twice")
            .x()
            .period(14)
            .with(Parameter.integer("smoothing", 5, 1))
            .with(Parameter.real("factor", 4.236))
            .output("line", "ema(rsi(x, period), smoothing)")
            .output(
                "trail",
                "trailingBand(line, factor * ema(ema(abs(diff(line, 1)), 2 * period - 1),"
                    + " 2 * period - 1), line)")
            .done(),
        named(
                "rvi",
                "Relative vigor index (Ehlers 2002): body by range, weights 1 2 2 1; 0 where flat")
            .period(10)
            .output(
                "rvi",
                "ratio(sum(close - open + 2 * lag(close - open, 1) + 2 * lag(close - open, 2)"
                    + " + lag(close - open, 3), period), sum(high - low + 2 * lag(high - low, 1)"
                    + " + 2 * lag(high - low, 2) + lag(high - low, 3), period), 0)")
            .output("signal", "(rvi + 2 * lag(rvi, 1) + 2 * lag(rvi, 2) + lag(rvi, 3)) / 6")
            .done(),
        named(
                "smi",
                "Stochastic momentum index (Blau 1993), −100 to 100: the close from the middle of"
                    + " the range, both smoothed twice by EMAs begun with their first value")
            .with(Parameter.integer("period", 13, 1))
            .with(Parameter.integer("first", 25, 1))
            .with(Parameter.integer("second", 2, 1))
            .with(Parameter.integer("smoothing", 3, 1))
            .output(
                "smi",
                "100 * ratio(smoothed(smoothed(close - (max(high, period) + min(low, period)) / 2,"
                    + " 2 / (first + 1), 1), 2 / (second + 1), 1),"
                    + " 0.5 * smoothed(smoothed(max(high, period) - min(low, period),"
                    + " 2 / (first + 1), 1), 2 / (second + 1), 1), 0)")
            .output("signal", "smoothed(smi, 2 / (smoothing + 1), 1)")
            .done(),
        named(
                "pmo",
                "Price momentum oscillator (Swenlin): the return in percent smoothed by 2 / n twice,"
                    + " begun with the means, times ten")
            .x()
            .with(Parameter.integer("slow", 35, 2))
            .with(Parameter.integer("fast", 20, 2))
            .with(Parameter.integer("smoothing", 10, 1))
            .output("pmo", "smoothed(10 * smoothed(roc(x, 1), 2 / slow, slow), 2 / fast, fast)")
            .output("signal", "ema(pmo, smoothing)")
            .done(),
        named(
                "bop",
                "Balance of power (Livshin 2001), −1 to 1: body by range, averaged; 0 where flat")
            .period(14)
            .is("sma(ratio(close - open, high - low, 0), period)"));
  }
}
