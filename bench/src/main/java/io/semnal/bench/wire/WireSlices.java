package io.semnal.bench.wire;

import io.semnal.bench.Statistics;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The alternating slices of one scenario at one rate: Semnal's and the floor's. */
final class WireSlices {
  /** Percentiles that are reported. */
  static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};

  /** A floor whose median moves by more than this is no floor. */
  private static final double STEADY = 1.2;

  private final WireScenario scenario;
  private final int rate;
  private final List<WireLoad.Result> semnal = new ArrayList<>();
  private final List<WireLoad.Result> echo = new ArrayList<>();
  private final List<Double> allocated = new ArrayList<>();

  WireSlices(WireScenario scenario, int rate) {
    this.scenario = scenario;
    this.rate = rate;
  }

  /**
   * @param bytes that the hot thread allocated for a tick
   */
  void add(WireLoad.Result ofEcho, WireLoad.Result ofSemnal, double bytes) {
    echo.add(ofEcho);
    semnal.add(ofSemnal);
    allocated.add(bytes);
  }

  /** Slice by slice, bytes a tick. */
  double[] allocated() {
    return allocated.stream().mapToDouble(Double::doubleValue).toArray();
  }

  WireScenario scenario() {
    return scenario;
  }

  int rate() {
    return rate;
  }

  List<WireLoad.Result> semnal() {
    return semnal;
  }

  List<WireLoad.Result> echo() {
    return echo;
  }

  /** Slice by slice, microseconds. */
  static double[] micros(List<WireLoad.Result> slices, double percentile) {
    return slices.stream()
        .mapToDouble(each -> each.latencies().getValueAtPercentile(percentile) / 1e3)
        .toArray();
  }

  /** All slices of one side as one. */
  static Histogram total(List<WireLoad.Result> slices) {
    Histogram total = new Histogram(slices.getFirst().latencies());
    slices.forEach(each -> total.add(each.latencies()));
    return total;
  }

  /** Whether the floor's median stayed where it was: else the machine did something else. */
  boolean isSteady() {
    double[] medians = micros(echo, 50);
    double middle = Statistics.median(medians);
    for (double each : medians) {
      if (each > STEADY * middle || each < middle / STEADY) {
        return false;
      }
    }
    return true;
  }

  /** Messages that no answer came to, on Semnal's side. */
  long lost() {
    return semnal.stream().mapToLong(WireLoad.Result::unanswered).sum();
  }

  /** Whether all that was planned was sent in its time, and answered. */
  boolean isHeld() {
    return semnal.stream().allMatch(WireLoad.Result::isHeld)
        && echo.stream().allMatch(WireLoad.Result::isHeld);
  }

  String title() {
    return "wire, " + scenario.title() + ", " + String.format("%,d", rate) + "/s";
  }

  String id() {
    return scenario.id() + "-" + rate;
  }
}
