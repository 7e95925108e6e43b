package io.semnal.features.indicator;

import static io.semnal.features.indicator.Indicator.named;

import io.semnal.features.graph.Smoothed;
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

  private static Indicator.Builder average(String name, String description, int period) {
    return named(name, description).x().period(period).inPrice();
  }
}
