package io.semnal.core.config;

import io.semnal.core.market.Timeframe;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns over one timeframe, and over how many of its bars a model sees them.
 *
 * @param price which price the indicators see
 * @param columns expressions in the order of the model's inputs
 * @param window rows that make one input of the model: the columns of this many bars, oldest first
 */
public record FeatureSetConfig(
    String name, Timeframe timeframe, Price price, List<String> columns, int window) {
  /** The most rows of a window. */
  public static final int MOST_ROWS = 1024;

  /** The most inputs: each is told to clients by a message of its own. */
  public static final int MOST_INPUTS = 4096;

  /** {@code MID}: each of open, high, low, close is (bid + ask) / 2 of that field. */
  public enum Price {
    MID,
    BID,
    ASK
  }

  public FeatureSetConfig {
    columns = List.copyOf(columns);
    if (window < 1) {
      throw new IllegalArgumentException("a window holds one row or more, not " + window);
    }
  }

  /** The present row alone. */
  public FeatureSetConfig(String name, Timeframe timeframe, Price price, List<String> columns) {
    this(name, timeframe, price, columns, 1);
  }

  /** How many values a model takes: {@code window × columns}. */
  public int width() {
    return window * columns.size();
  }

  /**
   * Names of a model's values, in their order: row after row, oldest first, a column of {@code n}
   * bars before the present row with {@code [-n]} behind its text.
   */
  public List<String> inputs() {
    if (window == 1) {
      return columns;
    }
    List<String> names = new ArrayList<>(width());
    for (int back = window - 1; back > 0; back--) {
      for (String column : columns) {
        names.add(column + "[-" + back + "]");
      }
    }
    names.addAll(columns);
    return names;
  }
}
