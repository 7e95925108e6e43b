package io.semnal.bench;

import java.io.IOException;

/** How long {@code semnal run} takes with an empty journal, until it is ready. */
final class StartupBench {
  private static final double TARGET = 3000;
  private final Report report;
  private final int rounds;

  StartupBench(Report report, int rounds) {
    this.report = report;
    this.rounds = rounds;
  }

  void run() throws IOException {
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
