package io.semnal.bench;

import java.io.IOException;

/** What a server costs that has nothing to do: no feed, no client, the default idle strategy. */
final class IdleBench {
  private static final double TARGET = 3;
  private static final long SETTLE_MILLIS = 3000;
  private final Report report;
  private final int seconds;

  IdleBench(Report report, int seconds) {
    this.report = report;
    this.seconds = seconds;
  }

  void run() throws IOException, InterruptedException {
    try (WorkFolder folder = new WorkFolder("idle");
        ServerProcess server = new ServerProcess(folder.path())) {
      Thread.sleep(SETTLE_MILLIS);
      double before = server.processorSeconds();
      long started = System.nanoTime();
      Thread.sleep(seconds * 1000L);
      double used = server.processorSeconds() - before;
      double percent = 100 * used / ((System.nanoTime() - started) / 1e9);
      report.add(
          Figure.atMost(
              TARGET,
              "idle server",
              percent,
              "% of a core",
              Double.NaN,
              "user and system time of all threads over "
                  + seconds
                  + " s, "
                  + SETTLE_MILLIS / 1000
                  + " s after the start, threads.idle = backoff"));
    }
  }
}
