package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import java.util.List;

/** Strength of a trend, width of the market. */
final class TrendAndVolatility {
  private TrendAndVolatility() {}

  static List<Indicator> all() {
    return List.of(
        named("trueRange", "Range with the gap from the close before; missing on the first bar")
            .inPrice()
            .is("greater(high, lag(close, 1)) - lesser(low, lag(close, 1))"),
        named("atr", "Average true range (Wilder), begun with the mean of the first true ranges")
            .period(14)
            .inPrice()
            .is("smma(trueRange, period)"),
        named("natr", "ATR in percent of the close").period(14).is("100 * atr(period) / close"),
        named("adx", "Directional movement (Wilder 1978)")
            .period(14)
            .output("adx", "smma(dx, period)")
            .output("plusDi", "100 * ratio(smma(plusDm, period), atr(period), 0)")
            .output("minusDi", "100 * ratio(smma(minusDm, period), atr(period), 0)")
            .output("dx", "100 * ratio(abs(plusDi - minusDi), plusDi + minusDi, 0)")
            .output("adxr", "(adx + lag(adx, period - 1)) / 2")
            .inPrice()
            .output("plusDm", "(diff(high, 1) > -diff(low, 1)) * greater(diff(high, 1), 0)")
            .output("minusDm", "(-diff(low, 1) > diff(high, 1)) * greater(-diff(low, 1), 0)")
            .done(),
        named("aroon", "Freshness of the extremes (Chande 1995), 0 to 100")
            .period(25)
            .output("oscillator", "up - down")
            .output("up", "100 * (period - barsSinceMax(high, period + 1)) / period")
            .output("down", "100 * (period - barsSinceMin(low, period + 1)) / period")
            .done(),
        named("bollinger", "Bollinger bands: SMA and population deviations")
            .x()
            .period(20)
            .with(Parameter.real("deviations", 2))
            .inPrice()
            .output("middle", "sma(x, period)")
            .output("upper", "middle + deviations * std(x, period)")
            .output("lower", "middle - deviations * std(x, period)")
            .pure()
            .output("percentB", "ratio(x - lower, upper - lower, 0.5)")
            .output("width", "(upper - lower) / middle")
            .output("zscore", "ratio(x - middle, std(x, period), 0)")
            .done(),
        named("keltner", "Keltner channel: EMA and multiples of ATR")
            .period(20)
            .with(Parameter.real("multiple", 2))
            .with(Parameter.integer("atrPeriod", 10, 1))
            .inPrice()
            .output("middle", "ema(close, period)")
            .output("upper", "middle + multiple * atr(atrPeriod)")
            .output("lower", "middle - multiple * atr(atrPeriod)")
            .pure()
            .output("width", "(upper - lower) / middle")
            .done(),
        named("donchian", "Channel of the bars before this one, so that a close can break out")
            .period(20)
            .inPrice()
            .output("middle", "(upper + lower) / 2")
            .output("upper", "lag(max(high, period), 1)")
            .output("lower", "lag(min(low, period), 1)")
            .pure()
            .output("width", "(upper - lower) / middle")
            .done());
  }
}
