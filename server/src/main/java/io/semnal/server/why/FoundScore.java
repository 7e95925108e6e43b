package io.semnal.server.why;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.Trigger;

/** One Score of the outbound journal, with what stood around it there. */
public final class FoundScore {
  public final long outSeq;
  public final long causeSeq;
  public final long time;
  public final int timeframe;
  public final int strategyId;
  public final String strategy;
  public final String model;
  public final double buy;
  public final double sell;
  public final double neutral;
  public final double output;
  public final long featureHash;
  public final long bid;
  public final long ask;
  public final SignalType side;
  public final ScoreReason reason;
  public final Trigger trigger;

  /** Of the bar of its timeframe that closed last; -1 = none is known. */
  int barFlags = -1;

  /** Of the quote that caused it; -1 = it was no quote, or is not known. */
  int quoteFlags = -1;

  /** The strategy's signal that was open; 0 = none. */
  long openSignal;

  SignalType openType = SignalType.NEUTRAL;

  /** When the strategy's last signal ended; absent = none did. */
  long lastEnd = MessageLayout.ABSENT;

  /** What was published for it; 0 = nothing. */
  long published;

  /** What an operator did last that can cover it; empty = nothing. */
  String operator = "";

  /** What was said last of its feed, if that was not good; else empty. */
  String feed = "";

  FoundScore(ScoreDecoder score, String strategy, String model) {
    outSeq = score.outSeq();
    causeSeq = score.causeSeq();
    time = score.time();
    timeframe = score.timeframe();
    strategyId = score.strategyId();
    this.strategy = strategy;
    this.model = model;
    buy = score.buy();
    sell = score.sell();
    neutral = score.neutral();
    output = score.output();
    featureHash = score.featureHash();
    bid = score.bid();
    ask = score.ask();
    side = score.side();
    reason = score.reason();
    trigger = score.trigger();
  }

  /** Whether the engine computed its inputs before it decided. */
  public boolean isHashed() {
    return featureHash != 0;
  }
}
