package io.semnal.bench;

import java.util.Collection;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The micro benchmarks of {@code io.semnal.bench.jmh}, each in a JVM of its own. */
final class JmhBench {
  private static final int QUICK_MILLIS = 400;
  private static final int MILLIS = 1000;
  private static final double MEDIAN = 50;
  private static final double TAIL = 99;
  private final Report report;
  private final boolean quick;

  JmhBench(Report report, boolean quick) {
    this.report = report;
    this.quick = quick;
  }

  void run() {
    TimeValue time = TimeValue.milliseconds(quick ? QUICK_MILLIS : MILLIS);
    Options options =
        new OptionsBuilder()
            .include("io\\.semnal\\.bench\\.jmh\\..*")
            .forks(1)
            .warmupIterations(quick ? 2 : 4)
            .warmupTime(time)
            .measurementIterations(quick ? 3 : 8)
            .measurementTime(time)
            .verbosity(VerboseMode.SILENT)
            .build();
    Collection<RunResult> results;
    try {
      results = new Runner(options).run();
    } catch (RunnerException e) {
      throw new IllegalStateException("JMH: " + e.getMessage(), e);
    }
    for (RunResult result : results) {
      Result<?> primary = result.getPrimaryResult();
      boolean sampled = result.getParams().getMode() == Mode.SampleTime;
      report.add(
          Figure.plain(
              primary.getLabel(),
              sampled ? primary.getStatistics().getPercentile(MEDIAN) : primary.getScore(),
              "ns",
              Double.NaN,
              sampled
                  ? "JMH samples, p50; p99 "
                      + Figure.number(primary.getStatistics().getPercentile(TAIL))
                  : "JMH average, +- " + Figure.number(primary.getScoreError())));
    }
  }
}
