package io.semnal.gateway;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarEncoder;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.InstrumentDefinitionEncoder;
import io.semnal.protocol.sbe.MarketSession;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.sbe.ScoreEncoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalEncoder;
import io.semnal.protocol.sbe.SignalEventEncoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.StrategyDefinitionEncoder;
import io.semnal.protocol.sbe.Trigger;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** Outbound messages for tests, each as its bytes. */
final class Outbound {
  static final long TIME = 1_398_902_400_000_000_000L;
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();

  byte[] instrument(long outSeq, int id, String symbol, int decimals) {
    InstrumentDefinitionEncoder e = new InstrumentDefinitionEncoder();
    e.wrapAndApplyHeader(buffer, 0, header)
        .outSeq(outSeq)
        .causeSeq(outSeq)
        .streamSeq(1)
        .time(TIME)
        .instrumentId(id)
        .timeframe(0)
        .strategyId(0)
        .symbol(symbol)
        .baseCurrency(symbol.substring(0, 3))
        .quoteCurrency(symbol.substring(3))
        .pip(10_000)
        .priceDecimals((short) decimals);
    return bytes(e.encodedLength());
  }

  byte[] strategy(long outSeq, int id, String name) {
    StrategyDefinitionEncoder e = new StrategyDefinitionEncoder();
    e.wrapAndApplyHeader(buffer, 0, header)
        .outSeq(outSeq)
        .causeSeq(outSeq)
        .streamSeq(1)
        .time(TIME)
        .instrumentId(0)
        .timeframe(60)
        .strategyId(id)
        .name(name)
        .featureSetId(0)
        .modelId(0)
        .trigger(Trigger.TICK)
        .policy("buyThreshold = 0.6");
    return bytes(e.encodedLength());
  }

  byte[] bar(long outSeq, int instrumentId, int timeframe) {
    BarEncoder e = new BarEncoder();
    e.wrapAndApplyHeader(buffer, 0, header)
        .outSeq(outSeq)
        .causeSeq(outSeq * 2)
        .streamSeq(outSeq)
        .time(TIME + outSeq)
        .instrumentId(instrumentId)
        .timeframe(timeframe)
        .strategyId(0)
        .openTime(TIME)
        .closeTime(TIME + timeframe * 1_000_000_000L)
        .bidOpen(138_654_000)
        .bidHigh(138_660_000)
        .bidLow(138_650_000)
        .bidClose(138_655_500)
        .askOpen(138_664_000)
        .askHigh(138_670_000)
        .askLow(138_660_000)
        .askClose(138_665_512)
        .spreadMin(10_000)
        .spreadMax(10_012)
        .spreadSum(20_012)
        .ticks(2)
        .flags()
        .clear()
        .gap(true)
        .simulated(true);
    return bytes(e.encodedLength());
  }

  byte[] score(long outSeq, int instrumentId, int strategyId) {
    ScoreEncoder e = new ScoreEncoder();
    e.wrapAndApplyHeader(buffer, 0, header)
        .outSeq(outSeq)
        .causeSeq(outSeq * 2)
        .streamSeq(outSeq)
        .time(TIME + outSeq)
        .instrumentId(instrumentId)
        .timeframe(60)
        .strategyId(strategyId)
        .eventTime(MessageLayout.ABSENT)
        .buy(0.25)
        .sell(1e-7)
        .neutral(0.75)
        .output(Double.NaN)
        .featureHash(-2)
        .bid(138_654_000)
        .ask(138_664_000)
        .modelId(0)
        .side(SignalType.BUY)
        .reason(ScoreReason.BELOW_THRESHOLD)
        .trigger(Trigger.TICK);
    return bytes(e.encodedLength());
  }

  byte[] signal(long outSeq, int instrumentId, int strategyId, byte[] features) {
    SignalEncoder e = new SignalEncoder();
    e.wrapAndApplyHeader(buffer, 0, header)
        .outSeq(outSeq)
        .causeSeq(outSeq * 2)
        .streamSeq(outSeq)
        .time(TIME + outSeq)
        .instrumentId(instrumentId)
        .timeframe(60)
        .strategyId(strategyId)
        .eventTime(TIME)
        .signalType(SignalType.BUY)
        .trigger(Trigger.TICK)
        .modelId(0)
        .strength(0.7)
        .bid(138_654_000)
        .ask(138_664_000)
        .entry(138_664_000)
        .stopLoss(138_600_000)
        .takeProfit(138_700_000)
        .expiration(TIME + 1)
        .featureHash(77)
        .putFeatures(features, 0, features.length);
    return bytes(e.encodedLength());
  }

  byte[] event(long outSeq, long signalId, int instrumentId, int strategyId, SignalState state) {
    SignalEventEncoder e = new SignalEventEncoder();
    e.wrapAndApplyHeader(buffer, 0, header)
        .outSeq(outSeq)
        .causeSeq(outSeq * 2)
        .streamSeq(outSeq)
        .time(TIME + outSeq)
        .instrumentId(instrumentId)
        .timeframe(60)
        .strategyId(strategyId)
        .signalId(signalId)
        .eventTime(TIME)
        .signalType(SignalType.BUY)
        .state(state)
        .reason(state == SignalState.ENDED ? EndReason.TARGET : EndReason.NONE)
        .session(MarketSession.LONDON)
        .modelId(0)
        .repeats(0)
        .price(138_664_000)
        .bid(138_654_000)
        .ask(138_664_000)
        .pips(Double.NaN);
    return bytes(e.encodedLength());
  }

  byte[] quote(long journalSeq, int instrumentId, long bid) {
    QuoteEncoder e = new QuoteEncoder();
    e.wrapAndApplyHeader(buffer, 0, header)
        .journalSeq(journalSeq)
        .time(TIME)
        .eventTime(TIME)
        .receiveTime(MessageLayout.ABSENT)
        .sourceSeq(journalSeq)
        .bid(bid)
        .ask(bid + 10_000)
        .bidSize(MessageLayout.ABSENT)
        .askSize(MessageLayout.ABSENT)
        .sourceId(1)
        .instrumentId(instrumentId)
        .flags()
        .clear();
    return bytes(e.encodedLength());
  }

  private byte[] bytes(int encodedLength) {
    return Arrays.copyOf(buffer.byteArray(), MessageLayout.HEADER + encodedLength);
  }
}
