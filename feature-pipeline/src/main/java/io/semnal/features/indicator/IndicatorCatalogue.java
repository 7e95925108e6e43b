package io.semnal.features.indicator;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Knows every name that a column may use: parameters with defaults, outputs, description. */
public final class IndicatorCatalogue {
  private final Map<String, Indicator> byName = new LinkedHashMap<>();

  private IndicatorCatalogue(List<Indicator> indicators) {
    for (Indicator indicator : indicators) {
      if (byName.put(indicator.name(), indicator) != null) {
        throw new IllegalStateException("indicator " + indicator.name() + " is there twice");
      }
    }
  }

  /** Made at the first use: hundreds of formulas are read. */
  private static final class Standard {
    static final IndicatorCatalogue CATALOGUE =
        new IndicatorCatalogue(standardGroups().values().stream().flatMap(List::stream).toList());
  }

  /** All built-in indicators. */
  public static IndicatorCatalogue standard() {
    return Standard.CATALOGUE;
  }

  /** The built-in indicators by group, as the documentation lists them. */
  public static Map<String, List<Indicator>> standardGroups() {
    Map<String, List<Indicator>> groups = new LinkedHashMap<>();
    groups.put("The bar", joined(List.of(Inputs.all(), Variants.prices(), Microstructure.all())));
    groups.put("Functions", joined(List.of(Functions.all(), Functions.more())));
    groups.put(
        "Moving averages",
        joined(List.of(MovingAverages.all(), MovingAverages.more(), Cycles.all())));
    groups.put("Momentum", joined(List.of(Momentum.all(), Oscillators.all(), Variants.momentum())));
    groups.put(
        "Trend and channels",
        joined(List.of(TrendAndVolatility.all(), Trends.all(), Levels.all())));
    groups.put(
        "Volatility and statistics", joined(List.of(Volatility.all(), Variants.volatility())));
    groups.put("Volume", joined(List.of(Volume.all(), Variants.volume())));
    groups.put("Candles", Candles.all());
    return groups;
  }

  private static List<Indicator> joined(List<List<Indicator>> lists) {
    return lists.stream().flatMap(List::stream).toList();
  }

  /** By its name or another usual one; {@code null} if there is none. */
  public Indicator find(String name) {
    Indicator indicator = byName.get(name);
    return indicator == null ? byName.get(OtherNames.nameOf(name)) : indicator;
  }

  /** In the order of their groups. */
  public Collection<Indicator> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  public Collection<String> names() {
    return Collections.unmodifiableCollection(byName.keySet());
  }
}
