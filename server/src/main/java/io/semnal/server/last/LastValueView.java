package io.semnal.server.last;

import io.semnal.core.config.EngineConfig;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.journal.last.LastKey;
import io.semnal.journal.last.LastKey.Kind;
import io.semnal.journal.last.LastPosition;
import io.semnal.journal.last.LastValueStore;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedQuoteDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.io.IOException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keeps the last-value map of a journal by following both its queues: what the map says is a
 * function of what is journaled, at the start as later on. Beside the journal nothing knows of it,
 * and no ring waits for it. One thread at a time.
 */
final class LastValueView implements AutoCloseable {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final QueueReader inbound;
  private final QueueReader outbound;
  private final LastValueStore store;
  private final LastMessages messages = new LastMessages();
  private final FormingBars forming;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private final ConflatedQuoteDecoder conflated = new ConflatedQuoteDecoder();
  private final UnsafeBuffer position = new UnsafeBuffer(new byte[LastPosition.BYTES]);
  private final long process = ProcessHandle.current().pid();
  private long journalSeq;
  private long outSeq;
  private long time;

  /**
   * Makes the map anew, empty. The caller holds the journal's lock.
   *
   * @param idByIndex journal's ids of the configured instruments
   */
  LastValueView(JournalDirectory journal, EngineConfig config, int[] idByIndex) throws IOException {
    long instruments = config.instruments().size();
    long strategies = config.strategies().size();
    long timeframes = config.timeframes().size();
    // Ids are never reused: those of earlier configurations take room as well.
    long entries = 2 * instruments * (2 + 2 * timeframes + 3 * strategies) + 1_024;
    store = LastValueStore.create(journal.path(), entries);
    forming = new FormingBars(config, idByIndex);
    inbound = journal.inboundReader();
    outbound = journal.outboundReader();
    long longest = config.timeframes().getLast().nanos();
    // The latest quote of a silent instrument may be older than the longest forming bar.
    inbound.seekToTime(Math.max(0, inbound.head().time()) - 7 * longest);
  }

  /**
   * Takes in what is journaled.
   *
   * @param most messages of each queue
   * @return how many there were
   */
  int follow(int most) {
    int count = 0;
    while (count < most && outbound.readNext(this::onOutbound)) {
      count++;
    }
    int before = count;
    while (count - before < most && inbound.readNext(this::onInbound)) {
      count++;
    }
    return count;
  }

  private void onInbound(DirectBuffer buffer, int offset, int length) {
    journalSeq = MessageLayout.journalSeq(buffer, offset);
    time = MessageLayout.inboundTime(buffer, offset);
    forming.advanceTo(time);
    switch (MessageLayout.templateId(buffer, offset)) {
      case QuoteDecoder.TEMPLATE_ID -> {
        quote.wrapAndApplyHeader(buffer, offset, header);
        forming.onQuote(quote);
        put(quote.instrumentId(), buffer, offset, length);
      }
      case ConflatedQuoteDecoder.TEMPLATE_ID -> {
        conflated.wrapAndApplyHeader(buffer, offset, header);
        forming.onConflated(conflated);
        put(conflated.instrumentId(), buffer, offset, length);
      }
      default -> {
        // Time has passed.
      }
    }
  }

  private void put(int instrument, DirectBuffer buffer, int offset, int length) {
    messages.put(LastKey.of(Kind.QUOTE, instrument, 0, 0), buffer, offset, length);
  }

  private void onOutbound(DirectBuffer buffer, int offset, int length) {
    outSeq = MessageLayout.outSeq(buffer, offset);
    messages.onOutbound(buffer, offset, length);
  }

  /** Writes what has changed to the map. */
  void flush(long wallNanos) {
    forming.collect(messages, journalSeq, time);
    messages.flush(store);
    LastPosition.write(position, journalSeq, outSeq, time, wallNanos / NANOS_PER_MILLI, process);
    store.put(LastPosition.KEY, position, 0, position.capacity());
  }

  @Override
  public void close() {
    inbound.close();
    outbound.close();
    store.close();
  }
}
