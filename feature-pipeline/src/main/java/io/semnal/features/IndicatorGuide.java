package io.semnal.features;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.config.QualityConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.features.expression.NearestName;
import io.semnal.features.indicator.Facts;
import io.semnal.features.indicator.Indicator;
import io.semnal.features.indicator.IndicatorCatalogue;
import io.semnal.features.indicator.OtherNames;
import io.semnal.features.indicator.Output;
import io.semnal.features.indicator.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * Tells what the catalogue holds, from the catalogue itself: on the command line and as {@code
 * docs/indicators.md}, whose text a test compares.
 */
public final class IndicatorGuide {
  private static final String INTRODUCTION =
      """
      # Indicators

      Written by `semnal indicators --markdown`; the build fails where this page and the program \
      differ.

      A column is an expression over these names: `rsi(14)`, `macd(12,26,9).histogram / atr(14)`, \
      `sma(volume, 20)`, `rsi(14)@15m`, `close#EURUSD`. Parameters that are left out have the \
      defaults shown, also a first series (`sma(20)` is `sma(close, 20)`). Without an output's name \
      the first one is meant.

      *Defined* is the number of bars until there is a value, *warm* until it has converged: what \
      any other beginning would have left in it is then below a millionth of the series' range, \
      unless the text says otherwise. Some memories are as long as the data make them: where it says \
      *from 2 when …, usually by 500*, a column is warm once that has been seen, and 500 bars are what \
      a warm-up brings. Both are counted for the defaults on one-minute bars; a series \
      that must be given is the close, a weight 0.5. Values are `price` (prices or their \
      differences, not comparable between instruments) or `number`. A value is finite or missing. \
      Where a formula is shown, it is the definition.

      *Range* holds for the defaults and prices above zero, but for rounding. *Flat* is the value \
      where prices do not move and volume is the same on every bar, *volume 0* and *no volume* \
      where prices move and each bar's volume is zero or not known (empty where volume does not \
      matter); all three are computed by running the indicator. A bar of a file says nothing of \
      what its quotes did, so that what is made of quotes is missing there. Zero and negative prices \
      are not taken in by feeds; whatever prices bring, no value is infinite, and once bars are \
      ordinary again a value is what it would be without the others, by its warm length.
      """;

  private final IndicatorCatalogue catalogue = IndicatorCatalogue.standard();
  private final Map<String, Facts> facts = Facts.all();
  private final EngineConfig config =
      new EngineConfig(
          List.of(new Instrument("BARS", "BASE", "QUOTE", 1, 8)),
          List.of(Timeframe.M1),
          "utc",
          List.of(),
          QualityConfig.acceptAll(),
          List.of(),
          List.of());

  /** One line per name, under its group. */
  public String list() {
    StringBuilder text = new StringBuilder();
    IndicatorCatalogue.standardGroups()
        .forEach(
            (group, indicators) -> {
              text.append(text.isEmpty() ? "" : "\n").append(group).append('\n');
              indicators.forEach(
                  i ->
                      text.append(
                          "  %-16s %s\n".formatted(i.name(), i.description().split("[;:] ")[0])));
            });
    return text.toString();
  }

  /**
   * All about one name; a column such as {@code macd(12,26,9).signal} stands for its indicator.
   *
   * @throws IllegalArgumentException naming the nearest name where there is none
   */
  public String page(String nameOrColumn) {
    String name = nameOrColumn.split("[(.@#\\s]", 2)[0];
    Indicator indicator = catalogue.find(name);
    if (indicator == null) {
      throw new IllegalArgumentException(
          "no indicator is named '" + name + "'" + NearestName.hint(name, catalogue.names()));
    }
    StringBuilder text = new StringBuilder();
    text.append(indicator.signature()).append('\n');
    text.append("  ").append(indicator.description()).append(".\n");
    if (!OtherNames.of(indicator.name()).isEmpty()) {
      text.append("  Also: ").append(String.join(", ", OtherNames.of(indicator.name())));
      text.append('\n');
    }
    if (!indicator.parameters().isEmpty()) {
      text.append("Parameters\n");
      indicator.parameters().forEach(p -> text.append("  ").append(describe(p)).append('\n'));
    }
    Facts fact = facts.get(indicator.name());
    text.append("Source: ").append(fact.source()).append('\n');
    text.append("Begins: ").append(fact.seeding()).append('\n');
    text.append("Outputs\n");
    EdgeValues edge = edge(indicator);
    String[] flat = edge.flat();
    int i = 0;
    for (Output output : indicator.outputs()) {
      text.append(
          "  %s: %s, range %s, defined after %d, warm %s bars; flat: %s\n"
              .formatted(
                  output.name(),
                  unit(output),
                  fact.range(output.name()),
                  defined(indicator, output),
                  warm(indicator, output),
                  flat[i++]));
      if (output.source() instanceof Output.Formula formula) {
        text.append("    = ").append(formula.text()).append('\n');
      }
    }
    return text.toString();
  }

  /** The page of all. */
  public String markdown() {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    for (Map.Entry<String, List<Indicator>> group :
        IndicatorCatalogue.standardGroups().entrySet()) {
      text.append("\n## ").append(group.getKey()).append('\n');
      group.getValue().forEach(i -> markdown(i, text));
    }
    return text.toString();
  }

  private void markdown(Indicator indicator, StringBuilder text) {
    text.append("\n### ").append(indicator.name()).append("\n`");
    text.append(indicator.signature()).append("`\n\n");
    text.append(indicator.description()).append(".\n");
    if (!OtherNames.of(indicator.name()).isEmpty()) {
      text.append("Also: `").append(String.join("`, `", OtherNames.of(indicator.name())));
      text.append("`.\n");
    }
    String bounded =
        indicator.parameters().stream()
            .filter(p -> p.kind() != Parameter.Kind.SERIES)
            .map(IndicatorGuide::describe)
            .collect(Collectors.joining("; "));
    if (!bounded.isEmpty()) {
      text.append("Parameters: ").append(bounded).append(".\n");
    }
    Facts fact = facts.get(indicator.name());
    text.append("Source: ").append(fact.source()).append(". ");
    text.append("Begins: ").append(fact.seeding()).append(".\n");
    table(indicator, fact, text);
  }

  private void table(Indicator indicator, Facts fact, StringBuilder text) {
    EdgeValues edge = edge(indicator);
    String[] flat = edge.flat();
    String[] zero = edge.zeroVolume();
    String[] missing = edge.missingVolume();
    text.append("\n| output | value | range | defined | warm | flat | volume 0 | no volume |");
    text.append(" formula |\n|---|---|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < flat.length; i++) {
      Output output = indicator.outputs().get(i);
      text.append(
          "| %s | %s | %s | %d | %s | %s | %s | %s | %s |\n"
              .formatted(
                  output.name(),
                  unit(output),
                  fact.range(output.name()),
                  defined(indicator, output),
                  warm(indicator, output).replace("after ", ""),
                  flat[i],
                  zero[i],
                  missing[i],
                  output.source() instanceof Output.Formula f ? "`" + f.text() + "`" : ""));
    }
  }

  private EdgeValues edge(Indicator indicator) {
    return new EdgeValues(
        config, indicator.outputs().stream().map(o -> column(indicator, o)).toList());
  }

  private static String describe(Parameter p) {
    String kind =
        switch (p.kind()) {
          case SERIES -> "a series";
          case INTEGER -> "a whole number, %d to %d".formatted((long) p.least(), (long) p.most());
          case REAL -> "a number, " + number(p.least()) + " to " + number(p.most());
        };
    return p + ": " + kind;
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static String unit(Output output) {
    return output.unit() == Output.Unit.PRICE ? "price" : "number";
  }

  private int defined(Indicator indicator, Output output) {
    return pipeline().definedBars(set(indicator, output)).get(Timeframe.M1);
  }

  private String warm(Indicator indicator, Output output) {
    FeaturePipeline pipeline = pipeline();
    FeatureSetConfig set = set(indicator, output);
    SortedSet<String> conditions = pipeline.warmConditions(set);
    int usual = pipeline.warmUpBars(set).get(Timeframe.M1);
    return conditions.isEmpty()
        ? "after " + usual
        : "from %d when %s, usually by %d"
            .formatted(
                pipeline.earliestWarmBars(set).get(Timeframe.M1),
                String.join("; ", conditions),
                usual);
  }

  private FeaturePipeline pipeline() {
    return new FeaturePipeline(config);
  }

  private static FeatureSetConfig set(Indicator indicator, Output output) {
    return new FeatureSetConfig(
        "guide", Timeframe.M1, Price.MID, List.of(column(indicator, output)));
  }

  /** The indicator with its defaults, and with something where there is none. */
  static String column(Indicator indicator, Output output) {
    List<String> arguments = new ArrayList<>();
    if (indicator.parameters().stream().anyMatch(p -> !p.hasDefault())) {
      for (Parameter p : indicator.parameters()) {
        arguments.add(
            switch (p.kind()) {
              case SERIES ->
                  p.hasDefault() ? p.series() : p.name().equals("weight") ? "0.5" : "close";
              case INTEGER -> number(p.number());
              case REAL -> p.hasDefault() ? number(p.number()) : "0.5";
            });
      }
    }
    String call =
        indicator.name() + (arguments.isEmpty() ? "" : "(" + String.join(", ", arguments) + ")");
    return call + "." + output.name();
  }
}
