package io.semnal.server.last;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.market.Alignment;
import io.semnal.core.market.MarketCalendar;
import io.semnal.features.Bar;
import io.semnal.features.bar.BarAggregator;
import io.semnal.inference.engine.QuoteRules;
import io.semnal.journal.last.LastKey;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarEncoder;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bars that are forming, made of the journaled quotes by the engine's own rules: the engine
 * publishes none before it closes.
 */
final class FormingBars {
  private static final int FLAGS = MessageLayout.HEADER + BarEncoder.flagsEncodingOffset();

  private final EngineConfig config;
  private final int[] idByIndex;
  private final int[] indexById;
  private final boolean[] touched;
  private final QuoteRules rules;
  private final BarAggregator bars;
  private final UnsafeBuffer buffer =
      new UnsafeBuffer(new byte[MessageLayout.HEADER + BarEncoder.BLOCK_LENGTH]);
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private final BarEncoder encoder = new BarEncoder();

  /**
   * @param idByIndex journal's ids of the configured instruments
   */
  FormingBars(EngineConfig config, int[] idByIndex) {
    this.config = config;
    this.idByIndex = idByIndex.clone();
    touched = new boolean[idByIndex.length];
    int most = 0;
    for (int id : idByIndex) {
      most = Math.max(most, id);
    }
    indexById = new int[most + 1];
    Arrays.fill(indexById, -1);
    for (int i = 0; i < idByIndex.length; i++) {
      indexById[idByIndex[i]] = i;
    }
    rules = new QuoteRules(config.quality());
    Alignment alignment = Alignment.parse(config.alignment());
    bars =
        new BarAggregator(
            idByIndex.length,
            config.timeframes(),
            alignment,
            new MarketCalendar(config.holidays()),
            (time, keys, count) -> {});
  }

  private int index(int id) {
    return id > 0 && id < indexById.length ? indexById[id] : -1;
  }

  void advanceTo(long time) {
    bars.closeBoundary(time);
  }

  void onQuote(QuoteDecoder q) {
    int instrument = index(q.instrumentId());
    int flags = q.flags().getRaw();
    if (instrument < 0 || rules.isDropped(flags)) {
      return;
    }
    bars.onQuote(
        instrument,
        q.time(),
        q.eventTime(),
        q.bid(),
        q.ask(),
        q.bidSize(),
        q.askSize(),
        rules.remaining(flags));
    touched[instrument] = true;
  }

  void onConflated(ConflatedQuoteDecoder q) {
    int instrument = index(q.instrumentId());
    int flags = q.flags().getRaw();
    if (instrument < 0 || rules.isDropped(flags)) {
      return;
    }
    bars.onQuotes(
        instrument,
        q.time(),
        q.eventTime(),
        q.bid(),
        q.ask(),
        q.bidSize(),
        q.askSize(),
        q.bidHigh(),
        q.bidLow(),
        q.askHigh(),
        q.askLow(),
        (int) q.count(),
        rules.remaining(flags));
    touched[instrument] = true;
  }

  /** Hands over the forming bars of the instruments that had quotes since the last call. */
  void collect(LastMessages into, long causeSeq, long time) {
    for (int i = 0; i < touched.length; i++) {
      if (!touched[i]) {
        continue;
      }
      touched[i] = false;
      for (int t = 0; t < config.timeframes().size(); t++) {
        Bar bar = bars.forming(i, t);
        if (bar.ticks > 0) {
          int timeframe = config.timeframes().get(t).seconds();
          encode(bar, idByIndex[i], timeframe, causeSeq, time);
          into.put(
              LastKey.of(LastKey.Kind.FORMING_BAR, idByIndex[i], timeframe, 0),
              buffer,
              0,
              buffer.capacity());
        }
      }
    }
  }

  private void encode(Bar bar, int instrument, int timeframe, long causeSeq, long time) {
    encoder
        .wrapAndApplyHeader(buffer, 0, header)
        .openTime(bar.openTime)
        .closeTime(bar.closeTime)
        .bidOpen(bar.bidOpen)
        .bidHigh(bar.bidHigh)
        .bidLow(bar.bidLow)
        .bidClose(bar.bidClose)
        .askOpen(bar.askOpen)
        .askHigh(bar.askHigh)
        .askLow(bar.askLow)
        .askClose(bar.askClose)
        .spreadMin(bar.spreadMin)
        .spreadMax(bar.spreadMax)
        .spreadSum(bar.spreadSum)
        .ticks(bar.ticks);
    buffer.putShort(FLAGS, (short) bar.flags, ByteOrder.LITTLE_ENDIAN);
    MessageLayout.sequence(buffer, 0, 0, causeSeq, 0, time, instrument, timeframe, 0);
  }
}
