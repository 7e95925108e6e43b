package io.semnal.bench;

import java.io.IOException;

/** How long {@code semnal run} takes with an empty journal, until it is ready. */
final class StartupBench {
  private static final double TARGET = 3000;
  private static final double CACHED_TARGET = 1000;
  private final Report report;
  private final int rounds;

  StartupBench(Report report, int rounds) {
    this.report = report;
    this.rounds = rounds;
  }

  void run() throws IOException, InterruptedException {
    double[] wall = new double[rounds];
    double[] ready = new double[rounds];
    double[] bare = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      bare[i] = bareMillis();
      try (WorkFolder folder = new WorkFolder("startup");
          ServerProcess server = new ServerProcess(folder.path())) {
        wall[i] = server.wallMillis();
        ready[i] = server.readyMillis();
      }
    }
    report.add(
        Figure.atMost(
            TARGET,
            "run, empty journal, until ready",
            Statistics.median(wall),
            "ms",
            Statistics.median(bare),
            "process start to 'ready'; "
                + Statistics.range(wall)
                + " starts; "
                + Figure.number(Statistics.median(ready))
                + " ms by its own clock; floor: a JVM that prints a line"));
    cached();
  }

  /** The launcher with and without the cache of {@code scripts/aot}, by turns. */
  private void cached() throws IOException, InterruptedException {
    // Of this build: the launcher passes over one that is older, as each build of the bench makes
    // it.
    Process making =
        new ProcessBuilder(Machine.home().resolve("scripts/aot").toString()).inheritIO().start();
    if (making.waitFor() != 0) {
      throw new IOException("scripts/aot made no cache");
    }
    double[] with = new double[rounds];
    double[] without = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      with[i] = launched(true);
      without[i] = launched(false);
    }
    report.add(
        Figure.atMost(
            CACHED_TARGET,
            "scripts/semnal run, AOT cache, until ready",
            Statistics.median(with),
            "ms",
            Statistics.median(without),
            "process start to 'ready'; "
                + Statistics.range(with)
                + " starts; floor: the same without the cache, in turns, "
                + Statistics.range(without)));
  }

  private static double launched(boolean cached) throws IOException {
    try (WorkFolder folder = new WorkFolder("startup");
        ServerProcess server = ServerProcess.launched(folder.path(), cached)) {
      return server.wallMillis();
    }
  }

  private static double bareMillis() throws IOException {
    long started = System.nanoTime();
    try (ChildProcess bare =
        ChildProcess.start("512m", Hello.class.getName(), java.util.List.of())) {
      bare.awaitLine(line -> line.equals(Hello.LINE));
      return (System.nanoTime() - started) / 1e6;
    }
  }

  /** The least that a JVM can do. */
  static final class Hello {
    static final String LINE = "hello";

    private Hello() {}

    public static void main(String[] args) {
      System.out.println(LINE);
    }
  }
}
