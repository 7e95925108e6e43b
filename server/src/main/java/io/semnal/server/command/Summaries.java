package io.semnal.server.command;

import io.semnal.inference.engine.EngineCounters;
import io.semnal.protocol.sbe.SignalType;

/** Numbers that several commands print. */
final class Summaries {
  private Summaries() {}

  static long signals(EngineCounters counters) {
    return counters.signals(SignalType.BUY)
        + counters.signals(SignalType.SELL)
        + counters.signals(SignalType.NEUTRAL);
  }
}
