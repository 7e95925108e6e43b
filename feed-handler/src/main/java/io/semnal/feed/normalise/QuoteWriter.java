package io.semnal.feed.normalise;

import io.semnal.feed.Tick;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encodes quotes as the schema's {@code Quote} into one reused buffer, ready for an {@code
 * InboundPort}: {@code journalSeq} and {@code time} are zero, {@code receiveTime} is absent. One
 * thread; allocates nothing.
 */
public final class QuoteWriter {
  /** Bytes of every encoded quote, header included. */
  public static final int LENGTH = MessageLayout.HEADER + QuoteEncoder.BLOCK_LENGTH;

  private static final int FLAGS = MessageLayout.HEADER + QuoteEncoder.flagsEncodingOffset();

  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[LENGTH]);
  private final QuoteEncoder quote = new QuoteEncoder();

  public QuoteWriter() {
    quote.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).journalSeq(0).time(0);
    quote.receiveTime(MessageLayout.ABSENT);
  }

  /** Holds the last encoded quote from offset 0. */
  public DirectBuffer buffer() {
    return buffer;
  }

  /**
   * Encodes one quote.
   *
   * @param flags a word of {@link QuoteFlagBits}
   * @return its length, always {@link #LENGTH}
   */
  public int encode(Tick tick, int sourceId, long sourceSeq, int instrumentId, int flags) {
    return encode(
        tick.eventTime,
        tick.bid,
        tick.ask,
        tick.bidSize,
        tick.askSize,
        sourceId,
        sourceSeq,
        instrumentId,
        flags);
  }

  /** As above, for quotes that come in no {@link Tick}. */
  public int encode(
      long eventTime,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      int sourceId,
      long sourceSeq,
      int instrumentId,
      int flags) {
    quote
        .eventTime(eventTime)
        .sourceSeq(sourceSeq)
        .bid(bid)
        .ask(ask)
        .bidSize(bidSize)
        .askSize(askSize)
        .sourceId(sourceId)
        .instrumentId(instrumentId);
    buffer.putShort(FLAGS, (short) flags, ByteOrder.LITTLE_ENDIAN);
    return LENGTH;
  }
}
