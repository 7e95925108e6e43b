package io.semnal.gateway;

import io.semnal.core.ingress.MessageHandler;
import io.semnal.gateway.json.Names;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.ViewerQuoteEncoder;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Turns inbound quotes into what viewers get, and keeps the latest of each instrument. */
final class LatestQuotes implements LatestTopics {
  private static final int LENGTH = MessageLayout.HEADER + ViewerQuoteEncoder.BLOCK_LENGTH;

  private static final int FLAGS = MessageLayout.HEADER + ViewerQuoteEncoder.flagsEncodingOffset();

  /** Of the message taken last: for all who get it, each at their own moment. */
  private final MessageFrames taken;

  /** Of what one session gets late, in the middle of a walk over the others too. */
  private final MessageFrames late;

  private final SessionMessages messages;
  private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
  private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
  private final QuoteDecoder quote = new QuoteDecoder();
  private final ViewerQuoteEncoder viewer = new ViewerQuoteEncoder();
  private UnsafeBuffer[] latest = new UnsafeBuffer[64];
  private long journalSeq;

  LatestQuotes(Names names, SessionMessages messages) {
    taken = new MessageFrames(names);
    late = new MessageFrames(names);
    this.messages = messages;
  }

  /**
   * Takes a Quote, or a ConflatedQuote: it begins like a Quote, field by field.
   *
   * @return the id of its instrument
   */
  int onQuote(DirectBuffer buffer, int offset) {
    headerDecoder.wrap(buffer, offset);
    quote.wrap(
        buffer,
        offset + MessageLayout.HEADER,
        headerDecoder.blockLength(),
        headerDecoder.version());
    int instrumentId = quote.instrumentId();
    journalSeq = quote.journalSeq();
    UnsafeBuffer target = of(instrumentId);
    viewer
        .wrapAndApplyHeader(target, 0, headerEncoder)
        .journalSeq(journalSeq)
        .time(quote.time())
        .eventTime(quote.eventTime())
        .bid(quote.bid())
        .ask(quote.ask())
        .instrumentId(instrumentId);
    target.putShort(FLAGS, (short) quote.flags().getRaw(), ByteOrder.LITTLE_ENDIAN);
    taken.begin(target, 0, LENGTH);
    return instrumentId;
  }

  @Override
  public void writeTaken(SessionOutput output) {
    taken.shareTo(output, false, false);
  }

  @Override
  public void letGo() {
    taken.end();
  }

  /** {@code journalSeq}: quotes have no other number. */
  @Override
  public long takenSeq() {
    return journalSeq;
  }

  @Override
  public void writeLatest(int instrumentId, long firstHeld, SessionOutput output) {
    UnsafeBuffer quoteOf = of(instrumentId);
    long seq = MessageLayout.journalSeq(quoteOf, 0);
    if (seq != firstHeld) {
      int length = messages.quotesConflated(firstHeld, seq - 1, instrumentId);
      late.begin(messages.buffer(), 0, length);
      late.writeTo(output, false);
    }
    late.begin(quoteOf, 0, LENGTH);
    late.writeTo(output, false);
  }

  /** The latest quote of each instrument that had one, by id. */
  void forEach(MessageHandler handler) {
    for (UnsafeBuffer quoteOf : latest) {
      if (quoteOf != null && MessageLayout.templateId(quoteOf, 0) != 0) {
        handler.onMessage(quoteOf, 0, LENGTH);
      }
    }
  }

  private UnsafeBuffer of(int instrumentId) {
    if (instrumentId >= latest.length) {
      latest = Arrays.copyOf(latest, Math.max(instrumentId + 1, latest.length * 2));
    }
    if (latest[instrumentId] == null) {
      latest[instrumentId] = new UnsafeBuffer(new byte[LENGTH]);
    }
    return latest[instrumentId];
  }
}
