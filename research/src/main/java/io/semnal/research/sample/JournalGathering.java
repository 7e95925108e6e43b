package io.semnal.research.sample;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.feed.normalise.QuoteFlagBits;
import io.semnal.inference.signal.MarketQuote;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.Mark;
import io.semnal.journal.Quarantine;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.HistoricalBarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;

/**
 * Reads a journal's quotes, at the times and with the flags that its engine had them, into labelled
 * rows. A server may be writing to it meanwhile.
 */
final class JournalGathering {
  private static final int PROGRESS_EVERY = 0xFFFF;

  private final JournalDirectory journal;
  private final EngineConfig config;
  private final SampleCollector collector;
  private final LongConsumer progress;
  private final Quarantine quarantine;
  private final Map<Integer, Integer> places = new HashMap<>();
  private final MarketQuote market = new MarketQuote();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private final ConflatedQuoteDecoder conflated = new ConflatedQuoteDecoder();
  private final HistoricalBarDecoder historical = new HistoricalBarDecoder();
  private final Bar bar = new Bar();
  private final DefineInstrumentDecoder definition = new DefineInstrumentDecoder();

  JournalGathering(
      JournalDirectory journal,
      EngineConfig config,
      FeatureSetConfig set,
      LabelRule rule,
      LongConsumer progress) {
    this.journal = journal;
    this.config = config;
    this.progress = progress;
    collector = new SampleCollector(config, set, rule);
    quarantine = Quarantine.of(journal);
  }

  Samples read() {
    try (QueueReader inbound = journal.inboundReader()) {
      long count = 0;
      while (inbound.readNext(this::onMessage)) {
        if ((++count & PROGRESS_EVERY) == 0) {
          progress.accept(count);
        }
      }
    }
    return collector.samples();
  }

  private void onMessage(DirectBuffer buffer, int offset, int length) {
    collector.advance(MessageLayout.inboundTime(buffer, offset));
    if (quarantine.contains(MessageLayout.journalSeq(buffer, offset))) {
      return;
    }
    switch (MessageLayout.templateId(buffer, offset)) {
      case DefineInstrumentDecoder.TEMPLATE_ID -> {
        definition.wrapAndApplyHeader(buffer, offset, header);
        places.put(definition.instrumentId(), config.instrumentIndex(definition.symbol()));
      }
      case QuoteDecoder.TEMPLATE_ID -> {
        take(quote.wrapAndApplyHeader(buffer, offset, header));
      }
      case ConflatedQuoteDecoder.TEMPLATE_ID -> {
        takeConflated(conflated.wrapAndApplyHeader(buffer, offset, header));
      }
      case HistoricalBarDecoder.TEMPLATE_ID ->
          warmUp(historical.wrapAndApplyHeader(buffer, offset, header));
      default -> {
        // Says nothing about prices; time has passed.
      }
    }
  }

  private void take(QuoteDecoder q) {
    int place = places.getOrDefault(q.instrumentId(), -1);
    if (place >= 0) {
      collector.onQuote(
          place,
          q.time(),
          q.eventTime(),
          q.bid(),
          q.ask(),
          q.bidSize(),
          q.askSize(),
          q.flags().getRaw());
    }
  }

  private void takeConflated(ConflatedQuoteDecoder q) {
    int place = places.getOrDefault(q.instrumentId(), -1);
    if (place >= 0) {
      market.set(q.time(), q.eventTime(), q.bid(), q.ask());
      market.range(q.bidLow(), q.bidHigh(), q.askLow(), q.askHigh());
      int flags = q.flags().getRaw() | QuoteFlagBits.CONFLATED;
      collector.onConflatedQuote(place, market, q.bidSize(), q.askSize(), q.count(), flags);
    }
  }

  private void warmUp(HistoricalBarDecoder b) {
    int place = places.getOrDefault(b.instrumentId(), -1);
    int timeframe = config.timeframeIndex(new Timeframe(b.timeframe()));
    if (place < 0 || timeframe < 0) {
      return;
    }
    bar.openTime = b.openTime();
    bar.closeTime = b.closeTime();
    bar.bidOpen = b.bidOpen();
    bar.bidHigh = b.bidHigh();
    bar.bidLow = b.bidLow();
    bar.bidClose = b.bidClose();
    bar.askOpen = b.askOpen();
    bar.askHigh = b.askHigh();
    bar.askLow = b.askLow();
    bar.askClose = b.askClose();
    bar.spreadMin = 0;
    bar.spreadMax = 0;
    bar.spreadSum = 0;
    bar.ticks = b.ticks();
    bar.volume = Double.NaN;
    bar.flags = b.flags().getRaw();
    collector.onWarmUpBar(place, timeframe, bar);
  }

  /** How far the journal had come. */
  static String describe(JournalDirectory journal) {
    try (QueueReader inbound = journal.inboundReader()) {
      Mark head = inbound.head();
      return "inbound messages up to " + head.sequence() + ", time " + head.time();
    }
  }
}
