package io.semnal.server.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.research.sample.LabelRule;
import io.semnal.research.train.RunFolder;
import io.semnal.research.train.TrainingRun;
import io.semnal.research.train.TrainingWatch;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains a model, as a run that can be watched, stopped and gone on with. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Learns a model from prices: labels by the signal book, purged walk-forward search,"
          + " calibration, a held-out block that is looked at once, export to ONNX.",
      "Ctrl-C, or 'semnal train cancel RUN', stops it; 'semnal train resume RUN' goes on without"
          + " repeating finished trials.",
      "",
      "For example: semnal train --data eurusd.zip --instrument EURUSD --features fx-hour"
          + " --labels \"barrier(stop=2, target=2, horizon=24)\" --register eurusd-hour"
    },
    subcommands = {
      TrainRunCommands.ListRuns.class,
      TrainShow.class,
      TrainRunCommands.Cancel.class,
      TrainRunCommands.Resume.class
    })
public final class TrainCommand implements Callable<Integer> {
  /** Exit code of a cancelled run, as of a shell's interrupted command. */
  private static final int CANCELLED = 130;

  private static final DateTimeFormatter ID = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private DataInput data;
  @Mixin private TrainOptions how;

  @Option(
      names = "--register",
      paramLabel = "NAME",
      description = "Registers the model; the first version of a name becomes its champion.")
  private String register;

  @Mixin private TrainRunCommands.RunsOption in;

  @Option(
      names = "--run",
      paramLabel = "NAME",
      description = "The run's name; by default the time.")
  private String run;

  private volatile boolean ended;

  @Override
  public Integer call() throws IOException {
    SemnalConfig config = options.load();
    FeatureSetConfig set = data.set(config.engine(), null);
    LabelRule rule = data.rule(config.engine(), set);
    TrainingRun.Plan plan =
        new TrainingRun.Plan(
            data.request(config.engine()),
            data.shown(),
            set,
            rule,
            how.learner(),
            how.parameters(how.learner()),
            how.protocol(),
            register);
    Path models = register == null ? null : options.ownModels();
    PrintWriter out = spec.commandLine().getOut();
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    String id = run != null ? run : newId();
    RunFolder folder = open(id, plan, new Terminal(out, progress));
    out.printf("run %s in %s%n", id, folder.path());
    out.flush();
    Thread interrupted = new Thread(() -> stop(folder), "cancel");
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      boolean done = new TrainingRun(config, plan, folder, models).run(out::println);
      progress.clear();
      return done ? 0 : CANCELLED;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage(), e);
    } finally {
      progress.clear();
      ended = true;
      out.flush();
    }
  }

  /** The time; with a number where another run began in the same second. */
  private String newId() {
    String time = LocalDateTime.now(ZoneOffset.UTC).format(ID);
    String id = time;
    for (int i = 2; Files.exists(in.runs.resolve(id)); i++) {
      id = time + "-" + i;
    }
    return id;
  }

  private RunFolder open(String id, TrainingRun.Plan plan, TrainingWatch watch) throws IOException {
    try {
      return RunFolder.open(in.runs, id, params(plan), watch);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }

  /** What was asked for, and the command line that asks for it again. */
  private ObjectNode params(TrainingRun.Plan plan) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    plan.describe(json);
    List<String> given = spec.commandLine().getParseResult().originalArgs();
    String[] arguments = TrainRunCommands.withoutRun(given);
    var list = json.putArray("arguments");
    for (String argument : arguments) {
      list.add(argument);
    }
    return json;
  }

  /** The process is asked to end: the run stops at its next check and says so on disk. */
  private void stop(RunFolder folder) {
    if (ended) {
      return;
    }
    folder.cancel();
    long until = System.nanoTime() + 5_000_000_000L;
    while (!ended && System.nanoTime() < until) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Shows a run's lines and its progress. */
  private record Terminal(PrintWriter out, ProgressLine progress) implements TrainingWatch {
    private static final int BAR = 24;

    @Override
    public void progress(String stage, long done, long total) {
      if (total <= 0) {
        progress.show(stage + " " + done);
        return;
      }
      int full = (int) (BAR * done / total);
      progress.show(
          "["
              + "#".repeat(full)
              + "-".repeat(BAR - full)
              + "] "
              + stage
              + " "
              + done
              + " of "
              + total);
    }

    @Override
    public void log(String line) {
      progress.clear();
      out.println(line);
      out.flush();
    }

    @Override
    public boolean isCancelled() {
      return false;
    }
  }
}
