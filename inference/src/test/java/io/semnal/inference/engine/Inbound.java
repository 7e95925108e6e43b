package io.semnal.inference.engine;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ClockEncoder;
import io.semnal.protocol.sbe.ConflatedQuoteEncoder;
import io.semnal.protocol.sbe.DefineInstrumentEncoder;
import io.semnal.protocol.sbe.EngineCommandEncoder;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.FeedStatusEncoder;
import io.semnal.protocol.sbe.HistoricalBarEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.ModelActivationEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.sbe.RunHeaderEncoder;
import io.semnal.protocol.sbe.ScorerKind;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;

/** Encodes inbound messages, numbered one after the other. */
final class Inbound {
  private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(1024);
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private long seq;

  private byte[] done(int encodedLength, long time) {
    MessageLayout.stamp(buffer, 0, ++seq, time);
    return Arrays.copyOf(buffer.byteArray(), MessageLayout.HEADER + encodedLength);
  }

  /** Numbers a message anew, as if it had been the next one. */
  byte[] renumber(byte[] message) {
    byte[] copy = message.clone();
    MessageLayout.stamp(
        new org.agrona.concurrent.UnsafeBuffer(copy),
        0,
        ++seq,
        MessageLayout.inboundTime(new org.agrona.concurrent.UnsafeBuffer(copy), 0));
    return copy;
  }

  byte[] runHeader(long time) {
    RunHeaderEncoder e = new RunHeaderEncoder().wrapAndApplyHeader(buffer, 0, header);
    e.runId(1).epoch(1).outSeqBefore(0).warmFromSeq(0).wallTime(time).sourceClock(BooleanType.T);
    e.modelsCount(0);
    e.build("test").configuration("");
    return done(e.encodedLength(), time);
  }

  byte[] define(long time, int id, String symbol) {
    DefineInstrumentEncoder e = new DefineInstrumentEncoder().wrapAndApplyHeader(buffer, 0, header);
    e.instrumentId(id)
        .symbol(symbol)
        .baseCurrency(symbol.substring(0, 3))
        .quoteCurrency(symbol.substring(3))
        .pip(10_000)
        .priceDecimals((short) 5);
    return done(e.encodedLength(), time);
  }

  byte[] quote(int instrument, long time, long eventTime, long bid, long ask, int flags) {
    QuoteEncoder e = new QuoteEncoder().wrapAndApplyHeader(buffer, 0, header);
    e.eventTime(eventTime)
        .receiveTime(MessageLayout.ABSENT)
        .sourceSeq(seq)
        .bid(bid)
        .ask(ask)
        .bidSize(100)
        .askSize(100)
        .sourceId(1)
        .instrumentId(instrument);
    flags(QuoteEncoder.flagsEncodingOffset(), flags);
    return done(e.encodedLength(), time);
  }

  private void flags(int at, int flags) {
    buffer.putShort(MessageLayout.HEADER + at, (short) flags, ByteOrder.LITTLE_ENDIAN);
  }

  byte[] conflated(
      int instrument,
      long time,
      long bid,
      long ask,
      long bidLow,
      long bidHigh,
      long askLow,
      long askHigh,
      int count) {
    ConflatedQuoteEncoder e = new ConflatedQuoteEncoder().wrapAndApplyHeader(buffer, 0, header);
    e.eventTime(time)
        .receiveTime(MessageLayout.ABSENT)
        .sourceSeq(seq)
        .bid(bid)
        .ask(ask)
        .bidSize(100)
        .askSize(100)
        .sourceId(1)
        .instrumentId(instrument)
        .count(count)
        .bidHigh(bidHigh)
        .bidLow(bidLow)
        .askHigh(askHigh)
        .askLow(askLow);
    flags(ConflatedQuoteEncoder.flagsEncodingOffset(), 0);
    return done(e.encodedLength(), time);
  }

  byte[] bar(int instrument, int seconds, long open, long close, long bid, long range) {
    HistoricalBarEncoder e = new HistoricalBarEncoder().wrapAndApplyHeader(buffer, 0, header);
    e.openTime(open)
        .closeTime(close)
        .instrumentId(instrument)
        .timeframe(seconds)
        .bidOpen(bid)
        .bidHigh(bid + range)
        .bidLow(bid)
        .bidClose(bid)
        .askOpen(bid + 10_000)
        .askHigh(bid + range + 10_000)
        .askLow(bid + 10_000)
        .askClose(bid + 10_000)
        .ticks(10);
    flags(HistoricalBarEncoder.flagsEncodingOffset(), 0);
    return done(e.encodedLength(), close);
  }

  byte[] clock(long time) {
    ClockEncoder e = new ClockEncoder().wrapAndApplyHeader(buffer, 0, header);
    return done(e.encodedLength(), time);
  }

  byte[] feedStatus(FeedState state, long time, int sourceId, int instrumentId, String reason) {
    FeedStatusEncoder e = new FeedStatusEncoder().wrapAndApplyHeader(buffer, 0, header);
    e.eventTime(time).sourceId(sourceId).instrumentId(instrumentId).state(state).reason(reason);
    return done(e.encodedLength(), time);
  }

  byte[] command(
      EngineCommandType type,
      long time,
      int instrumentId,
      int strategyId,
      long until,
      String reason) {
    EngineCommandEncoder e = new EngineCommandEncoder().wrapAndApplyHeader(buffer, 0, header);
    e.requestId(7)
        .until(until)
        .instrumentId(instrumentId)
        .strategyId(strategyId)
        .command(type)
        .principal("operator")
        .reason(reason);
    return done(e.encodedLength(), time);
  }

  byte[] activate(long time, String name, int version, byte[] sha256) {
    ModelActivationEncoder e = new ModelActivationEncoder().wrapAndApplyHeader(buffer, 0, header);
    e.version(version)
        .scorer(ScorerKind.ONNX_RUNTIME)
        .name(name)
        .putSha256(sha256, 0, sha256.length)
        .principal("operator");
    return done(e.encodedLength(), time);
  }

  long lastSeq() {
    return seq;
  }
}
