package io.semnal.feed.fix;

import io.semnal.feed.normalise.QuoteFlagBits;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedQuoteEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Quotes of one source that found no room, one an instrument: the last prices, the highest and the
 * lowest, how many. They leave in the order of their last {@code sourceSeq}. One thread; allocates
 * nothing.
 */
final class Conflation {
  private static final int LENGTH = MessageLayout.HEADER + ConflatedQuoteEncoder.BLOCK_LENGTH;
  private static final int FLAGS =
      MessageLayout.HEADER + ConflatedQuoteEncoder.flagsEncodingOffset();

  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[LENGTH]);
  private final ConflatedQuoteEncoder encoder = new ConflatedQuoteEncoder();
  private final Pending[] pending;
  private final int[] order;
  private int waiting;

  /** What one instrument's quotes have come to. */
  static final class Pending {
    long eventTime;
    long sourceSeq;
    long bid;
    long ask;
    long bidSize;
    long askSize;
    long bidHigh;
    long bidLow;
    long askHigh;
    long askLow;
    int flags;
    int count;
  }

  Conflation(int instruments) {
    pending = new Pending[instruments];
    for (int i = 0; i < instruments; i++) {
      pending[i] = new Pending();
    }
    order = new int[instruments];
    encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).journalSeq(0).time(0);
    encoder.receiveTime(MessageLayout.ABSENT);
  }

  boolean isEmpty() {
    return waiting == 0;
  }

  void clear() {
    for (int i = 0; i < waiting; i++) {
      pending[order[i]].count = 0;
    }
    waiting = 0;
  }

  /** Takes one more quote in; returns whether the instrument had one waiting. */
  boolean add(
      int instrument,
      long eventTime,
      long sourceSeq,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      int flags) {
    Pending p = pending[instrument];
    boolean more = p.count > 0;
    if (more) {
      p.bidHigh = Math.max(p.bidHigh, bid);
      p.bidLow = Math.min(p.bidLow, bid);
      p.askHigh = Math.max(p.askHigh, ask);
      p.askLow = Math.min(p.askLow, ask);
      toTheEnd(instrument);
    } else {
      p.bidHigh = bid;
      p.bidLow = bid;
      p.askHigh = ask;
      p.askLow = ask;
      p.flags = 0;
      order[waiting++] = instrument;
    }
    p.count++;
    p.flags |= flags;
    p.eventTime = eventTime;
    p.sourceSeq = sourceSeq;
    p.bid = bid;
    p.ask = ask;
    p.bidSize = bidSize;
    p.askSize = askSize;
    return more;
  }

  private void toTheEnd(int instrument) {
    int at = 0;
    while (order[at] != instrument) {
      at++;
    }
    System.arraycopy(order, at + 1, order, at, waiting - at - 1);
    order[waiting - 1] = instrument;
  }

  /** The instrument whose turn it is; only if there is one. */
  int first() {
    return order[0];
  }

  Pending of(int instrument) {
    return pending[instrument];
  }

  /** The first has left. */
  void poll() {
    pending[order[0]].count = 0;
    waiting--;
    System.arraycopy(order, 1, order, 0, waiting);
  }

  /** Encodes a ConflatedQuote into {@link #buffer}; returns its length. */
  int encode(Pending p, int sourceId, int instrumentId) {
    encoder
        .eventTime(p.eventTime)
        .sourceSeq(p.sourceSeq)
        .bid(p.bid)
        .ask(p.ask)
        .bidSize(p.bidSize)
        .askSize(p.askSize)
        .sourceId(sourceId)
        .instrumentId(instrumentId)
        .count(p.count)
        .bidHigh(p.bidHigh)
        .bidLow(p.bidLow)
        .askHigh(p.askHigh)
        .askLow(p.askLow);
    buffer.putShort(FLAGS, (short) (p.flags | QuoteFlagBits.CONFLATED), ByteOrder.LITTLE_ENDIAN);
    return LENGTH;
  }

  DirectBuffer buffer() {
    return buffer;
  }
}
