package io.semnal.inference.engine;

import io.semnal.core.market.MarketCalendar;
import io.semnal.inference.scorer.Scorer;
import io.semnal.inference.signal.DecisionPolicy;
import io.semnal.inference.signal.MarketQuote;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.Trigger;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Scores a slot when its trigger fires, and says what became of it: every trigger yields exactly
 * one Score, whose reason is the first of these that holds.
 *
 * <ol>
 *   <li>NO_MODEL: the strategy has none
 *   <li>PAUSED: an operator's pause, kill switch or blackout
 *   <li>CLOSED: the market is, by the calendar
 *   <li>NOT_WARM: a column or the ATR has not converged
 *   <li>QUALITY: the quote (trigger tick) or the bar (trigger bar-close) is flagged, the feed was
 *       reported stale or down and no good quote came since, or a value is missing that the model
 *       does not accept as missing
 *   <li>SCORER_ERROR: the scorer failed, or its output cannot be true
 *   <li>then those of {@link DecisionPolicy}
 * </ol>
 *
 * <p>Up to SCORER_ERROR nothing was scored, and the outputs are NaN. The feature hash is there as
 * soon as the features were computed.
 */
final class Scoring {
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private final MarketCalendar calendar;
  private final OutboundWriter writer;
  private final SignalLives lives;
  private final EngineCounters counters;
  private final ScoreFrame frame = new ScoreFrame();
  private final UnsafeBuffer features;
  private final MemorySegment featureSegment;

  /** {@code null} but in a replay that explains scores. */
  private ScoreObserver observer;

  /** {@code null} = nobody looks at what was scored. */
  private ScoredRows rows;

  Scoring(
      MarketCalendar calendar,
      OutboundWriter writer,
      SignalLives lives,
      EngineCounters counters,
      int mostColumns) {
    this.calendar = calendar;
    this.writer = writer;
    this.lives = lives;
    this.counters = counters;
    ByteBuffer bytes = ByteBuffer.allocateDirect(mostColumns * Float.BYTES);
    features = new UnsafeBuffer(bytes);
    featureSegment = MemorySegment.ofBuffer(bytes);
  }

  /** From now on each Score is shown to the observer. */
  void observe(ScoreObserver scoreObserver) {
    observer = scoreObserver;
  }

  /** From now on copies of what was scored go there. */
  void copyTo(ScoredRows scoredRows) {
    rows = scoredRows;
  }

  /** The slot's bar has closed. */
  void onBarClose(StrategySlot slot, boolean flagged) {
    frame.begin(Trigger.BAR_CLOSE, MessageLayout.ABSENT, slot.instrument.bid, slot.instrument.ask);
    score(slot, flagged || slot.instrument.stale);
  }

  /** A quote came in: the forming bar is scored. */
  void onTick(StrategySlot slot, MarketQuote quote, boolean flagged) {
    frame.begin(Trigger.TICK, quote.eventTime, quote.bid, quote.ask);
    score(slot, flagged);
  }

  private void score(StrategySlot slot, boolean flagged) {
    frame.reason = evaluate(slot, flagged);
    ScoreReason reason = frame.reason;
    boolean asked = reason == ScoreReason.SIGNAL || reason == ScoreReason.SCORER_ERROR;
    SignalType candidate = SignalType.NEUTRAL;
    if (reason == ScoreReason.SIGNAL) {
      DecisionPolicy decision = slot.strategy.decision;
      candidate = DecisionPolicy.candidate(frame.scores);
      frame.side = decision.favoured(frame.scores, candidate);
      frame.reason = decide(slot, decision, candidate);
    }
    counters.score(frame.reason);
    long outSeq = writer.score(slot, frame);
    act(slot, candidate);
    if (rows != null && asked) {
      rows.add(slot, frame, writer.cause(), writer.time(), features);
    }
    if (observer != null) {
      compute(slot);
      observer.onScore(outSeq, slot.row, slot.atr);
    }
  }

  /** SIGNAL if there are scores to decide on, else the reason why not. */
  private ScoreReason evaluate(StrategySlot slot, boolean flagged) {
    StrategyState strategy = slot.strategy;
    if (strategy.model == null) {
      return ScoreReason.NO_MODEL;
    }
    if (slot.blocked) {
      return ScoreReason.PAUSED;
    }
    if (!calendar.isOpen(writer.time())) {
      return ScoreReason.CLOSED;
    }
    if (!slot.row.isWarm() || !slot.atr.isWarm()) {
      return ScoreReason.NOT_WARM;
    }
    if (flagged || !slot.instrument.hasQuote()) {
      return ScoreReason.QUALITY;
    }
    boolean complete = computeFeatures(slot);
    if (Double.isNaN(frame.atr) || (!complete && !strategy.model.card().acceptsNaN())) {
      return ScoreReason.QUALITY;
    }
    return run(slot) ? ScoreReason.SIGNAL : ScoreReason.SCORER_ERROR;
  }

  /**
   * Computes the row and its hash, and the ATR.
   *
   * @return whether no value is missing
   */
  private boolean computeFeatures(StrategySlot slot) {
    compute(slot);
    slot.row.writeFloats(featureSegment, 0);
    frame.atr = slot.atr.value(0);
    long hash = FNV_BASIS;
    boolean complete = true;
    int columns = slot.row.columns();
    for (int i = 0; i < columns; i++) {
      float value = features.getFloat(i * Float.BYTES);
      complete &= !Float.isNaN(value);
      hash = (hash ^ Integer.toUnsignedLong(Float.floatToIntBits(value))) * FNV_PRIME;
    }
    frame.featureHash = hash;
    return complete;
  }

  private void compute(StrategySlot slot) {
    if (frame.trigger == Trigger.TICK) {
      slot.row.forming();
    } else {
      slot.row.closed();
    }
    slot.atr.closed();
  }

  private boolean run(StrategySlot slot) {
    StrategyState strategy = slot.strategy;
    Scorer scorer = strategy.model.scorer();
    if (scorer.isDouble()) {
      slot.row.writeDoubles(scorer.input(), 0);
    } else {
      MemorySegment.copy(
          featureSegment, 0, scorer.input(), 0, (long) slot.row.columns() * Float.BYTES);
    }
    return scorer.score()
        && strategy.output.read(
            scorer, slot.instrument.mid(), slot.instrument.pip, frame.atr, frame.scores);
  }

  private ScoreReason decide(StrategySlot slot, DecisionPolicy decision, SignalType candidate) {
    boolean coolingDown = writer.time() < slot.cooldownUntil;
    double spread = slot.instrument.instrument.toPips(slot.instrument.ask - slot.instrument.bid);
    return decision.decide(frame.scores, candidate, slot.signal, coolingDown, spread);
  }

  private void act(StrategySlot slot, SignalType candidate) {
    switch (frame.reason) {
      case SIGNAL -> lives.publish(slot, frame, candidate, features, publishedLength(slot));
      case POSITION_OPEN -> slot.signal.repeated();
      case BELOW_THRESHOLD, MARGIN -> {
        if (slot.published != SignalType.NEUTRAL && slot.strategy.policy().publishNeutral()) {
          lives.publishNeutral(slot, frame, features, publishedLength(slot));
        }
      }
      default -> {}
    }
  }

  private static int publishedLength(StrategySlot slot) {
    return slot.strategy.config.publishFeatures() ? slot.row.columns() * Float.BYTES : 0;
  }
}
