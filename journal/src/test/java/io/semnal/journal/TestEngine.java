package io.semnal.journal;

import io.semnal.core.engine.Engine;
import io.semnal.core.engine.EngineFactory;
import io.semnal.core.engine.OutboundSink;
import io.semnal.core.state.StateVisitor;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarEncoder;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.EngineState;
import io.semnal.protocol.sbe.EngineStatusEncoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.ScoreEncoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.Trigger;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A small engine of simple rules: a status at its header; on every quote, the sum of all bids so
 * far, warm-up included, goes into a bar at every {@code every}-th quote and into two scores at
 * every seventh. The configuration is the number {@code every}.
 */
final class TestEngine implements Engine {
  /** A bid that kills the engine, at once or after it has said something. */
  static final long DEADLY = 666;

  static final long DEADLY_LATE = 667;

  private final int every;
  private final OutboundSink sink;
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private final BarEncoder bar = new BarEncoder();
  private final ScoreEncoder score = new ScoreEncoder();
  private long outSeq;
  private long streamSeq;
  private long quotes;
  private long sum;

  TestEngine(String text, OutboundSink sink) {
    every = Integer.parseInt(text.trim());
    this.sink = sink;
  }

  static EngineFactory factory() {
    return (text, models, sink) -> new TestEngine(text, sink);
  }

  @Override
  public void onEarlierOutbound(DirectBuffer buffer, int offset, int length) {
    outSeq = MessageLayout.outSeq(buffer, offset);
    streamSeq = MessageLayout.streamSeq(buffer, offset);
  }

  @Override
  public void onWarmUp(DirectBuffer buffer, int offset, int length) {
    if (MessageLayout.templateId(buffer, offset) == QuoteDecoder.TEMPLATE_ID) {
      quote.wrapAndApplyHeader(buffer, offset, headerDecoder);
      sum += quote.bid();
    }
  }

  @Override
  public void onMessage(DirectBuffer buffer, int offset, int length) {
    long cause = MessageLayout.journalSeq(buffer, offset);
    long time = MessageLayout.inboundTime(buffer, offset);
    switch (MessageLayout.templateId(buffer, offset)) {
      case RunHeaderDecoder.TEMPLATE_ID -> status(cause, time);
      case QuoteDecoder.TEMPLATE_ID -> {
        quote.wrapAndApplyHeader(buffer, offset, headerDecoder);
        onQuote(cause, time, quote.bid());
      }
      default -> {
        // Says nothing.
      }
    }
  }

  private void onQuote(long cause, long time, long bid) {
    if (bid == DEADLY) {
      throw new IllegalStateException("no such price");
    }
    sum += bid;
    quotes++;
    if (quotes % every == 0 || bid == DEADLY_LATE) {
      bar(cause, time);
    }
    if (bid == DEADLY_LATE) {
      throw new IllegalStateException("half way");
    }
    if (quotes % 7 == 0) {
      score(cause, time, SignalType.BUY);
      score(cause, time, SignalType.SELL);
    }
  }

  @Override
  public void state(StateVisitor s) {
    s.section("test engine");
    outSeq = s.of(outSeq);
    streamSeq = s.of(streamSeq);
    quotes = s.of(quotes);
    sum = s.of(sum);
  }

  private void status(long cause, long time) {
    MutableDirectBuffer target = sink.claim(256);
    EngineStatusEncoder e =
        new EngineStatusEncoder().wrapAndApplyHeader(target, sink.offset(), header);
    e.outSeq(++outSeq)
        .causeSeq(cause)
        .streamSeq(++streamSeq)
        .time(time)
        .instrumentId(0)
        .timeframe(0)
        .strategyId(0)
        .state(EngineState.RUNNING)
        .command(EngineCommandType.RESUME)
        .until(MessageLayout.ABSENT)
        .reason("every " + every);
    sink.commit(MessageLayout.HEADER + e.encodedLength());
  }

  private void bar(long cause, long time) {
    MutableDirectBuffer target = sink.claim(MessageLayout.HEADER + BarEncoder.BLOCK_LENGTH);
    bar.wrapAndApplyHeader(target, sink.offset(), header)
        .outSeq(++outSeq)
        .causeSeq(cause)
        .streamSeq(++streamSeq)
        .time(time)
        .instrumentId(1)
        .timeframe(60)
        .strategyId(0)
        .openTime(time)
        .closeTime(time)
        .bidOpen(sum)
        .bidHigh(sum)
        .bidLow(sum)
        .bidClose(sum)
        .askOpen(sum)
        .askHigh(sum)
        .askLow(sum)
        .askClose(sum)
        .spreadMin(1)
        .spreadMax(2)
        .spreadSum(3)
        .ticks(quotes)
        .flags()
        .clear();
    sink.commit(MessageLayout.HEADER + BarEncoder.BLOCK_LENGTH);
  }

  private void score(long cause, long time, SignalType side) {
    MutableDirectBuffer target = sink.claim(MessageLayout.HEADER + ScoreEncoder.BLOCK_LENGTH);
    score
        .wrapAndApplyHeader(target, sink.offset(), header)
        .outSeq(++outSeq)
        .causeSeq(cause)
        .streamSeq(++streamSeq)
        .time(time)
        .instrumentId(1)
        .timeframe(60)
        .strategyId(1)
        .eventTime(time)
        .buy(Math.floorMod(sum, 1_000) / 1_000.0)
        .sell(0.25)
        .neutral(0.5)
        .output(Double.NaN)
        .featureHash(sum)
        .bid(sum)
        .ask(sum)
        .modelId(1)
        .side(side)
        .reason(ScoreReason.BELOW_THRESHOLD)
        .trigger(Trigger.TICK);
    sink.commit(MessageLayout.HEADER + ScoreEncoder.BLOCK_LENGTH);
  }

  @Override
  public int maxOutboundPerMessage() {
    return 3;
  }

  @Override
  public int maxOutboundLength() {
    return 256;
  }
}
