package io.semnal.inference.engine;

import io.semnal.features.Bar;
import io.semnal.features.bar.HistoricalBars;
import io.semnal.protocol.sbe.HistoricalBarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

/**
 * Gives bars of files to the features: they warm columns up, and are neither published nor scored.
 */
final class History {
  private final Wiring wiring;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final HistoricalBarDecoder decoder = new HistoricalBarDecoder();
  private final Bar bar = new Bar();

  History(Wiring wiring) {
    this.wiring = wiring;
  }

  /**
   * Left out: a bar of an instrument or timeframe that is not configured, one that ends after the
   * engine's time, and what {@link io.semnal.features.FeaturePipeline#addHistoricalBar} leaves out.
   */
  void onBar(InstrumentIds ids, DirectBuffer buffer, int offset) {
    HistoricalBarDecoder b = decoder.wrapAndApplyHeader(buffer, offset, header);
    InstrumentState instrument = ids.find(b.instrumentId());
    int timeframe = wiring.timeframeOf(b.timeframe());
    if (instrument == null || timeframe < 0 || b.closeTime() > b.time()) {
      return;
    }
    HistoricalBars.read(b, bar);
    wiring.pipeline.addHistoricalBar(instrument.index, timeframe, bar);
  }
}
