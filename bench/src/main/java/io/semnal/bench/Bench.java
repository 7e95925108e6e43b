package io.semnal.bench;

import io.semnal.bench.fix.FixCodecBench;
import io.semnal.bench.wire.FixRoundTrip;
import io.semnal.bench.wire.HotBesideEdge;
import io.semnal.bench.wire.MemoryBench;
import io.semnal.bench.wire.SoakBench;
import io.semnal.bench.wire.WireBench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code scripts/bench} command: each number beside its bare floor. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures Semnal on this machine, each number beside its bare floor in the same run, and writes",
      "the figures to bench/results/."
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Bench implements Callable<Integer> {
  private static final long TICKS = 4_000_000;

  @Spec private CommandSpec spec;

  private String[] arguments = {};

  public static void main(String[] args) {
    Bench bench = new Bench();
    bench.arguments = args;
    System.exit(new CommandLine(bench).execute(args.length == 0 ? new String[] {"all"} : args));
  }

  /** A part of the benchmarks; writes its figures into the report. */
  private interface Part {
    void run(Report report) throws IOException, InterruptedException;
  }

  private int measured(Part part) throws IOException, InterruptedException {
    Report report = new Report(System.out, String.join(" ", arguments));
    report.say(Machine.cpu() + ", load " + Machine.load());
    part.run(report);
    report.say("written to " + report.write());
    return CommandLine.ExitCode.OK;
  }

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Say which command.");
  }

  @Command(
      name = "replay",
      aliases = "engine",
      mixinStandardHelpOptions = true,
      description = "Full-speed replay on one thread, as 'semnal replay --verify' does it.")
  int replay(
      @Option(names = "--ticks", defaultValue = "" + TICKS, description = "Ticks in the journal.")
          long ticks,
      @Option(names = "--rounds", defaultValue = "5", description = "Rounds; the median counts.")
          int rounds)
      throws IOException, InterruptedException {
    return measured(report -> new ReplayBench(report, ticks, rounds).run());
  }

  @Command(
      name = "journal",
      mixinStandardHelpOptions = true,
      description =
          "Appending, reading, replay, restart and export, each beside its floor; the set is"
              + " bench-32.")
  int journal(
      @Option(names = "--quick", description = "Fewer messages and rounds, within 90 seconds.")
          boolean quick)
      throws IOException, InterruptedException {
    return measured(report -> new JournalBench(report, quick).run());
  }

  @Command(
      name = "startup",
      mixinStandardHelpOptions = true,
      description = "How long 'semnal run' takes until it is ready.")
  int startup(
      @Option(names = "--rounds", defaultValue = "5", description = "Starts; the median counts.")
          int rounds)
      throws IOException, InterruptedException {
    return measured(report -> new StartupBench(report, rounds).run());
  }

  @Command(
      name = "restart",
      mixinStandardHelpOptions = true,
      description = "How long 'semnal run' takes to go on in a journal, with and without snapshot.")
  int restart(
      @Option(names = "--ticks", defaultValue = "1000000", description = "Ticks in the journal.")
          long ticks,
      @Option(names = "--rounds", defaultValue = "3", description = "Starts; the median counts.")
          int rounds)
      throws IOException, InterruptedException {
    return measured(report -> new RestartBench(report, ticks, rounds).run());
  }

  @Command(
      name = "idle",
      mixinStandardHelpOptions = true,
      description = "What a server with nothing to do costs.")
  int idle(
      @Option(names = "--seconds", defaultValue = "20", description = "How long to watch it.")
          int seconds)
      throws IOException, InterruptedException {
    return measured(report -> new IdleBench(report, seconds).run());
  }

  @Command(
      name = "wire",
      mixinStandardHelpOptions = true,
      description = "Tick to score over loopback TCP, beside a bare echo.")
  int wire(
      @Option(names = "--seconds", defaultValue = "60", description = "Of each side at each rate.")
          int seconds,
      @Option(
              names = "--slices",
              defaultValue = "6",
              description = "In which the two sides take turns.")
          int slices,
      @Option(
              names = "--rate",
              split = ",",
              defaultValue = "1000,20000,100000",
              description = "Ticks a second, of the compiled model over TCP; several after commas.")
          List<Integer> rates,
      @Option(names = "--quick", description = "One model, one rate, within 90 seconds.")
          boolean quick,
      @Option(
              names = "--highest",
              negatable = true,
              defaultValue = "true",
              fallbackValue = "true",
              description = "Look for the highest rate that is held, too.")
          boolean highest)
      throws IOException, InterruptedException {
    return measured(
        report ->
            new WireBench(
                    report,
                    quick
                        ? WireBench.Plan.ofQuick()
                        : new WireBench.Plan(seconds, slices, rates, false, highest))
                .run());
  }

  @Command(
      name = "jmh",
      mixinStandardHelpOptions = true,
      description = "Micro benchmarks of the steps of a tick's way.")
  int jmh(@Option(names = "--quick", description = "Fewer, shorter rounds.") boolean quick)
      throws IOException, InterruptedException {
    return measured(report -> new JmhBench(report, quick).run());
  }

  @Command(
      name = "indicators",
      mixinStandardHelpOptions = true,
      description = "Indicators beside ta4j and TA-Lib, then the set bench-32 by itself.")
  int indicators(
      @Option(names = "--quick", description = "Fewer and shorter rounds, within 2 minutes.")
          boolean quick)
      throws IOException, InterruptedException {
    return measured(
        report -> {
          new IndicatorBench(report, quick).run();
          new FeatureSetBench(report, quick).run();
        });
  }

  @Command(
      name = "score",
      mixinStandardHelpOptions = true,
      description = "One row through Semnal's scorers, beside ONNX Runtime's Java API.")
  int score(
      @Option(names = "--rounds", defaultValue = "15", description = "Slices of each, alternating.")
          int rounds,
      @Option(
              names = "--table",
              paramLabel = "FOLDER",
              description = "Instead, a table of the models in a folder, with inputs and outputs.")
          Path table)
      throws IOException, InterruptedException {
    return measured(
        report -> {
          if (table == null) {
            new ScoreBench(report, rounds).run();
          } else {
            new ScoreTable(report, table).run();
          }
        });
  }

  @Command(
      name = "swap",
      mixinStandardHelpOptions = true,
      description = "How long scoring pauses when another model takes over under load.")
  int swap(
      @Option(names = "--rounds", defaultValue = "9", description = "Slices of each, alternating.")
          int rounds)
      throws IOException, InterruptedException {
    return measured(report -> new SwapBench(report, rounds).run());
  }

  @Command(
      name = "fanout",
      mixinStandardHelpOptions = true,
      description = {
        "Every signal to 1,000 WebSocket clients, 10,000 idle ones, one that stalls, and the hot path",
        "beside them."
      })
  int fanout(
      @Option(names = "--quick", description = "Fewer and shorter slices, within 90 seconds.")
          boolean quick)
      throws IOException, InterruptedException {
    return measured(
        report -> {
          new FanoutBench(report, quick).run();
          new HotBesideEdge(report, quick).run();
        });
  }

  @Command(
      name = "soak",
      mixinStandardHelpOptions = true,
      description =
          "A server under 20,000 ticks/s with clients that come and go: does anything grow?")
  int soak(
      @Option(names = "--minutes", defaultValue = "60", description = "How long.") double minutes)
      throws IOException, InterruptedException {
    return measured(report -> new SoakBench(report, minutes).run());
  }

  @Command(
      name = "memory",
      mixinStandardHelpOptions = true,
      description = "What a server of 28 instruments x 6 timeframes x 32 columns takes.")
  int memory(
      @Option(names = "--seconds", defaultValue = "60", description = "Of 20,000 ticks/s.")
          int seconds)
      throws IOException, InterruptedException {
    return measured(report -> new MemoryBench(report, seconds).run());
  }

  @Command(
      name = "state",
      mixinStandardHelpOptions = true,
      description = "Writing an engine's state down and reading it back.")
  int state(
      @Option(names = "--rounds", defaultValue = "15", description = "Rounds; the median counts.")
          int rounds)
      throws IOException, InterruptedException {
    return measured(report -> new StateBench(report, rounds).run());
  }

  @Command(
      name = "last",
      mixinStandardHelpOptions = true,
      description = "What the last values beside the journal cost the edge thread.")
  int last(
      @Option(
              names = "--turns",
              defaultValue = "60",
              description = "Quarters of a second; the median counts.")
          int turns)
      throws IOException, InterruptedException {
    return measured(report -> new LastValueBench(report, turns).run());
  }

  @Command(
      name = "fix",
      mixinStandardHelpOptions = true,
      description =
          "Reading market data in FIX, beside QuickFIX/J and Philadelphia; and the round trip from"
              + " a price to its IOI, beside a bare echo and QuickFIX/J's.")
  int fix(
      @Option(names = "--rounds", defaultValue = "15", description = "Slices of each, alternating.")
          int rounds,
      @Option(names = "--quick", description = "A shorter round trip.") boolean quick)
      throws IOException, InterruptedException {
    return measured(
        report -> {
          new FixCodecBench(report, rounds).run();
          new FixRoundTrip(report, quick).run();
        });
  }

  @Command(
      name = "all",
      mixinStandardHelpOptions = true,
      description = "Everything; the default command.")
  int all(
      @Option(names = "--quick", description = "Fewer and shorter rounds, within 10 minutes.")
          boolean quick)
      throws IOException, InterruptedException {
    return measured(
        report -> {
          new StartupBench(report, quick ? 3 : 7).run();
          new IdleBench(report, quick ? 10 : 30).run();
          new JournalBench(report, quick).run();
          new LastValueBench(report, quick ? 20 : 60).run();
          new WireBench(report, quick ? WireBench.Plan.ofQuick() : WireBench.Plan.ofAll()).run();
          new ScoreBench(report, quick ? 7 : 15).run();
          new FixCodecBench(report, quick ? 7 : 15).run();
          new FixRoundTrip(report, quick).run();
          new SwapBench(report, quick ? 3 : 9).run();
          new MemoryBench(report, quick ? 10 : 60).run();
          new StateBench(report, quick ? 5 : 15).run();
          new FanoutBench(report, quick).run();
          new HotBesideEdge(report, quick).run();
          new JmhBench(report, quick).run();
          new IndicatorBench(report, quick).run();
          new FeatureSetBench(report, quick).run();
        });
  }
}
