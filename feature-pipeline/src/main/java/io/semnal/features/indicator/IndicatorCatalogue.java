package io.semnal.features.indicator;

import java.util.ArrayList;
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

  /** All built-in indicators. */
  public static IndicatorCatalogue standard() {
    List<Indicator> all = new ArrayList<>();
    standardGroups().values().forEach(all::addAll);
    return new IndicatorCatalogue(all);
  }

  /** The built-in indicators by group, as the documentation lists them. */
  public static Map<String, List<Indicator>> standardGroups() {
    Map<String, List<Indicator>> groups = new LinkedHashMap<>();
    groups.put("The bar", Inputs.all());
    groups.put("Functions", joined(Functions.all(), Functions.more()));
    groups.put("Moving averages", joined(MovingAverages.all(), MovingAverages.more()));
    groups.put("Momentum", joined(Momentum.all(), Oscillators.all()));
    groups.put("Trend and channels", joined(TrendAndVolatility.all(), Trends.all()));
    groups.put("Volatility and statistics", Volatility.all());
    groups.put("Volume", Volume.all());
    groups.put("Candles", Candles.all());
    return groups;
  }

  private static List<Indicator> joined(List<Indicator> first, List<Indicator> second) {
    List<Indicator> both = new ArrayList<>(first);
    both.addAll(second);
    return both;
  }

  /** {@code null} if there is none of that name. */
  public Indicator find(String name) {
    return byName.get(name);
  }

  /** In the order of their groups. */
  public Collection<Indicator> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  public Collection<String> names() {
    return Collections.unmodifiableCollection(byName.keySet());
  }
}
