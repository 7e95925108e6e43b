package io.semnal.feed.session;

import io.semnal.core.market.Instrument;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.InstrumentDefinitionEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import org.agrona.MutableDirectBuffer;

/** Encodes the definition that a feed maps symbols to ids by; its outSeq is 0. */
final class InstrumentMessage {
  private InstrumentMessage() {}

  /** Returns the length of the SBE message. */
  static int encode(int id, Instrument instrument, MutableDirectBuffer buffer, int offset) {
    new InstrumentDefinitionEncoder()
        .wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
        .outSeq(0)
        .causeSeq(0)
        .streamSeq(0)
        .time(MessageLayout.ABSENT)
        .instrumentId(id)
        .timeframe(0)
        .strategyId(0)
        .symbol(instrument.symbol())
        .baseCurrency(instrument.base())
        .quoteCurrency(instrument.quote())
        .pip(instrument.pip())
        .priceDecimals((short) instrument.priceDecimals());
    return MessageLayout.HEADER + InstrumentDefinitionEncoder.BLOCK_LENGTH;
  }
}
