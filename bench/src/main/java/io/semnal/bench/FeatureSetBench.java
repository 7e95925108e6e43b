package io.semnal.bench;

import io.semnal.bench.jmh.FeatureBenchmark;
import java.util.HashMap;
import java.util.Map;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What the set {@code bench-32} costs: a closed bar, a forming update, heap, garbage. */
final class FeatureSetBench {
  private static final double CLOSED_NANOS = 600;
  private static final double FORMING_NANOS = 400;
  private static final double STATE_BYTES = 64 * 1024;
  private static final double MEDIAN = 50;
  private static final double TAIL = 99;

  /** As many updates as {@link FeatureBenchmark#formingUpdate32} has in a sample. */
  private static final double FORMING_A_SAMPLE = 8;

  private final Report report;
  private final boolean quick;

  FeatureSetBench(Report report, boolean quick) {
    this.report = report;
    this.quick = quick;
  }

  void run() {
    Map<String, RunResult> results = measured(Mode.SampleTime);
    double timer = percentile(results.get("timerAlone"), MEDIAN);
    time(results.get("closedBar32"), "bench-32, closed bar", CLOSED_NANOS, timer);
    time(
        results.get("formingUpdate32"),
        "bench-32, forming update",
        FORMING_NANOS,
        timer / FORMING_A_SAMPLE);
    // A sample is kept on the heap: bytes are told where none is taken.
    Map<String, RunResult> averages = measured(Mode.AverageTime);
    garbage(averages.get("closedBar32"), "bench-32, garbage of a closed bar");
    garbage(averages.get("formingUpdate32"), "bench-32, garbage of a forming update");
    report.add(
        Figure.atMost(
            STATE_BYTES,
            "bench-32, state of an instrument",
            FeatureBenchmark.stateBytes(),
            "bytes",
            Double.NaN,
            "heap held by one more instrument's row, its bars and its 15m nodes included"));
  }

  private Map<String, RunResult> measured(Mode mode) {
    TimeValue time = TimeValue.milliseconds(quick ? 700 : 2000);
    Map<String, RunResult> results = new HashMap<>();
    try {
      for (RunResult result :
          new Runner(
                  new OptionsBuilder()
                      .include(FeatureBenchmark.class.getName().replace(".", "\\."))
                      .mode(mode)
                      .forks(1)
                      .warmupIterations(quick ? 4 : 6)
                      .warmupTime(time)
                      .measurementIterations(mode == Mode.SampleTime && !quick ? 8 : 3)
                      .measurementTime(time)
                      .addProfiler(GCProfiler.class)
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .run()) {
        results.put(result.getPrimaryResult().getLabel(), result);
      }
    } catch (RunnerException e) {
      throw new IllegalStateException("JMH: " + e.getMessage(), e);
    }
    return results;
  }

  private void time(RunResult result, String name, double target, double clock) {
    report.add(
        Figure.atMost(
            target,
            name,
            percentile(result, MEDIAN) - clock,
            "ns",
            Double.NaN,
            "JMH samples, p50; "
                + Figure.number(clock)
                + " ns of looking at the clock subtracted; p99 "
                + Figure.number(percentile(result, TAIL) - clock)));
  }

  /** JMH's own bookkeeping leaves some tenths of a byte. */
  private void garbage(RunResult result, String name) {
    Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
    report.add(
        Figure.atMost(
            0,
            name,
            Math.rint(bytes.getScore()),
            "B",
            Double.NaN,
            "JMH -prof gc, rounded; " + bytes.getScore()));
  }

  private static double percentile(RunResult result, double percent) {
    return result.getPrimaryResult().getStatistics().getPercentile(percent);
  }
}
