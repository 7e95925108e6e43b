package io.semnal.research.matrix;

import io.semnal.core.market.Timeframe;
import io.semnal.features.expression.Expression;
import io.semnal.features.expression.ExpressionException;
import io.semnal.features.expression.ExpressionParser;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Other timeframes and instruments that columns look at. */
public final class ColumnReferences {
  private final SortedSet<Timeframe> timeframes = new TreeSet<>();
  private final SortedSet<String> instruments = new TreeSet<>();

  private ColumnReferences() {}

  /**
   * @throws IllegalArgumentException naming column and character of a wrong expression
   */
  public static ColumnReferences of(List<String> columns) {
    ColumnReferences found = new ColumnReferences();
    columns.forEach(column -> found.collect(ExpressionParser.parse(column)));
    return found;
  }

  /** Those behind an {@code @}. */
  public SortedSet<Timeframe> timeframes() {
    return timeframes;
  }

  /** Those behind a {@code #}. */
  public SortedSet<String> instruments() {
    return instruments;
  }

  private void collect(Expression expression) {
    switch (expression) {
      case Expression.Number n -> {}
      case Expression.Negate n -> collect(n.operand());
      case Expression.Binary b -> {
        collect(b.left());
        collect(b.right());
      }
      case Expression.At at -> {
        if (at.timeframe() != null) {
          timeframes.add(at.timeframe());
        }
        if (at.instrument() != null) {
          instruments.add(at.instrument());
        }
        collect(at.operand());
      }
      case Expression.Call call -> call.arguments().forEach(this::collect);
    }
  }

  /**
   * Cuts {@code "rsi(14), macd(12,26,9).histogram"} at the commas outside of parentheses.
   *
   * @throws IllegalArgumentException if a column is empty
   */
  public static List<String> split(String text) {
    List<String> columns = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (c == ',' && (depth <= 0 || i == text.length())) {
        String column = text.substring(start, i).trim();
        if (column.isEmpty()) {
          throw new ExpressionException(text, start, "nothing is written here");
        }
        columns.add(column);
        start = i + 1;
      }
    }
    return columns;
  }
}
