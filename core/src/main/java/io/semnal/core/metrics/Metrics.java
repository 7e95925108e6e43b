package io.semnal.core.metrics;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * All counters, gauges and stage recorders of one server. Made at wiring time, read by the edge;
 * there is no static registry, so that several servers can live in one test.
 */
public final class Metrics {
  private final ConcurrentSkipListMap<String, Counter> counters = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<String, Gauge> gauges = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListMap<String, RealGauge> reals = new ConcurrentSkipListMap<>();
  private final StageRecorder stages = new StageRecorder();

  /** A value with a fraction that is read when asked for; NaN = not known. */
  public record RealGauge(String name, String help, DoubleSupplier value) {}

  /** A value that is read when asked for. */
  public record Gauge(String name, String help, LongSupplier value) {}

  /**
   * The counter of that name, made if new. Names: {@code feed_quotes_total}, {@code
   * x_total{reason="y"}}.
   */
  public Counter counter(String name, String help) {
    return counters.computeIfAbsent(name, n -> new Counter(n, help, false));
  }

  public Counter gauge(String name, String help) {
    return counters.computeIfAbsent(name, n -> new Counter(n, help, true));
  }

  public void gauge(String name, String help, LongSupplier value) {
    gauges.put(name, new Gauge(name, help, value));
  }

  public void real(String name, String help, DoubleSupplier value) {
    reals.put(name, new RealGauge(name, help, value));
  }

  public List<RealGauge> reals() {
    return List.copyOf(reals.values());
  }

  public Collection<Counter> counters() {
    return counters.values();
  }

  public List<Gauge> gauges() {
    return List.copyOf(gauges.values());
  }

  public StageRecorder stages() {
    return stages;
  }
}
