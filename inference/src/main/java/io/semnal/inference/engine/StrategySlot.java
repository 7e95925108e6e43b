package io.semnal.inference.engine;

import io.semnal.core.state.StateVisitor;
import io.semnal.features.FeatureRow;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.inference.signal.TrackedSignal;
import io.semnal.protocol.sbe.MarketSession;
import io.semnal.protocol.sbe.SignalType;

/** One strategy on one instrument: the place where scores become at most one open signal. */
final class StrategySlot {
  final int index;
  final StrategyState strategy;
  final InstrumentState instrument;

  /** Position of the strategy's timeframe in the configuration. */
  final int timeframe;

  final FeatureRow row;

  /** One column: the ATR that scales the levels. */
  final FeatureRow atr;

  final TrackedSignal signal;
  int scoreTopic;
  int signalTopic;

  /** Paused, killed or in a blackout. */
  boolean blocked;

  /** Engine time before which nothing is opened after the last end. */
  long cooldownUntil = Long.MIN_VALUE;

  /** Type of the last signal published; NEUTRAL before the first. */
  SignalType published = SignalType.NEUTRAL;

  /** Of the current model, by session. */
  final OutcomeStatistics.Row[] outcomes = new OutcomeStatistics.Row[MarketSession.values().length];

  /** Where the open signal's outcome will count, whatever model scores by then. */
  OutcomeStatistics.Row credited;

  StrategySlot(
      int index,
      StrategyState strategy,
      InstrumentState instrument,
      int timeframe,
      FeatureRow row,
      FeatureRow atr,
      TrackedSignal signal) {
    this.index = index;
    this.strategy = strategy;
    this.instrument = instrument;
    this.timeframe = timeframe;
    this.row = row;
    this.atr = atr;
    this.signal = signal;
  }

  /** The signal itself is the book's. */
  void state(StateVisitor s, OutcomeStatistics statistics) {
    s.section("slot " + index);
    scoreTopic = s.of(scoreTopic);
    signalTopic = s.of(signalTopic);
    blocked = s.of(blocked);
    cooldownUntil = s.of(cooldownUntil);
    published = s.of(published);
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = statistics.reference(s, outcomes[i]);
    }
    credited = statistics.reference(s, credited);
  }
}
