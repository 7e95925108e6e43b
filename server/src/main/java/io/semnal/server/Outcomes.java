package io.semnal.server;

import io.semnal.gateway.rest.OutcomeRow;
import io.semnal.inference.engine.SignalEngine;
import java.util.List;

/** Shows the engine's statistics of outcomes to the gateway. */
final class Outcomes {
  private Outcomes() {}

  /** Any thread. */
  static List<OutcomeRow> of(SignalEngine engine) {
    return engine.outcomes().outcomes().stream()
        .map(
            o ->
                new OutcomeRow(
                    o.key().modelId(),
                    o.key().instrumentId(),
                    o.key().timeframe(),
                    o.key().session().name(),
                    o.count(),
                    o.wins(),
                    o.pips(),
                    o.profitFactor(),
                    o.brierScore()))
        .toList();
  }
}
