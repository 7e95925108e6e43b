package io.semnal.research.export;

import java.util.Set;

/**
 * What a user wants of a journal.
 *
 * @param from least engine time of a row, inclusive
 * @param to engine time that every row lies before
 * @param instruments symbols; empty = all
 * @param decimal whether prices and quantities are exact decimals; float64 otherwise
 */
public record ExportRequest(
    ExportKind kind, long from, long to, Set<String> instruments, boolean decimal) {
  public ExportRequest {
    instruments = Set.copyOf(instruments);
    if (from >= to) {
      throw new IllegalArgumentException("the range of time is empty: it ends where it begins");
    }
  }

  /** Everything of a kind. */
  public static ExportRequest all(ExportKind kind) {
    return new ExportRequest(kind, Long.MIN_VALUE, Long.MAX_VALUE, Set.of(), false);
  }

  boolean wants(String symbol) {
    return instruments.isEmpty() || instruments.contains(symbol);
  }
}
