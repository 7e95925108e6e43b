package io.semnal.server.model;

import io.semnal.core.config.SemnalConfig;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.ModelAdmin;
import io.semnal.inference.engine.ScoredRows;
import io.semnal.inference.engine.SignalEngine;
import io.semnal.journal.JournalDirectory;
import org.agrona.concurrent.Agent;

/** Everything about models that a server does beside scoring: wires it, starts it, ends it. */
public final class ModelOperations implements AutoCloseable {
  /** Rows of 32 features for a third of a second at 50,000 a second. */
  private static final int ROWS_BYTES = 1 << 22;

  private static final int CHALLENGER_SECONDS = 5;

  private final Challengers challengers;
  private final ShadowAgent shadow;
  private final ModelDesk desk;

  /**
   * @param inbound takes activations, from any thread
   * @throws io.semnal.inference.registry.ModelRefusedException where a configured challenger cannot
   *     run
   */
  public ModelOperations(
      SemnalConfig config,
      SignalEngine engine,
      JournalDirectory journal,
      InboundPort inbound,
      Metrics metrics) {
    challengers = new Challengers(config.runtime().models(), engine.models());
    challengers.requireConfigured();
    ScoredRows rows =
        new ScoredRows(
            ROWS_BYTES,
            metrics.counter("shadow_rows_total", "Scored rows copied for challengers and drift"),
            metrics.counter("shadow_rows_dropped_total", "Those left out for want of room"));
    engine.copyRowsTo(rows);
    shadow =
        new ShadowAgent(
            rows,
            engine.models(),
            challengers,
            journal::shadowLog,
            config.engine().strategies(),
            metrics);
    DriftReport drift = new DriftReport(engine.models(), engine.outcomes(), shadow::snapshots);
    drift.register(metrics);
    ModelSwap swap =
        new ModelSwap(config.runtime().models(), journal.path(), engine.models(), inbound);
    desk = new ModelDesk(engine.models(), swap, drift::json);
  }

  /** For the cold thread. */
  public Agent coldAgent() {
    return shadow;
  }

  /** What operators may ask. */
  public ModelAdmin admin() {
    return desk;
  }

  /** Begins to look for challengers. */
  public void start() {
    desk.repeat(challengers::refresh, CHALLENGER_SECONDS);
  }

  /** Takes no more requests. */
  @Override
  public void close() {
    desk.close();
  }
}
