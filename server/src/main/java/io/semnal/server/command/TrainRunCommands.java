package io.semnal.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.semnal.research.train.RunFolder;
import io.semnal.server.Semnal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What can be done with training runs. */
final class TrainRunCommands {
  private TrainRunCommands() {}

  /** A command line without {@code train}, {@code --run} and {@code --runs}. */
  static String[] withoutRun(List<String> given) {
    List<String> kept = new ArrayList<>();
    for (int i = given.indexOf("train") + 1; i < given.size(); i++) {
      String argument = given.get(i);
      if (argument.equals("--run") || argument.equals("--runs")) {
        i++;
      } else if (!argument.startsWith("--run=") && !argument.startsWith("--runs=")) {
        kept.add(argument);
      }
    }
    return kept.toArray(String[]::new);
  }

  /** Where runs are. */
  static final class RunsOption {
    @Option(
        names = "--runs",
        paramLabel = "DIR",
        defaultValue = "data/runs",
        description = "Where runs are kept; ${DEFAULT-VALUE} by default.")
    Path runs;
  }

  /** One of them. */
  static final class OneRun {
    @Mixin RunsOption in;

    @Parameters(paramLabel = "RUN", description = "The run's name.")
    String run;
  }

  /** Its state; of one whose process is gone without having said how it ended, that. */
  static String state(JsonNode status) {
    String state = status.path("state").asText();
    boolean alive = ProcessHandle.of(status.path("pid").asLong()).isPresent();
    return state.equals("running") && !alive ? "died" : state;
  }

  /** All runs. */
  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the training runs.")
  static final class ListRuns implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Mixin private RunsOption in;

    @Override
    public Integer call() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      List<JsonNode> all = RunFolder.list(in.runs);
      if (all.isEmpty()) {
        out.println("there is no run in " + in.runs);
      }
      for (JsonNode run : all) {
        boolean running = run.path("state").asText().equals("running");
        out.printf(
            "%-20s %-10s %-16s %s %s%n",
            run.path("id").asText(),
            state(run),
            running && run.path("total").asLong() > 0
                ? run.path("stage").asText() + " " + run.path("done") + "/" + run.path("total")
                : run.path("stage").asText(),
            run.path("updated").asText(),
            run.path("message").asText());
      }
      out.flush();
      return 0;
    }
  }

  /** Stops a run of another process. */
  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = "Asks a training run to stop; it does so within a round or an epoch.")
  static final class Cancel implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Mixin private OneRun of;

    @Override
    public Integer call() throws IOException {
      try {
        RunFolder.cancel(of.in.runs, of.run);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(e.getMessage(), e);
      }
      spec.commandLine().getOut().println("run " + of.run + " is asked to stop");
      return 0;
    }
  }

  /** Goes on with a run that did not end. */
  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "Goes on with a training run as it was begun; finished trials are kept.")
  static final class Resume implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Mixin private OneRun of;

    @Override
    public Integer call() throws IOException {
      List<String> arguments = new ArrayList<>(List.of("train"));
      try {
        RunFolder.params(of.in.runs, of.run)
            .path("arguments")
            .forEach(a -> arguments.add(a.asText()));
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(e.getMessage(), e);
      }
      arguments.addAll(List.of("--runs", of.in.runs.toString(), "--run", of.run));
      CommandLine root = Semnal.commandLine();
      root.setOut(spec.commandLine().getOut());
      root.setErr(spec.commandLine().getErr());
      return root.execute(arguments.toArray(String[]::new));
    }
  }
}
