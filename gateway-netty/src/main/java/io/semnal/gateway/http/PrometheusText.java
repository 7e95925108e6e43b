package io.semnal.gateway.http;

import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.metrics.StageRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Renders all metrics in Prometheus' text format, version 0.0.4: counters and gauges under the
 * prefix {@code semnal_}, stage latencies as one summary in seconds whose quantile 1 is the
 * maximum.
 */
final class PrometheusText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final String PREFIX = "semnal_";
  private static final String STAGES = PREFIX + "stage_latency_seconds";
  private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999, 1};
  private static final double NANOS = 1e9;

  private record Sample(String labels, String value) {}

  private static final class Family {
    final String help;
    final String type;
    final List<Sample> samples = new ArrayList<>();

    Family(String help, String type) {
      this.help = help;
      this.type = type;
    }
  }

  private PrometheusText() {}

  static String render(Metrics metrics) {
    Map<String, Family> families = new TreeMap<>();
    for (Counter counter : metrics.counters()) {
      add(
          families,
          counter.name(),
          counter.help(),
          counter.isGauge() ? "gauge" : "counter",
          Long.toString(counter.get()));
    }
    for (Metrics.Gauge gauge : metrics.gauges()) {
      String value = Long.toString(gauge.value().getAsLong());
      add(families, gauge.name(), gauge.help(), "gauge", value);
    }
    for (Metrics.RealGauge gauge : metrics.reals()) {
      String value = Double.toString(gauge.value().getAsDouble());
      add(families, gauge.name(), gauge.help(), "gauge", value);
    }
    StringBuilder out = new StringBuilder(4096);
    families.forEach((name, family) -> write(out, name, family));
    stages(out, metrics.stages());
    return out.toString();
  }

  /** A name may end in labels in braces; samples that differ by labels only are one family. */
  private static void add(
      Map<String, Family> families, String name, String help, String type, String value) {
    int brace = name.indexOf('{');
    String base = PREFIX + (brace < 0 ? name : name.substring(0, brace));
    String labels = brace < 0 ? "" : name.substring(brace);
    families
        .computeIfAbsent(base, b -> new Family(help, type))
        .samples
        .add(new Sample(labels, value));
  }

  private static void write(StringBuilder out, String name, Family family) {
    head(out, name, family.help, family.type);
    for (Sample sample : family.samples) {
      out.append(name).append(sample.labels).append(' ').append(sample.value).append('\n');
    }
  }

  private static void head(StringBuilder out, String name, String help, String type) {
    out.append("# HELP ")
        .append(name)
        .append(' ')
        .append(help.replace("\\", "\\\\").replace("\n", "\\n"))
        .append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void stages(StringBuilder out, StageRecorder recorder) {
    head(
        out,
        STAGES,
        "From reception at the socket to the end of the stage, sampled messages; quantile 1 is the"
            + " maximum",
        "summary");
    for (StageRecorder.Stage stage : StageRecorder.Stage.values()) {
      Histogram histogram = recorder.total(stage);
      String label = "stage=\"" + stage.name().toLowerCase(Locale.ROOT) + "\"";
      long count = histogram.getTotalCount();
      for (double quantile : QUANTILES) {
        double seconds =
            count == 0 ? Double.NaN : histogram.getValueAtPercentile(quantile * 100) / NANOS;
        out.append(STAGES)
            .append('{')
            .append(label)
            .append(",quantile=\"")
            .append(quantile == 1 ? "1" : Double.toString(quantile))
            .append("\"} ")
            .append(seconds)
            .append('\n');
      }
      double sum = count == 0 ? 0 : histogram.getMean() * count / NANOS;
      out.append(STAGES).append("_sum{").append(label).append("} ").append(sum).append('\n');
      out.append(STAGES).append("_count{").append(label).append("} ").append(count).append('\n');
    }
  }
}
