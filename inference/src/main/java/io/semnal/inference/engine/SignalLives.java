package io.semnal.inference.engine;

import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.inference.signal.DecisionPolicy;
import io.semnal.inference.signal.Levels;
import io.semnal.inference.signal.MarketQuote;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.inference.signal.SignalBook;
import io.semnal.inference.signal.TrackedSignal;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.MarketSession;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import org.agrona.DirectBuffer;

/**
 * Publishes signals, leads them through their lives, and counts how they end.
 *
 * <p>Any end, an invalidation included, begins the cooldown, counted in market-open time. An end
 * that is not caused by a quote (expired, flipped, cancelled) leaves at the last unflagged quote.
 */
final class SignalLives {
  private static final long HOUR = 3_600_000_000_000L;
  private final SignalBook book;
  private final StrategySlot[] slots;
  private final MarketCalendar calendar;
  private final OutboundWriter writer;
  private final Sequences sequences;
  private final OutcomeStatistics outcomes;
  private final EngineCounters counters;

  SignalLives(
      SignalBook book,
      StrategySlot[] slots,
      MarketCalendar calendar,
      OutboundWriter writer,
      Sequences sequences,
      OutcomeStatistics outcomes,
      EngineCounters counters) {
    this.book = book;
    this.slots = slots;
    this.calendar = calendar;
    this.writer = writer;
    this.sequences = sequences;
    this.outcomes = outcomes;
    this.counters = counters;
  }

  /** Shows the instrument's open signals an unflagged quote, before the instrument takes it. */
  void onQuote(InstrumentState instrument, MarketQuote quote) {
    boolean changed = false;
    for (StrategySlot slot : instrument.slots) {
      if (slot.signal.isOpen() && slot.signal.onQuote(quote, isAfterGap(instrument, quote.time))) {
        publishChange(slot, quote.eventTime, quote.bid, quote.ask);
        changed = true;
      }
    }
    if (changed) {
      changed();
    }
  }

  /** Whether the feed was down or the market closed since the instrument's last quote. */
  private boolean isAfterGap(InstrumentState instrument, long time) {
    if (instrument.down) {
      return true;
    }
    long pause = instrument.hasQuote() ? time - instrument.quoteTime : 0;
    // No closure is shorter than an hour, so the calendar is asked only after a long silence.
    return pause >= HOUR && calendar.addOpenTime(instrument.quoteTime, pause) > time;
  }

  /** Ends what expires at this time, by strategy, then instrument. */
  void expire(long time) {
    for (int i = book.nextExpired(time, 0); i >= 0; i = book.nextExpired(time, i + 1)) {
      end(slots[i], EndReason.EXPIRED);
    }
    changed();
  }

  /** Cancels the slot's signal if one is open. */
  void cancel(StrategySlot slot) {
    if (slot.signal.isOpen()) {
      end(slot, EndReason.CANCELLED);
      changed();
    }
  }

  private void end(StrategySlot slot, EndReason reason) {
    InstrumentState instrument = slot.instrument;
    slot.signal.end(reason, instrument.bid, instrument.ask);
    publishChange(slot, MessageLayout.ABSENT, instrument.bid, instrument.ask);
  }

  private void publishChange(StrategySlot slot, long eventTime, long bid, long ask) {
    TrackedSignal signal = slot.signal;
    PolicyConfig policy = slot.strategy.policy();
    double pips = signal.pips(slot.instrument.instrument.pip(), policy.commissionPips());
    writer.event(
        slot.signalTopic,
        slot.instrument.id,
        slot.strategy.seconds(),
        slot.strategy.id,
        signal,
        eventTime,
        bid,
        ask,
        pips);
    if (signal.state() == SignalState.ACTIVE) {
      return;
    }
    coolDown(slot, writer.time());
    counters.end(signal.reason());
    if (!Double.isNaN(pips)) {
      slot.credited.add(pips, signal.strength());
    }
  }

  private void coolDown(StrategySlot slot, long endTime) {
    int bars = slot.strategy.policy().cooldownBars();
    slot.cooldownUntil =
        bars == 0
            ? Long.MIN_VALUE
            : calendar.addOpenTime(endTime, bars * slot.strategy.config.timeframe().nanos());
  }

  private void changed() {
    book.changed();
    counters.open(book.open());
  }

  /**
   * Publishes a BUY or SELL; an open one of the other side is closed first.
   *
   * @param frame the decision: its quote, ATR and scores
   */
  void publish(
      StrategySlot slot, ScoreFrame frame, SignalType side, DirectBuffer features, int length) {
    if (slot.signal.isOpen()) {
      end(slot, EndReason.FLIPPED);
    }
    PolicyConfig policy = slot.strategy.policy();
    InstrumentState instrument = slot.instrument;
    TrackedSignal signal = slot.signal;
    long now = writer.time();
    signal.open(
        side,
        policy,
        instrument.bid,
        instrument.ask,
        frame.atr,
        instrument.step,
        calendar.addOpenTime(now, policy.horizonBars() * slot.strategy.config.timeframe().nanos()));
    double strength = DecisionPolicy.strength(frame.scores, side);
    MarketSession session = calendar.session(now);
    signal.credit(slot.strategy.modelId, strength, session);
    signal.identify(writer.signal(slot, frame, side, strength, signal, features, length));
    slot.credited = slot.outcomes[session.ordinal()];
    slot.published = side;
    counters.signal(side);
    changed();
  }

  /** Says that the side last published is no longer favoured. */
  void publishNeutral(StrategySlot slot, ScoreFrame frame, DirectBuffer features, int length) {
    writer.signal(slot, frame, SignalType.NEUTRAL, frame.scores.neutral, null, features, length);
    slot.published = SignalType.NEUTRAL;
    counters.signal(SignalType.NEUTRAL);
  }

  /** Takes over what earlier runs left open at a place that is still configured. */
  void resume(StrategySlot slot, EarlierRuns.Past past) {
    slot.published = past.published;
    if (past.lastEnd != MessageLayout.ABSENT) {
      coolDown(slot, past.lastEnd);
    }
    TrackedSignal earlier = past.signal;
    if (earlier.isOpen()) {
      slot.signal.resume(
          earlier, Levels.slippageLimit(slot.strategy.policy(), earlier.entry(), earlier.stop()));
      slot.credited =
          outcomes.row(
              earlier.modelId(), slot.instrument.id, slot.strategy.seconds(), earlier.session());
    }
    changed();
  }

  /**
   * Cancels a signal of an earlier run whose place is no longer configured.
   *
   * @param instrument where it lived, or {@code null} if that is not configured either: then nobody
   *     knows a price, and the outcome stays open
   */
  void cancelOrphan(EarlierRuns.Place place, TrackedSignal signal, InstrumentState instrument) {
    boolean priced = instrument != null && instrument.hasQuote();
    long bid = priced ? instrument.bid : MessageLayout.ABSENT;
    long ask = priced ? instrument.ask : MessageLayout.ABSENT;
    signal.end(EndReason.CANCELLED, bid, ask);
    double pips = priced ? signal.pips(instrument.instrument.pip(), 0) : Double.NaN;
    writer.event(
        sequences.topic(
            Channel.SIGNALS.ordinal(), place.instrumentId(), place.timeframe(), place.strategyId()),
        place.instrumentId(),
        place.timeframe(),
        place.strategyId(),
        signal,
        MessageLayout.ABSENT,
        bid,
        ask,
        pips);
    counters.end(EndReason.CANCELLED);
    if (!Double.isNaN(pips)) {
      outcomes
          .row(signal.modelId(), place.instrumentId(), place.timeframe(), signal.session())
          .add(pips, signal.strength());
    }
  }
}
