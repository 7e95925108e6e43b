package io.semnal.research.export;

import java.util.Objects;

/**
 * A column of a table that is written to a file.
 *
 * @param nullable whether a row may leave it empty
 */
public record TableColumn(String name, Type type, boolean nullable) {
  /** What a column holds. */
  public enum Type {
    /** UTC nanoseconds since the epoch, as a long. */
    TIMESTAMP,
    /** A mantissa with exponent -8, as a long: exact. */
    PRICE,
    /** A mantissa with exponent -2, as a long: exact. */
    QUANTITY,
    INT64,
    /** As a long of the same bits. */
    UINT64,
    INT32,
    FLOAT64,
    FLOAT32,
    BOOLEAN,
    /** Text of which few different ones are expected. */
    TEXT
  }

  public TableColumn {
    Objects.requireNonNull(name);
    Objects.requireNonNull(type);
  }

  /** A column that every row fills. */
  public static TableColumn of(String name, Type type) {
    return new TableColumn(name, type, false);
  }

  /** A column that rows may leave empty. */
  public static TableColumn nullable(String name, Type type) {
    return new TableColumn(name, type, true);
  }
}
