package io.semnal.client;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.gateway.OutboundHistory;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarEncoder;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.InstrumentDefinitionEncoder;
import io.semnal.protocol.sbe.MarketSession;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.ModelDefinitionEncoder;
import io.semnal.protocol.sbe.OutputKind;
import io.semnal.protocol.sbe.ScoreEncoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.ScorerKind;
import io.semnal.protocol.sbe.SignalEncoder;
import io.semnal.protocol.sbe.SignalEventEncoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.StrategyDefinitionEncoder;
import io.semnal.protocol.sbe.Trigger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** An outbound journal in memory: two instruments, then signal events on each in turn. */
final class Outbound implements OutboundHistory {
  private final List<byte[]> messages = Collections.synchronizedList(new ArrayList<>());
  private final long[] streamSeq = new long[3];
  private long scores;
  private long bars;

  Outbound() {
    instrument(1, "EURUSD");
    instrument(2, "USDJPY");
  }

  private void instrument(int id, String symbol) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    InstrumentDefinitionEncoder definition =
        new InstrumentDefinitionEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    definition
        .outSeq(messages.size() + 1)
        .causeSeq(1)
        .streamSeq(id)
        .time(1)
        .instrumentId(id)
        .timeframe(0)
        .strategyId(0)
        .symbol(symbol)
        .baseCurrency(symbol.substring(0, 3))
        .quoteCurrency(symbol.substring(3))
        .pip(10_000)
        .priceDecimals((short) 5);
    add(buffer, definition.encodedLength());
  }

  /** The next event; streamSeq is contiguous per instrument unless {@code skip} leaves some out. */
  byte[] event(int skip) {
    int instrument = 1 + messages.size() % 2;
    streamSeq[instrument] += 1 + skip;
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    SignalEventEncoder event =
        new SignalEventEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    event
        .outSeq(messages.size() + 1)
        .causeSeq(messages.size())
        .streamSeq(streamSeq[instrument])
        .time(1_000L * messages.size())
        .instrumentId(instrument)
        .timeframe(60)
        .strategyId(1)
        .signalId(1)
        .eventTime(5)
        .signalType(SignalType.BUY)
        .state(SignalState.ACTIVE)
        .reason(EndReason.NONE)
        .session(MarketSession.values()[0])
        .modelId(1)
        .repeats(0)
        .price(100)
        .bid(100)
        .ask(101)
        .pips(Double.NaN);
    return add(buffer, event.encodedLength());
  }

  /** A strategy and a model, as {@link #signal} and {@link #score} name them. */
  void definitions() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    StrategyDefinitionEncoder strategy =
        new StrategyDefinitionEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    strategy
        .outSeq(messages.size() + 1)
        .causeSeq(1)
        .streamSeq(1)
        .time(1)
        .instrumentId(0)
        .timeframe(60)
        .strategyId(1)
        .name("trend")
        .featureSetId(1)
        .modelId(1)
        .trigger(Trigger.BAR_CLOSE)
        .policy("");
    add(buffer, strategy.encodedLength());
    ModelDefinitionEncoder model =
        new ModelDefinitionEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    model
        .outSeq(messages.size() + 1)
        .causeSeq(1)
        .streamSeq(1)
        .time(1)
        .instrumentId(0)
        .timeframe(0)
        .strategyId(0)
        .modelId(1)
        .name("gbm")
        .version(3)
        .putSha256(new byte[32], 0, 32)
        .scorer(ScorerKind.COMPILED)
        .outputKind(OutputKind.CLASSES);
    add(buffer, model.encodedLength());
  }

  /** A score on EURUSD. */
  byte[] score(double buy) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    ScoreEncoder score =
        new ScoreEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    score
        .outSeq(messages.size() + 1)
        .causeSeq(messages.size())
        .streamSeq(++scores)
        .time(1_000L * messages.size())
        .instrumentId(1)
        .timeframe(60)
        .strategyId(1)
        .eventTime(MessageLayout.ABSENT)
        .buy(buy)
        .sell(0.25)
        .neutral(0.125)
        .output(Double.NaN)
        .featureHash(1)
        .bid(116_421_000L)
        .ask(116_430_000L)
        .modelId(1)
        .side(SignalType.BUY)
        .reason(ScoreReason.BELOW_THRESHOLD)
        .trigger(Trigger.TICK);
    return add(buffer, score.encodedLength());
  }

  /** A bar of EURUSD. */
  byte[] bar() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    BarEncoder bar = new BarEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    bar.outSeq(messages.size() + 1)
        .causeSeq(messages.size())
        .streamSeq(++bars)
        .time(60_000_000_000L)
        .instrumentId(1)
        .timeframe(60)
        .strategyId(0)
        .openTime(0)
        .closeTime(60_000_000_000L)
        .bidOpen(116_400_000L)
        .bidHigh(116_450_000L)
        .bidLow(116_350_000L)
        .bidClose(116_420_000L)
        .askOpen(116_410_000L)
        .askHigh(116_460_000L)
        .askLow(116_360_000L)
        .askClose(116_430_000L)
        .spreadMin(10_000)
        .spreadMax(10_000)
        .spreadSum(30_000)
        .ticks(3);
    bar.flags().clear();
    return add(buffer, bar.encodedLength());
  }

  /** A BUY on EURUSD. */
  byte[] signal() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    SignalEncoder signal =
        new SignalEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
    signal
        .outSeq(messages.size() + 1)
        .causeSeq(messages.size())
        .streamSeq(++streamSeq[1])
        .time(1_000L * messages.size())
        .instrumentId(1)
        .timeframe(60)
        .strategyId(1)
        .eventTime(5)
        .signalType(SignalType.BUY)
        .trigger(Trigger.BAR_CLOSE)
        .modelId(1)
        .strength(0.625)
        .bid(116_421_000L)
        .ask(116_430_000L)
        .entry(116_430_000L)
        .stopLoss(116_330_000L)
        .takeProfit(116_580_000L)
        .expiration(1L << 60)
        .featureHash(7)
        .putFeatures(new byte[0], 0, 0);
    return add(buffer, signal.encodedLength());
  }

  private byte[] add(UnsafeBuffer buffer, int length) {
    byte[] message = new byte[MessageLayout.HEADER + length];
    buffer.getBytes(0, message);
    messages.add(message);
    return message;
  }

  /** What is there so far. */
  List<byte[]> messages() {
    synchronized (messages) {
      return List.copyOf(messages);
    }
  }

  @Override
  public long oldest() {
    return 1;
  }

  @Override
  public long head() {
    return messages.size();
  }

  @Override
  public Cursor open(long afterOutSeq) {
    return new Cursor() {
      private int next = (int) afterOutSeq;

      @Override
      public boolean readNext(MessageHandler handler) {
        if (next >= messages.size()) {
          return false;
        }
        byte[] message = messages.get(next++);
        handler.onMessage(new UnsafeBuffer(message), 0, message.length);
        return true;
      }

      @Override
      public void close() {}
    };
  }
}
