package io.semnal.bench.wire;

import io.semnal.bench.Figure;
import io.semnal.bench.Machine;
import io.semnal.bench.Report;
import io.semnal.bench.Statistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tick to score over real sockets: a client process sends quotes over TCP to a server process that
 * scores every tick, and receives the scores and signals. Beside it, in alternating slices, a bare
 * echo of the same sizes, the one suspended while the other is measured.
 *
 * <p>A run in which a rate was not reached or a message lost fails. One whose floor did not hold
 * still is repeated once; if it moves again, its figures are inconclusive.
 */
public final class WireBench {
  private static final double WARM_SECONDS = 20;
  private static final double QUICK_WARM_SECONDS = 8;
  private static final double MOST_ALLOCATED = 8;
  private static final String ALLOCATED = "semnal_thread_allocated_bytes{thread=\"semnal-hot\"}";

  private final Report report;
  private final Plan plan;
  private final List<WireSlices> measured = new ArrayList<>();
  private boolean failed;

  /**
   * What is measured.
   *
   * @param seconds of each side at each rate
   * @param slices in which they are measured, by turns
   * @param rates for the first scenario; the others are measured at the rate of the targets
   * @param highest whether the highest rate is looked for that is held
   */
  public record Plan(
      double seconds, int slices, List<Integer> rates, boolean quick, boolean highest) {
    /** Everything that there is a target for: some twenty minutes. */
    public static Plan ofAll() {
      return new Plan(60, 6, List.of(1_000, WireScenario.TARGET_RATE, 100_000), false, true);
    }

    /** Within a minute and a half. */
    public static Plan ofQuick() {
      return new Plan(15, 5, List.of(WireScenario.TARGET_RATE), true, false);
    }
  }

  public WireBench(Report report, Plan plan) {
    this.report = report;
    this.plan = plan;
  }

  /**
   * @throws IOException also when a rate was not reached or messages were lost
   */
  public void run() throws IOException, InterruptedException {
    for (WireScenario scenario : WireScenario.values()) {
      if (plan.quick() && scenario != WireScenario.MLP) {
        break;
      }
      run(scenario);
    }
    Path folder = WireFiles.write(name(), measured);
    report.say("percentile curves and histograms in " + folder);
    if (failed) {
      throw new IOException("a rate was not reached or messages were lost: see above");
    }
  }

  private static String name() {
    return "wire-" + Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().replace(":", "");
  }

  private void run(WireScenario scenario) throws IOException, InterruptedException {
    boolean first = scenario == WireScenario.MLP;
    List<Integer> rates = first ? plan.rates() : List.of(WireScenario.TARGET_RATE);
    try (WireRun run = new WireRun(report, scenario)) {
      run.warmUp(plan.quick() ? QUICK_WARM_SECONDS : WARM_SECONDS);
      for (int rate : rates) {
        WireSlices slices = measure(run, scenario, rate);
        if (!slices.isSteady()) {
          report.say("  the floor moved by more than 20 %: once more");
          slices = measure(run, scenario, rate);
        }
        measured.add(slices);
        tell(slices);
      }
      run.sayWhatCame();
      if (first && plan.highest()) {
        report.add(HighestRate.find(run, report));
      }
    }
  }

  private WireSlices measure(WireRun run, WireScenario scenario, int rate) throws IOException {
    WireSlices slices = new WireSlices(scenario, rate);
    double seconds = plan.seconds() / plan.slices();
    for (int i = 0; i < plan.slices(); i++) {
      WireLoad.Result echo = run.measureEcho(rate, seconds);
      double before = run.server().metric(ALLOCATED);
      long ticks = run.ticks();
      WireLoad.Result semnal = run.measureSemnal(rate, seconds);
      double allocated = run.server().metric(ALLOCATED) - before;
      slices.add(echo, semnal, allocated / (run.ticks() - ticks));
    }
    return slices;
  }

  private void tell(WireSlices slices) {
    report.say(slices.title() + ", load " + Machine.load());
    tell("semnal", slices.semnal());
    tell("echo", slices.echo());
    if (!slices.isHeld()) {
      failed = true;
      report.say("  FAILED: " + slices.lost() + " messages lost, or the rate was not reached");
    }
    for (double percentile : WireSlices.PERCENTILES) {
      report.add(figure(slices, percentile));
    }
    double[] allocated = slices.allocated();
    report.add(
        Figure.atMost(
            MOST_ALLOCATED,
            slices.title() + ", allocated a tick by the hot thread, sockets included",
            Statistics.median(allocated),
            "bytes",
            Double.NaN,
            "median of the slices; " + Statistics.range(allocated)));
  }

  private void tell(String side, List<WireLoad.Result> slices) {
    for (WireLoad.Result each : slices) {
      report.say(
          String.format(
              Locale.ROOT,
              "  %-6s p50 %.1f, p99 %.1f, p99.9 %.1f, max %.1f us over %d%s%s",
              side,
              each.latencies().getValueAtPercentile(50) / 1e3,
              each.latencies().getValueAtPercentile(99) / 1e3,
              each.latencies().getValueAtPercentile(99.9) / 1e3,
              each.latencies().getMaxValue() / 1e3,
              each.latencies().getTotalCount(),
              each.unanswered() == 0 ? "" : ", " + each.unanswered() + " unanswered",
              each.behind() < WireLoad.MOST_BEHIND
                  ? ""
                  : ", sender " + each.behind() / 1_000_000 + " ms behind"));
    }
  }

  private static Figure figure(WireSlices slices, double percentile) {
    String name =
        slices.title()
            + ", "
            + (percentile == 100 ? "max" : "p" + String.valueOf(percentile).replace(".0", ""));
    double[] semnal = WireSlices.micros(slices.semnal(), percentile);
    double[] echo = WireSlices.micros(slices.echo(), percentile);
    double target = slices.scenario().target(percentile, slices.rate());
    String remark = "medians of " + semnal.length + " slices; semnal " + Statistics.range(semnal);
    if (Double.isNaN(target)) {
      return Figure.beside(
          "echo", name, Statistics.median(semnal), "us", Statistics.median(echo), remark);
    }
    Figure figure = Figure.timesAtMost(target, name, semnal, "us", "echo", echo, remark);
    return slices.isSteady() ? figure : figure.inconclusive();
  }

  /** Makes sure that what a run leaves has a place. */
  static Path results() throws IOException {
    return Files.createDirectories(Machine.home().resolve("bench/results"));
  }
}
