package io.semnal.features.compile;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.features.indicator.IndicatorCatalogue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Warns of columns in price units where one model sees several instruments: a moving average of
 * 1.38 and one of 109.2 are not the same feature.
 */
public final class PooledPrices {
  /** Instruments that a sentence names. */
  private static final int NAMED = 3;

  private PooledPrices() {}

  /**
   * One sentence per column of a feature set that strategies bind to more than one instrument.
   *
   * @param config whose columns compile
   */
  public static List<String> warnings(EngineConfig config) {
    List<String> warnings = new ArrayList<>();
    for (FeatureSetConfig set : config.featureSets()) {
      TreeSet<String> instruments = new TreeSet<>();
      for (StrategyConfig strategy : config.strategies()) {
        if (strategy.featureSet().equals(set.name())) {
          instruments.addAll(strategy.instruments());
        }
      }
      for (String warning : warnings(set.columns(), instruments)) {
        warnings.add("feature set '" + set.name() + "', " + warning);
      }
    }
    return warnings;
  }

  /** One sentence per column that is not comparable between these instruments. */
  public static List<String> warnings(List<String> columns, Collection<String> instruments) {
    List<String> warnings = new ArrayList<>();
    if (instruments.size() < 2) {
      return warnings;
    }
    UnitInference units = new UnitInference(IndicatorCatalogue.standard());
    for (String column : columns) {
      PriceUnit unit = units.of(column);
      if (!unit.isComparable()) {
        warnings.add(
            "column '"
                + column
                + "' is "
                + (unit.own() == 0 ? "the logarithm of a price" : "in price units")
                + ", not comparable between "
                + listed(List.copyOf(instruments))
                + ": divide it by close or atr(14), or let one model see one instrument");
      }
    }
    return warnings;
  }

  private static String listed(List<String> instruments) {
    int most = Math.min(NAMED, instruments.size());
    String named = String.join(", ", instruments.subList(0, most));
    return most == instruments.size()
        ? named
        : named + " and " + (instruments.size() - most) + " more";
  }
}
