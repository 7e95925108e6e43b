package io.semnal.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.research.train.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells how one training run stands: status, parameters, metrics, trials, the end of its log. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Shows a training run: how it stands, what was asked for, its trials, its metrics, the end"
            + " of its log. It may be running.")
final class TrainShow implements Callable<Integer> {
  /** Trials are many; the best are looked for. */
  private static final int TRIALS = 10;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private TrainRunCommands.OneRun of;

  @Option(
      names = "--lines",
      paramLabel = "N",
      defaultValue = "20",
      description = "Lines of the log; ${DEFAULT-VALUE} by default.")
  private int lines;

  @Option(names = "--json", description = "All of it as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ObjectNode run;
    try {
      run = RunFolder.show(of.in.runs, of.run, Math.max(0, lines));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
    ((ObjectNode) run.get("status")).put("state", TrainRunCommands.state(run.get("status")));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(run.toPrettyString());
    } else {
      show(out, run);
    }
    out.flush();
    return 0;
  }

  private static void show(PrintWriter out, JsonNode run) {
    JsonNode status = run.get("status");
    line(out, "run", status.path("id").asText());
    line(out, "state", status.path("state").asText() + said(status.path("message").asText()));
    String far =
        status.path("total").asLong() > 0
            ? " " + status.path("done").asLong() + "/" + status.path("total").asLong()
            : "";
    line(out, "stage", status.path("stage").asText() + far);
    line(out, "started", status.path("started").asText());
    line(out, "updated", status.path("updated").asText());
    fields(out, "asked for", run.get("params"));
    // The rest of them is what the run's report.html shows.
    fields(out, "metrics", run.get("metrics").path("training"));
    trials(out, run.get("trials"));
    int row = 0;
    for (JsonNode logged : run.get("log")) {
      line(out, row++ == 0 ? "log" : "", logged.asText());
    }
  }

  private static String said(String message) {
    return message.isEmpty() ? "" : ": " + message;
  }

  private static void fields(PrintWriter out, String what, JsonNode object) {
    int row = 0;
    for (Map.Entry<String, JsonNode> one : object.properties()) {
      JsonNode value = one.getValue();
      String text =
          value.isFloatingPointNumber()
              ? String.format(Locale.ROOT, "%.6g", value.asDouble())
              : value.isValueNode() ? value.asText() : value.toString();
      line(out, row++ == 0 ? what : "", String.format("%-28s %s", one.getKey(), text));
    }
  }

  /** The best parameters by their mean gain over folds. */
  private static void trials(PrintWriter out, JsonNode trials) {
    Map<String, double[]> sums = new TreeMap<>();
    for (JsonNode trial : trials) {
      if (trial.has("gain")) {
        double[] sum = sums.computeIfAbsent(trial.path("parameters").asText(), k -> new double[2]);
        sum[0] += trial.path("gain").asDouble();
        sum[1]++;
      }
    }
    line(out, "trials", trials.size() + " of " + sums.size() + " sets of parameters; the best:");
    sums.entrySet().stream()
        .sorted((a, b) -> Double.compare(mean(b), mean(a)))
        .limit(TRIALS)
        .forEach(
            one ->
                line(
                    out,
                    "",
                    String.format(
                        Locale.ROOT,
                        "gain %9.6f over %d fold(s)  %s",
                        mean(one),
                        (int) one.getValue()[1],
                        one.getKey())));
  }

  private static double mean(Map.Entry<String, double[]> one) {
    return one.getValue()[0] / one.getValue()[1];
  }

  private static void line(PrintWriter out, String what, String text) {
    out.printf(Locale.ROOT, "%-12s %s%n", what, text);
  }
}
