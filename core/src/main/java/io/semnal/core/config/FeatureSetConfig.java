package io.semnal.core.config;

import io.semnal.core.market.Timeframe;
import java.util.List;

/**
 * Columns over one timeframe.
 *
 * @param price which price the indicators see
 * @param columns expressions in the order of the model's inputs
 */
public record FeatureSetConfig(
    String name, Timeframe timeframe, Price price, List<String> columns) {
  /** {@code MID}: each of open, high, low, close is (bid + ask) / 2 of that field. */
  public enum Price {
    MID,
    BID,
    ASK
  }

  public FeatureSetConfig {
    columns = List.copyOf(columns);
  }
}
