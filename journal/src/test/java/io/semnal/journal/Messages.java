package io.semnal.journal;

import io.semnal.core.engine.ModelPin;
import io.semnal.core.market.Instrument;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarEncoder;
import io.semnal.protocol.sbe.ClockEncoder;
import io.semnal.protocol.sbe.DefineInstrumentEncoder;
import io.semnal.protocol.sbe.DefineSourceEncoder;
import io.semnal.protocol.sbe.InstrumentDefinitionEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.sbe.ScorerKind;
import java.util.Arrays;
import java.util.List;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.MutableDirectBuffer;

/** Encodes the messages that the tests journal; each method overwrites the one buffer. */
final class Messages {
  static final long SECOND = 1_000_000_000L;
  static final long START = 1_700_000_000L * SECOND;

  final MutableDirectBuffer buffer = new ExpandableDirectByteBuffer(256);
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final QuoteEncoder quote = new QuoteEncoder();
  private final BarEncoder bar = new BarEncoder();

  int quote(long journalSeq, long time, int source, long sourceSeq, int instrument, long bid) {
    quote
        .wrapAndApplyHeader(buffer, 0, header)
        .journalSeq(journalSeq)
        .time(time)
        .eventTime(time)
        .receiveTime(MessageLayout.ABSENT)
        .sourceSeq(sourceSeq)
        .bid(bid)
        .ask(bid + 10_000)
        .bidSize(MessageLayout.ABSENT)
        .askSize(MessageLayout.ABSENT)
        .sourceId(source)
        .instrumentId(instrument)
        .flags()
        .clear();
    return MessageLayout.HEADER + quote.encodedLength();
  }

  int clock(long journalSeq, long time) {
    ClockEncoder clock = new ClockEncoder().wrapAndApplyHeader(buffer, 0, header);
    clock.journalSeq(journalSeq).time(time);
    return MessageLayout.HEADER + clock.encodedLength();
  }

  int defineInstrument(long journalSeq, long time, int id, Instrument instrument) {
    DefineInstrumentEncoder e = new DefineInstrumentEncoder().wrapAndApplyHeader(buffer, 0, header);
    e.journalSeq(journalSeq)
        .time(time)
        .instrumentId(id)
        .symbol(instrument.symbol())
        .baseCurrency(instrument.base())
        .quoteCurrency(instrument.quote())
        .pip(instrument.pip())
        .priceDecimals((short) instrument.priceDecimals());
    return MessageLayout.HEADER + e.encodedLength();
  }

  int instrumentDefinition(long outSeq, long causeSeq, int id, Instrument instrument) {
    InstrumentDefinitionEncoder e =
        new InstrumentDefinitionEncoder().wrapAndApplyHeader(buffer, 0, header);
    e.outSeq(outSeq)
        .causeSeq(causeSeq)
        .streamSeq(outSeq)
        .time(100)
        .instrumentId(id)
        .timeframe(0)
        .strategyId(0)
        .symbol(instrument.symbol())
        .baseCurrency(instrument.base())
        .quoteCurrency(instrument.quote())
        .pip(instrument.pip())
        .priceDecimals((short) instrument.priceDecimals());
    return MessageLayout.HEADER + e.encodedLength();
  }

  int defineSource(long journalSeq, long time, int id, String name) {
    DefineSourceEncoder e = new DefineSourceEncoder().wrapAndApplyHeader(buffer, 0, header);
    e.journalSeq(journalSeq).time(time).sourceId(id).name(name);
    return MessageLayout.HEADER + e.encodedLength();
  }

  int bar(long outSeq, long causeSeq, long time) {
    bar.wrapAndApplyHeader(buffer, 0, header)
        .outSeq(outSeq)
        .causeSeq(causeSeq)
        .streamSeq(outSeq)
        .time(time)
        .instrumentId(1)
        .timeframe(60)
        .strategyId(0)
        .openTime(time)
        .closeTime(time)
        .bidOpen(outSeq)
        .bidHigh(2)
        .bidLow(3)
        .bidClose(4)
        .askOpen(5)
        .askHigh(6)
        .askLow(7)
        .askClose(8)
        .spreadMin(9)
        .spreadMax(10)
        .spreadSum(11)
        .ticks(12)
        .flags()
        .clear();
    return MessageLayout.HEADER + bar.encodedLength();
  }

  int header(RunInfo run) {
    return RunHeaders.encode(run, buffer);
  }

  static RunInfo run(long runId, long headerSeq, long time, String text) {
    return new RunInfo(
        runId, headerSeq, time, 1, 0, 0, time, true, "build-1", text, List.of(pin("trend", 3)));
  }

  static ModelPin pin(String name, int version) {
    byte[] sha256 = new byte[32];
    Arrays.fill(sha256, (byte) (0xA0 + version));
    return new ModelPin(name, version, sha256, ScorerKind.COMPILED);
  }
}
