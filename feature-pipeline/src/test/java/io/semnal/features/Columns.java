package io.semnal.features;

import io.semnal.features.indicator.Indicator;
import io.semnal.features.indicator.IndicatorCatalogue;
import java.util.ArrayList;
import java.util.List;

/** Columns that tests of the whole language run over. */
final class Columns {
  /** Every output of the catalogue with its defaults, and one of each thing around them. */
  static final String[] OWN = own();

  /** Those, and columns that look into other timeframes and another instrument. */
  static final String[] ALL = all();

  private Columns() {}

  private static String[] own() {
    List<String> columns = new ArrayList<>();
    for (Indicator indicator : IndicatorCatalogue.standard().all()) {
      if (indicator.parameters().stream().allMatch(p -> p.hasDefault())) {
        indicator.outputNames().forEach(o -> columns.add(indicator.name() + "." + o));
      }
    }
    columns.addAll(
        List.of(
            "abs(close - open)",
            "log(close)",
            "clamp(return(1), -0.001, 0.001)",
            "(close > sma(20)) * rsi(7)",
            "-diff(close, 3) / atr(5)",
            "lesser(open, close)",
            "greater(open, close)",
            "ratio(close - low, high - low, 0.5)",
            "sqrt(ticks)",
            "sign(close - open)",
            "std(return(1), 20)",
            "lag(rsi(5), 4)",
            "lag(close, 0)"));
    return columns.toArray(String[]::new);
  }

  private static String[] all() {
    List<String> columns = new ArrayList<>(List.of(OWN));
    columns.addAll(
        List.of(
            "rsi(5)@5m",
            "close@15m",
            "lag(rsi(3)@5m, 2)",
            "close#GBPUSD",
            "rsi(5)@5m#GBPUSD",
            "close / close#GBPUSD",
            "ema(close / close@5m, 4)",
            "sma(close@1m, 3)"));
    return columns.toArray(String[]::new);
  }
}
