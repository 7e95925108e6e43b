package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import io.semnal.features.graph.ParabolicSar;
import io.semnal.features.graph.SuperTrend;
import java.util.List;

/** More of direction and strength of a trend. Lines drawn ahead are lagged, none is drawn back. */
final class Trends {
  private Trends() {}

  static List<Indicator> all() {
    return List.of(
        named("regression", "Least-squares line over the last bars; R² is 0 where flat")
            .x()
            .with(Parameter.integer("period", 20, 2))
            .inPrice()
            .output("slope", "6 * (wma(x, period) - sma(x, period)) / (period - 1)")
            .pure()
            .output(
                "r2",
                "lesser(ratio(slope * slope * (period * period - 1) / 12,"
                    + " std(x, period) * std(x, period), 0), 1)")
            .inPrice()
            .output("end", "lsma(x, period)")
            .done(),
        named("vortex", "Vortex (Botes and Siepman 2010); 0 where flat")
            .period(14)
            .output("oscillator", "plus - minus")
            .output(
                "plus", "ratio(sum(abs(high - lag(low, 1)), period), sum(trueRange, period), 0)")
            .output(
                "minus", "ratio(sum(abs(low - lag(high, 1)), period), sum(trueRange, period), 0)")
            .done(),
        named(
                "stopAndReverse",
                "Wilder's stop and reverse (1978) of two series, begun rising at the first low")
            .with(Parameter.series("up", null))
            .with(Parameter.series("down", null))
            .with(Parameter.real("start", 0.02))
            .with(Parameter.real("step", 0.02))
            .with(Parameter.real("most", 0.2))
            .inPrice()
            .is((c, s, n) -> new ParabolicSar(s.get(0), s.get(1), n[0], n[1], n[2])),
        named("psar", "Parabolic stop and reverse (Wilder 1978) of the bar's high and low")
            .with(Parameter.real("start", 0.02))
            .with(Parameter.real("step", 0.02))
            .with(Parameter.real("most", 0.2))
            .inPrice()
            .is("stopAndReverse(high, low, start, step, most)"),
        named(
                "trailingBand",
                "The band centre ± width on the side away from the close, which only tightens until"
                    + " the close leaves it")
            .with(Parameter.series("centre", null))
            .with(Parameter.series("width", null))
            .with(Parameter.series("x", "close"))
            .inPrice()
            .is((c, s, n) -> new SuperTrend(s.get(0), s.get(1), s.get(2))),
        named("superTrend", "SuperTrend (Seban): the trailing band of the middle and Wilder's ATR")
            .period(10)
            .with(Parameter.real("multiple", 3))
            .inPrice()
            .output("line", "trailingBand(hl2, multiple * atr(period), close)")
            .pure()
            .output("direction", "(close > line) - (close <= line)")
            .done(),
        named("ichimoku", "Ichimoku (Hosoda 1969); spans of 26 bars ago, no line of the future")
            .with(Parameter.integer("fast", 9, 1))
            .with(Parameter.integer("slow", 26, 1))
            .with(Parameter.integer("span", 52, 1))
            .inPrice()
            .output("tenkan", "(max(high, fast) + min(low, fast)) / 2")
            .output("kijun", "(max(high, slow) + min(low, slow)) / 2")
            .output("senkouA", "lag((tenkan + kijun) / 2, slow)")
            .output("senkouB", "lag((max(high, span) + min(low, span)) / 2, slow)")
            .done(),
        named(
                "alligator",
                "Alligator (Williams 1995): smoothed averages of the middle, some bars ago")
            .with(Parameter.integer("jawPeriod", 13, 1))
            .with(Parameter.integer("jawShift", 8, 0))
            .with(Parameter.integer("teethPeriod", 8, 1))
            .with(Parameter.integer("teethShift", 5, 0))
            .with(Parameter.integer("lipsPeriod", 5, 1))
            .with(Parameter.integer("lipsShift", 3, 0))
            .inPrice()
            .output("jaw", "lag(smma(hl2, jawPeriod), jawShift)")
            .output("teeth", "lag(smma(hl2, teethPeriod), teethShift)")
            .output("lips", "lag(smma(hl2, lipsPeriod), lipsShift)")
            .done(),
        named(
                "massIndex",
                "Mass index (Dorsey 1992): sum of range EMA by its EMA; a flat bar counts 1")
            .with(Parameter.integer("smoothing", 9, 1))
            .period(25)
            .is(
                "sum(ratio(ema(high - low, smoothing), ema(ema(high - low, smoothing), smoothing),"
                    + " 1), period)"));
  }
}
