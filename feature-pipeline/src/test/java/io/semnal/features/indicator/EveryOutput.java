package io.semnal.features.indicator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Every output of the catalogue as a column, given what it has no default for. */
public final class EveryOutput {
  /** What a parameter is given that has no default. */
  private static final Map<String, String> GIVEN =
      Map.of(
          "up", "high",
          "down", "low",
          "centre", "hl2",
          "width", "3 * atr(10)",
          "condition", "close > open",
          "sign", "sign(close - open)",
          "y", "volume");

  private EveryOutput() {}

  public static List<String> columns() {
    List<String> columns = new ArrayList<>();
    for (Indicator indicator : IndicatorCatalogue.standard().all()) {
      String arguments = "";
      if (indicator.parameters().stream().anyMatch(p -> !p.hasDefault())) {
        arguments =
            indicator.parameters().stream()
                .map(EveryOutput::argument)
                .collect(Collectors.joining(", ", "(", ")"));
      }
      for (String output : indicator.outputNames()) {
        columns.add(indicator.name() + arguments + "." + output);
      }
    }
    return columns;
  }

  private static String argument(Parameter p) {
    if (p.kind() == Parameter.Kind.SERIES) {
      // A weight lies between 0 and 1.
      String given = p.name().equals("weight") ? "0.1 + 0.5 * (close > open)" : "close";
      return p.hasDefault() ? p.series() : GIVEN.getOrDefault(p.name(), given);
    }
    return p.hasDefault() ? CanonicalText.number(p.number()) : "0.1";
  }
}
