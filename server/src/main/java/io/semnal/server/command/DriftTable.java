package io.semnal.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints one model's drift for people. */
final class DriftTable {
  private DriftTable() {}

  /**
   * @param drift one model of what a server says
   */
  static void print(PrintWriter out, JsonNode drift) {
    out.println();
    out.printf(
        Locale.ROOT,
        "%-12s %,d rows, %,d signals ended, their Brier score %s%n",
        "live",
        drift.path("rows").asLong(),
        drift.path("outcomes").asLong(),
        number(drift.path("brier")));
    if (drift.has("note")) {
      out.printf("%-12s %s%n", "", drift.path("note").asText());
      return;
    }
    out.printf(
        "%-12s %-40s %10s %10s %12s %12s%n",
        "drift", "", "PSI", "missing", "in training", "far out");
    drift.path("columns").forEach(column -> line(out, column));
    drift.path("scores").forEach(score -> line(out, score));
  }

  private static void line(PrintWriter out, JsonNode column) {
    JsonNode psi = column.path("psi");
    out.printf(
        "%-12s %-40s %10s %10s %12s %12s%s%n",
        "",
        column.path("name").asText(),
        number(psi),
        percent(column.path("missing")),
        percent(column.path("missingInTraining")),
        percent(column.path("outOfRange")),
        psi.asDouble() >= 0.25 ? "  ALARM" : psi.asDouble() >= 0.1 ? "  look" : "");
  }

  private static String number(JsonNode value) {
    return value.isNumber() ? String.format(Locale.ROOT, "%.4f", value.asDouble()) : "-";
  }

  private static String percent(JsonNode value) {
    return value.isNumber() ? String.format(Locale.ROOT, "%.2f %%", 100 * value.asDouble()) : "-";
  }
}
