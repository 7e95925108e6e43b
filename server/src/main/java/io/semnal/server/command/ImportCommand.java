package io.semnal.server.command;

import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.BadInputException;
import io.semnal.feed.Tick;
import io.semnal.feed.file.TickFileSource;
import io.semnal.inference.engine.EngineCounters;
import io.semnal.server.EngineHost;
import io.semnal.server.ImportRun;
import io.semnal.server.TickIntake;
import io.semnal.server.Times;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Files straight through the engine into a journal. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Runs tick files through the engine at full speed, by their own times, into a journal.",
      "The journal may be new, or one that ends before the files begin. An import that was stopped or killed goes on"
          + " behind its last tick: give the same command again.",
      "",
      "For example: semnal import --format histdata --instrument EURUSD --journal data/history"
          + " DAT_ASCII_EURUSD_T_201405.zip"
    })
public final class ImportCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private TickInput input;
  @Mixin private WarmUpOptions warmUp;

  @Option(
      names = "--journal",
      required = true,
      paramLabel = "DIR",
      description = "The journal's folder.")
  private Path directory;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    SemnalConfig config = config();
    Metrics metrics = new Metrics();
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    try (TickFileSource source = input.open(config.engine());
        EngineHost host = EngineHost.open(config, metrics, progress.recovery())) {
      long started = System.nanoTime();
      TickIntake intake = run(config, metrics, source, host, progress);
      progress.clear();
      if (host.warmUp().bars() > 0) {
        host.warmUp().lines().forEach(out::println);
      }
      double seconds = (System.nanoTime() - started) / 1e9;
      report(out, source, intake, host, seconds);
      if (intake.accepted() + intake.present() == 0) {
        throw new CommandFailure("no tick was imported");
      }
    }
    return 0;
  }

  /** Bars that warm up end where the ticks begin: by the source clock, bars move time. */
  private SemnalConfig config() throws IOException {
    Map<String, String> settings = new LinkedHashMap<>(warmUp.settings());
    settings.put("clock.mode", "source");
    settings.put("journal.directory", directory.toString());
    SemnalConfig config = options.load(settings);
    if (config.runtime().warmUp().bars().isEmpty() || config.runtime().warmUp().until() != null) {
      return config;
    }
    Tick first = new Tick();
    try (TickFileSource source = input.open(config.engine())) {
      if (!source.next(first)) {
        return config;
      }
    }
    settings.put("warmUp.until", Times.iso(first.eventTime));
    return options.load(settings);
  }

  private TickIntake run(
      SemnalConfig config,
      Metrics metrics,
      TickFileSource source,
      EngineHost host,
      ProgressLine progress)
      throws IOException {
    long before = host.engine().counters().quotes();
    try {
      return ImportRun.run(
          host,
          config,
          metrics,
          source,
          input.instrumentIndex(config.engine()),
          input.files(),
          input.files().getFirst().toString(),
          ticks ->
              progress.show(
                  "importing "
                      + ticks
                      + " ticks, file "
                      + Math.min(source.filesDone() + 1, source.fileCount())
                      + " of "
                      + source.fileCount()));
    } catch (BadInputException e) {
      progress.clear();
      host.pump();
      long taken = host.engine().counters().quotes() - before;
      throw new CommandFailure(
          e.getMessage()
              + (taken == 0 ? "" : "; the " + taken + " tick(s) before it are in the journal"),
          e);
    }
  }

  private static void report(
      PrintWriter out, TickFileSource source, TickIntake intake, EngineHost host, double seconds) {
    EngineCounters counters = host.engine().counters();
    if (intake.present() > 0) {
      out.printf(
          "went on behind %d ticks of these files that an earlier import took%n", intake.present());
    }
    out.printf(
        "%d ticks in %.1f s (%.0f/s): %d bars, %d scores, %d signals%s%n",
        intake.accepted(),
        seconds,
        intake.accepted() / seconds,
        counters.bars(),
        counters.scores(),
        Summaries.signals(counters),
        intake.accepted() == 0
            ? ""
            : "; the journal has come to " + Times.iso(host.ingress().time()));
    if (intake.rejected() > 0) {
      out.printf("%d ticks rejected, the last for %s%n", intake.rejected(), intake.lastReject());
    }
    if (source.skipped() > 0 || source.abandonedFiles() > 0) {
      out.printf(
          "%d line(s) skipped, %d file(s) given up:%n", source.skipped(), source.abandonedFiles());
      source.problems().forEach(problem -> out.println("  " + problem));
    }
    out.flush();
  }
}
