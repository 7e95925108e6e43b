package io.semnal.inference.engine;

import io.semnal.inference.signal.Scores;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.Trigger;

/** One scoring while it is worked on: what its Score message will say. Reused. */
final class ScoreFrame {
  final Scores scores = new Scores();
  Trigger trigger;
  long eventTime;
  long bid;
  long ask;
  long featureHash;
  double atr;
  SignalType side;
  ScoreReason reason;

  void begin(Trigger trigger, long eventTime, long bid, long ask) {
    this.trigger = trigger;
    this.eventTime = eventTime;
    this.bid = bid;
    this.ask = ask;
    scores.clear();
    featureHash = 0;
    atr = Double.NaN;
    side = SignalType.NEUTRAL;
    reason = null;
  }
}
