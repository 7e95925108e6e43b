package io.semnal.inference.engine;

import io.semnal.core.engine.OutboundSink;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.features.Bar;
import io.semnal.inference.signal.TrackedSignal;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.ScoreEncoder;
import io.semnal.protocol.sbe.SignalEncoder;
import io.semnal.protocol.sbe.SignalEventEncoder;
import io.semnal.protocol.sbe.SignalType;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Encodes what the engine says tick by tick, in place, and numbers it. Every byte of a message is
 * written, so that reused memory never shows.
 */
final class OutboundWriter implements Stateful {
  static final int BAR_LENGTH = MessageLayout.HEADER + BarEncoder.BLOCK_LENGTH;
  static final int SCORE_LENGTH = MessageLayout.HEADER + ScoreEncoder.BLOCK_LENGTH;
  static final int EVENT_LENGTH = MessageLayout.HEADER + SignalEventEncoder.BLOCK_LENGTH;
  static final int SIGNAL_LENGTH =
      MessageLayout.HEADER + SignalEncoder.BLOCK_LENGTH + SignalEncoder.featuresHeaderLength();

  private final OutboundSink sink;
  private final Sequences sequences;
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final BarEncoder bar = new BarEncoder();
  private final ScoreEncoder score = new ScoreEncoder();
  private final SignalEncoder signal = new SignalEncoder();
  private final SignalEventEncoder event = new SignalEventEncoder();
  private MutableDirectBuffer buffer;
  private int offset;
  private long causeSeq;
  private long time;

  OutboundWriter(OutboundSink sink, Sequences sequences) {
    this.sink = sink;
    this.sequences = sequences;
  }

  /** What follows is caused by this inbound message. */
  void cause(long journalSeq) {
    causeSeq = journalSeq;
  }

  /** The inbound message at hand. */
  long cause() {
    return causeSeq;
  }

  /** What follows takes effect at this engine time. */
  void time(long effectTime) {
    time = effectTime;
  }

  /** Engine time of the effect at hand. */
  long time() {
    return time;
  }

  @Override
  public void state(StateVisitor s) {
    causeSeq = s.of(causeSeq);
    time = s.of(time);
  }

  MessageHeaderEncoder header() {
    return header;
  }

  /** Claims room; {@link #offset()} says where the message header goes. */
  MutableDirectBuffer claim(int length) {
    buffer = sink.claim(length);
    offset = sink.offset();
    return buffer;
  }

  int offset() {
    return offset;
  }

  /** Numbers the claimed message and publishes it; returns its {@code outSeq}. */
  long publish(int topic, int instrumentId, int timeframe, int strategyId, int length) {
    long outSeq = sequences.nextOut();
    MessageLayout.sequence(
        buffer,
        offset,
        outSeq,
        causeSeq,
        sequences.nextInStream(topic),
        time,
        instrumentId,
        timeframe,
        strategyId);
    sink.commit(length);
    return outSeq;
  }

  private long publish(StrategySlot slot, int topic, int length) {
    return publish(topic, slot.instrument.id, slot.strategy.seconds(), slot.strategy.id, length);
  }

  void bar(InstrumentState instrument, int timeframe, int seconds, Bar closed) {
    claim(BAR_LENGTH);
    bar.wrapAndApplyHeader(buffer, offset, header)
        .openTime(closed.openTime)
        .closeTime(closed.closeTime)
        .bidOpen(closed.bidOpen)
        .bidHigh(closed.bidHigh)
        .bidLow(closed.bidLow)
        .bidClose(closed.bidClose)
        .askOpen(closed.askOpen)
        .askHigh(closed.askHigh)
        .askLow(closed.askLow)
        .askClose(closed.askClose)
        .spreadMin(closed.spreadMin)
        .spreadMax(closed.spreadMax)
        .spreadSum(closed.spreadSum)
        .ticks(closed.ticks);
    buffer.putShort(
        bar.offset() + BarEncoder.flagsEncodingOffset(),
        (short) closed.flags,
        ByteOrder.LITTLE_ENDIAN);
    publish(instrument.barTopics[timeframe], instrument.id, seconds, 0, BAR_LENGTH);
  }

  /** Returns the Score's {@code outSeq}. */
  long score(StrategySlot slot, ScoreFrame frame) {
    claim(SCORE_LENGTH);
    score
        .wrapAndApplyHeader(buffer, offset, header)
        .eventTime(frame.eventTime)
        .buy(frame.scores.buy)
        .sell(frame.scores.sell)
        .neutral(frame.scores.neutral)
        .output(frame.scores.output)
        .featureHash(frame.featureHash)
        .bid(frame.bid)
        .ask(frame.ask)
        .modelId(slot.strategy.modelId)
        .side(frame.side)
        .reason(frame.reason)
        .trigger(frame.trigger);
    return publish(slot, slot.scoreTopic, SCORE_LENGTH);
  }

  /**
   * @param levels the life to come, or {@code null} for NEUTRAL, which has none
   * @param features float32 values, {@code featuresLength} bytes of them
   * @return the signal's id
   */
  long signal(
      StrategySlot slot,
      ScoreFrame frame,
      SignalType type,
      double strength,
      TrackedSignal levels,
      DirectBuffer features,
      int featuresLength) {
    int length = SIGNAL_LENGTH + featuresLength;
    boolean alive = levels != null;
    claim(length);
    signal
        .wrapAndApplyHeader(buffer, offset, header)
        .eventTime(frame.eventTime)
        .signalType(type)
        .trigger(frame.trigger)
        .modelId(slot.strategy.modelId)
        .strength(strength)
        .bid(frame.bid)
        .ask(frame.ask)
        .entry(alive ? levels.entry() : MessageLayout.ABSENT)
        .stopLoss(alive ? levels.stop() : MessageLayout.ABSENT)
        .takeProfit(alive ? levels.target() : MessageLayout.ABSENT)
        .expiration(alive ? levels.expiration() : MessageLayout.ABSENT)
        .featureHash(frame.featureHash)
        .putFeatures(features, 0, featuresLength);
    return publish(slot, slot.signalTopic, length);
  }

  /** The change that the signal has just gone through. */
  void event(
      int topic,
      int instrumentId,
      int timeframe,
      int strategyId,
      TrackedSignal life,
      long eventTime,
      long bid,
      long ask,
      double pips) {
    claim(EVENT_LENGTH);
    event
        .wrapAndApplyHeader(buffer, offset, header)
        .signalId(life.id())
        .eventTime(eventTime)
        .signalType(life.type())
        .state(life.state())
        .reason(life.reason())
        .session(life.session())
        .modelId(life.modelId())
        .repeats(life.repeats())
        .price(life.price())
        .bid(bid)
        .ask(ask)
        .pips(pips);
    publish(topic, instrumentId, timeframe, strategyId, EVENT_LENGTH);
  }
}
