package io.semnal.research.matrix;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.features.Bar;
import io.semnal.features.bar.HistoricalBars;
import io.semnal.feed.normalise.QuoteFlagBits;
import io.semnal.inference.signal.MarketQuote;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.Quarantine;
import io.semnal.journal.QueueReader;
import io.semnal.journal.RunHeaders;
import io.semnal.journal.RunInfo;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.HistoricalBarDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;

/**
 * The quotes of a journal, in the order and at the times in which its engine had them; what became
 * of a flagged quote is as the configuration of its run says. The journal is only read: a server
 * may be writing to it meanwhile. Bars that are still forming at its end get no row.
 */
public final class JournalMatrixSource implements MatrixSource {
  private static final int UNKNOWN = -1;

  private final JournalDirectory journal;
  private final QueueReader inbound;
  private final Quarantine quarantine;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private final ConflatedQuoteDecoder conflated = new ConflatedQuoteDecoder();
  private final HistoricalBarDecoder historical = new HistoricalBarDecoder();
  private final DefineInstrumentDecoder definition = new DefineInstrumentDecoder();
  private final Bar bar = new Bar();
  private final MarketQuote market = new MarketQuote();
  private final List<String> remarks = new ArrayList<>();
  private final boolean tellUnread;
  private int[] byId = new int[16];
  private PriceSink sink;
  private boolean complete;
  private long count;

  /**
   * Takes the journal over: closes it.
   *
   * @param tellUnread whether to remark on instruments that the sink does not take
   */
  public JournalMatrixSource(JournalDirectory journal, boolean tellUnread) {
    this.journal = journal;
    this.tellUnread = tellUnread;
    inbound = journal.inboundReader();
    quarantine = Quarantine.of(journal);
    Arrays.fill(byId, UNKNOWN);
  }

  @Override
  public void feed(PriceSink into, LongConsumer progress) {
    sink = into;
    while (!complete && inbound.readNext(this::onMessage)) {
      if ((count & (EVERY - 1)) == 0) {
        progress.accept(count);
      }
    }
  }

  private void onMessage(DirectBuffer buffer, int offset, int length) {
    count++;
    long time = MessageLayout.inboundTime(buffer, offset);
    sink.advanceTo(time);
    complete = sink.isComplete(time);
    if (complete || quarantine.contains(MessageLayout.journalSeq(buffer, offset))) {
      return;
    }
    switch (MessageLayout.templateId(buffer, offset)) {
      case RunHeaderDecoder.TEMPLATE_ID -> onRun(RunHeaders.decode(buffer, offset));
      case DefineInstrumentDecoder.TEMPLATE_ID ->
          onInstrument(definition.wrapAndApplyHeader(buffer, offset, header));
      case QuoteDecoder.TEMPLATE_ID -> onQuote(quote.wrapAndApplyHeader(buffer, offset, header));
      case ConflatedQuoteDecoder.TEMPLATE_ID ->
          onConflated(conflated.wrapAndApplyHeader(buffer, offset, header));
      case HistoricalBarDecoder.TEMPLATE_ID ->
          onBar(historical.wrapAndApplyHeader(buffer, offset, header));
      default -> {
        // Says nothing about prices; time has passed.
      }
    }
  }

  private void onRun(RunInfo run) {
    EngineConfig ran = ConfigLoader.engine(run.engineText());
    sink.quality(ran.quality());
    EngineConfig asked = sink.engine();
    differs(run, "alignment", ran.alignment(), asked.alignment());
    differs(run, "holidays", ran.holidays(), asked.holidays());
    differs(run, "shortest timeframe", ran.timeframes().getFirst(), asked.timeframes().getFirst());
  }

  /** Such rows are right, but are not those that the run's engine scored. */
  private void differs(RunInfo run, String what, Object ran, Object asked) {
    if (!ran.equals(asked)) {
      remarks.add("run " + run.runId() + " had " + what + " " + ran + ", the rows have " + asked);
    }
  }

  private void onInstrument(DefineInstrumentDecoder defined) {
    int id = defined.instrumentId();
    if (id >= byId.length) {
      int known = byId.length;
      byId = Arrays.copyOf(byId, Math.max(id + 1, 2 * known));
      Arrays.fill(byId, known, byId.length, UNKNOWN);
    }
    String symbol = defined.symbol();
    byId[id] = sink.engine().instrumentIndex(symbol);
    String remark = symbol + " is in the journal, but not in the universe: it is left out";
    if (byId[id] == UNKNOWN && tellUnread && !remarks.contains(remark)) {
      remarks.add(remark);
    }
  }

  private int index(int id) {
    return id > 0 && id < byId.length ? byId[id] : UNKNOWN;
  }

  private void onQuote(QuoteDecoder q) {
    int instrument = index(q.instrumentId());
    if (instrument != UNKNOWN) {
      sink.onQuote(
          instrument,
          q.time(),
          q.eventTime(),
          q.bid(),
          q.ask(),
          q.bidSize(),
          q.askSize(),
          q.flags().getRaw());
    }
  }

  private void onConflated(ConflatedQuoteDecoder q) {
    int instrument = index(q.instrumentId());
    if (instrument != UNKNOWN) {
      market.set(q.time(), q.eventTime(), q.bid(), q.ask());
      market.range(q.bidLow(), q.bidHigh(), q.askLow(), q.askHigh());
      sink.onConflatedQuote(
          instrument,
          market,
          q.bidSize(),
          q.askSize(),
          q.count(),
          q.flags().getRaw() | QuoteFlagBits.CONFLATED);
    }
  }

  private void onBar(HistoricalBarDecoder b) {
    int instrument = index(b.instrumentId());
    int timeframe = timeframe(b.timeframe());
    if (instrument == UNKNOWN || timeframe == UNKNOWN || b.closeTime() > b.time()) {
      return;
    }
    HistoricalBars.read(b, bar);
    sink.onWarmUpBar(instrument, timeframe, bar);
  }

  private int timeframe(long seconds) {
    for (int i = 0; i < sink.engine().timeframes().size(); i++) {
      if (sink.engine().timeframes().get(i).seconds() == seconds) {
        return i;
      }
    }
    return UNKNOWN;
  }

  @Override
  public String unit() {
    return "messages";
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public List<String> remarks() {
    return remarks;
  }

  @Override
  public void close() {
    inbound.close();
    journal.close();
  }
}
