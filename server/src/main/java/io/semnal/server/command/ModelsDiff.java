package io.semnal.server.command;

import io.semnal.inference.registry.ModelDiff;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lays two versions side by side. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description =
        "Compares two versions: fields of their cards, metrics, and what they say of the same rows"
            + " (those that one keeps, else random ones).")
final class ModelsDiff implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(index = "0", paramLabel = "A", description = "NAME[@V].")
  private String first;

  @Parameters(index = "1", paramLabel = "B", description = "NAME[@V].")
  private String second;

  @Mixin private ConfigOptions options;

  @Override
  public Integer call() {
    ModelDiff diff = ModelDiff.of(ModelsShow.registry(options), first, second);
    PrintWriter out = spec.commandLine().getOut();
    for (ModelDiff.Field field : diff.fields()) {
      out.println(field.name());
      out.println("  - " + field.first());
      out.println("  + " + field.second());
    }
    if (!diff.metrics().isEmpty()) {
      out.printf(Locale.ROOT, "%-32s %12s %12s%n", "metric", first, second);
      for (ModelDiff.Metric metric : diff.metrics()) {
        out.printf(
            Locale.ROOT,
            "%-32s %12s %12s%n",
            metric.name(),
            shown(metric.first()),
            shown(metric.second()));
      }
    }
    out.println(diff.scores().map(ModelsDiff::shown).orElse("no row fits both: other columns"));
    out.flush();
    return 0;
  }

  private static String shown(double metric) {
    return Double.isNaN(metric) ? "-" : String.format(Locale.ROOT, "%.6g", metric);
  }

  private static String shown(ModelDiff.Scores scores) {
    return String.format(
        Locale.ROOT,
        "on %d %s rows: %s, another side on %d",
        scores.rows(),
        scores.isKept() ? "kept" : "random",
        Double.isNaN(scores.largest())
            ? "no score of the same name"
            : String.format(Locale.ROOT, "scores differ by at most %.2g", scores.largest()),
        scores.changed());
  }
}
