package io.semnal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long {@code semnal run} takes to go on in a journal: from a snapshot at its end, from one as
 * far behind as a follower ever leaves it, and without one; then in a new run, because the
 * configuration has changed. Ready by the server's own clock, from its main method on, so that the
 * virtual machine's start is left out.
 */
final class RestartBench {
  private static final double TARGET = 2000;

  /** As many as the default settings let come before the next snapshot. */
  private static final long TAIL = 200_000;

  /** So that a snapshot stands at the end again. */
  private static final long MORE = 1_000;

  private final Report report;
  private final long ticks;
  private final int rounds;

  RestartBench(Report report, long ticks, int rounds) {
    this.report = report;
    this.ticks = ticks;
    this.rounds = rounds;
  }

  void run() throws IOException, InterruptedException {
    try (WorkFolder folder = new WorkFolder("restart")) {
      make(folder.path(), List.of(Long.toString(ticks)));
      double[] atEnd = measure(folder.path());
      make(folder.path(), List.of(Long.toString(TAIL), BenchJournal.UNSNAPPED));
      double[] withTail = measure(folder.path());
      deleteSnapshots(BenchJournal.journal(folder.path()).resolve("snapshots"));
      double[] without = measure(folder.path());
      make(folder.path(), List.of(Long.toString(MORE)));
      double[] newRun = measureNewRuns(folder.path());
      add("snapshot at the end", atEnd, without, ticks);
      add("snapshot " + TAIL + " messages behind", withTail, without, ticks + TAIL);
      report.add(
          Figure.plain(
              "restart, another configuration",
              Statistics.median(newRun),
              "ms",
              Double.NaN,
              "a new run behind "
                  + (ticks + TAIL + MORE)
                  + " ticks and a snapshot, warmed up from journaled quotes; "
                  + Statistics.range(newRun)));
    }
  }

  private void add(String what, double[] with, double[] without, long of) {
    report.add(
        Figure.atMost(
            TARGET,
            "restart, " + what,
            Statistics.median(with),
            "ms",
            Statistics.median(without),
            "of "
                + of
                + " ticks, ready by the server's own clock; "
                + Statistics.range(with)
                + "; 'floor' is the same of "
                + (ticks + TAIL)
                + " without a snapshot, "
                + Statistics.range(without)));
  }

  private void make(Path folder, List<String> arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(folder.toString()));
    all.addAll(arguments);
    try (ChildProcess maker = ChildProcess.start("512m", BenchJournal.class.getName(), all)) {
      maker.awaitEnd(report::say);
    }
  }

  /** Starts that leave no snapshot behind, so that each begins where the one before began. */
  private double[] measure(Path folder) throws IOException {
    double[] ready = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      ready[i] = readyMillis(folder);
    }
    return ready;
  }

  /** Each with another cooldown than the one before. */
  private double[] measureNewRuns(Path folder) throws IOException {
    double[] ready = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      ready[i] = readyMillis(folder, "policy.cooldownBars=" + (i + 5));
    }
    return ready;
  }

  private static double readyMillis(Path folder, String... more) throws IOException {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "--config=" + BenchJournal.configFile(folder),
                "models.directory=" + folder.resolve("models"),
                "recovery.snapshots.keep=0"));
    settings.addAll(List.of(more));
    try (ServerProcess server = new ServerProcess(folder, settings.toArray(String[]::new))) {
      return server.readyMillis();
    }
  }

  private static void deleteSnapshots(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
