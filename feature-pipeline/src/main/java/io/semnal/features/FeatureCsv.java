package io.semnal.features;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.config.QualityConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.features.expression.Expression;
import io.semnal.features.expression.ExpressionException;
import io.semnal.features.expression.ExpressionParser;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Writes the columns of a bar file, by the same graph as live. Cold; holds one row at a time. */
public final class FeatureCsv {
  private FeatureCsv() {}

  /**
   * Cuts {@code "rsi(14), macd(12,26,9).histogram"} at the commas outside of parentheses.
   *
   * @throws IllegalArgumentException if a column is empty
   */
  public static List<String> splitColumns(String text) {
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

  /**
   * Writes {@code time,column,…}, one row per bar: the bar's time as its file spells it, values in
   * full precision, nothing where a value is undefined or missing. The file appears when it is
   * complete.
   *
   * @param bars a file as {@code date|time,open,high,low,close[,volume]}, times the bars' openings
   * @param timeframe length of its bars; {@code null} = the smallest step between them
   * @return rows written
   * @throws BarFileException naming file, line and problem
   * @throws IllegalArgumentException naming column and character of a wrong expression
   */
  public static long write(Path bars, List<String> columns, Timeframe timeframe, Path out)
      throws IOException {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("no columns are given");
    }
    Timeframe base = timeframe == null ? BarFileReader.inferTimeframe(bars) : timeframe;
    FeaturePipeline pipeline = new FeaturePipeline(config(base, columns));
    FeatureRow row = pipeline.bind(new FeatureSetConfig("columns", base, Price.MID, columns), 0);
    Path part = out.resolveSibling(out.getFileName() + ".part");
    long rows = 0;
    try {
      try (BarFileReader reader = new BarFileReader(bars);
          BufferedWriter writer = Files.newBufferedWriter(part)) {
        writeHeader(writer, columns);
        long open = 0;
        while (reader.next()) {
          Bar bar = reader.bar;
          if (rows > 0 && bar.openTime < open) {
            throw reader.error(
                "'" + reader.timeText + "' lies before the end of the " + base + " bar before it");
          }
          open = bar.openTime + base.nanos();
          bar.closeTime = open;
          pipeline.onHistoricalBar(0, 0, bar);
          row.closed();
          writeRow(writer, reader.timeText, row);
          rows++;
        }
      }
      Files.move(part, out, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
    return rows;
  }

  private static EngineConfig config(Timeframe base, List<String> columns) {
    TreeSet<Timeframe> timeframes = new TreeSet<>();
    timeframes.add(base);
    for (String column : columns) {
      collectTimeframes(ExpressionParser.parse(column), timeframes);
    }
    if (!timeframes.first().equals(base)) {
      throw new IllegalArgumentException(
          "columns look at " + timeframes.first() + ", shorter than the file's " + base);
    }
    return new EngineConfig(
        List.of(new Instrument("BARS", "BASE", "QUOTE", 1, 8)),
        List.copyOf(timeframes),
        "utc",
        List.of(),
        QualityConfig.acceptAll(),
        List.of(),
        List.of());
  }

  private static void collectTimeframes(Expression expression, TreeSet<Timeframe> found) {
    switch (expression) {
      case Expression.Number n -> {}
      case Expression.Negate n -> collectTimeframes(n.operand(), found);
      case Expression.Binary b -> {
        collectTimeframes(b.left(), found);
        collectTimeframes(b.right(), found);
      }
      case Expression.At at -> {
        if (at.timeframe() != null) {
          found.add(at.timeframe());
        }
        collectTimeframes(at.operand(), found);
      }
      case Expression.Call call -> {
        for (Expression argument : call.arguments()) {
          collectTimeframes(argument, found);
        }
      }
    }
  }

  private static void writeHeader(BufferedWriter writer, List<String> columns) throws IOException {
    writer.write("time");
    for (String column : columns) {
      writer.write(',');
      boolean quoted = column.indexOf(',') >= 0 || column.indexOf('"') >= 0;
      writer.write(quoted ? '"' + column.replace("\"", "\"\"") + '"' : column);
    }
    writer.write('\n');
  }

  private static void writeRow(BufferedWriter writer, String time, FeatureRow row)
      throws IOException {
    writer.write(time);
    for (int i = 0; i < row.columns(); i++) {
      writer.write(',');
      double value = row.value(i);
      if (!Double.isNaN(value)) {
        writer.write(Double.toString(value));
      }
    }
    writer.write('\n');
  }
}
