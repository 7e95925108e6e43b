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
    all.addAll(Inputs.all());
    all.addAll(Functions.all());
    all.addAll(MovingAverages.all());
    all.addAll(Momentum.all());
    all.addAll(TrendAndVolatility.all());
    return new IndicatorCatalogue(all);
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
