package io.semnal.feed.session;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.MutableDirectBuffer;

/**
 * Judges one feed's quotes and makes them ready for the journal, in place. Allocates nothing.
 *
 * <p>What the feed wrote into fields that are ours (journalSeq, time, receiveTime, sourceId, most
 * flags) is overwritten; fields of newer schema versions are cut off.
 */
final class QuoteGate {
  /** Bytes of a Quote as it is offered. */
  static final int LENGTH = MessageLayout.HEADER + QuoteDecoder.BLOCK_LENGTH;

  /** {@link #admit}: the quote may be offered. */
  static final int ADMITTED = 0;

  /** The flags that a feed can know better than we: stale, conflated, simulated. */
  private static final int FEED_FLAGS = 1 << 2 | 1 << 6 | 1 << 8;

  /** So that the sum of two prices never overflows. */
  private static final long HIGHEST_PRICE = Long.MAX_VALUE / 4;

  /** The year 2200: with the source clock one quote from there would close every bar for good. */
  private static final long LATEST_TIME = 7_258_118_400_000_000_000L;

  private static final int EVENT_TIME =
      MessageLayout.HEADER + QuoteDecoder.eventTimeEncodingOffset();
  private static final int RECEIVE_TIME =
      MessageLayout.HEADER + QuoteDecoder.receiveTimeEncodingOffset();
  private static final int SOURCE_SEQ =
      MessageLayout.HEADER + QuoteDecoder.sourceSeqEncodingOffset();
  private static final int BID = MessageLayout.HEADER + QuoteDecoder.bidEncodingOffset();
  private static final int ASK = MessageLayout.HEADER + QuoteDecoder.askEncodingOffset();
  private static final int BID_SIZE = MessageLayout.HEADER + QuoteDecoder.bidSizeEncodingOffset();
  private static final int ASK_SIZE = MessageLayout.HEADER + QuoteDecoder.askSizeEncodingOffset();
  private static final int SOURCE_ID = MessageLayout.HEADER + QuoteDecoder.sourceIdEncodingOffset();
  private static final int INSTRUMENT =
      MessageLayout.HEADER + QuoteDecoder.instrumentIdEncodingOffset();
  private static final int FLAGS = MessageLayout.HEADER + QuoteDecoder.flagsEncodingOffset();
  private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  private final int sourceId;
  private final QuoteCheck check;
  private boolean[] known = new boolean[64];

  QuoteGate(int sourceId, QuoteCheck check) {
    this.sourceId = sourceId;
    this.check = check;
  }

  void allow(int instrumentId) {
    if (instrumentId >= known.length) {
      known = Arrays.copyOf(known, Integer.highestOneBit(instrumentId) << 1);
    }
    known[instrumentId] = true;
  }

  static long sourceSeq(MutableDirectBuffer buffer, int offset) {
    return buffer.getLong(offset + SOURCE_SEQ, LE);
  }

  /** What was wrong with a quote, for its sender; cold. */
  static String describe(MutableDirectBuffer buffer, int offset) {
    return "quote "
        + sourceSeq(buffer, offset)
        + " of instrument "
        + buffer.getInt(offset + INSTRUMENT, LE)
        + ", bid "
        + buffer.getLong(offset + BID, LE)
        + ", ask "
        + buffer.getLong(offset + ASK, LE)
        + ", event time "
        + buffer.getLong(offset + EVENT_TIME, LE);
  }

  /**
   * Judges the quote, and makes it ready if it may pass.
   *
   * @return {@link #ADMITTED}, or the value of UNKNOWN_INSTRUMENT, BAD_PRICE or MALFORMED (its
   *     event time)
   */
  int admit(MutableDirectBuffer buffer, int offset) {
    int instrument = buffer.getInt(offset + INSTRUMENT, LE);
    if (instrument < 0 || instrument >= known.length || !known[instrument]) {
      return ErrorCode.UNKNOWN_INSTRUMENT.value();
    }
    long bid = buffer.getLong(offset + BID, LE);
    long ask = buffer.getLong(offset + ASK, LE);
    if (!isPrice(bid)
        || !isPrice(ask)
        || !isSize(buffer.getLong(offset + BID_SIZE, LE))
        || !isSize(buffer.getLong(offset + ASK_SIZE, LE))) {
      return ErrorCode.BAD_PRICE.value();
    }
    long eventTime = buffer.getLong(offset + EVENT_TIME, LE);
    if (eventTime <= 0 || eventTime > LATEST_TIME) {
      return ErrorCode.MALFORMED.value();
    }
    int own = buffer.getShort(offset + FLAGS, LE) & FEED_FLAGS;
    int flags = check.flags(instrument, eventTime, bid, ask, own);
    if (flags == QuoteCheck.REJECTED) {
      return ErrorCode.BAD_PRICE.value();
    }
    buffer.putShort(offset, (short) QuoteDecoder.BLOCK_LENGTH, LE);
    buffer.putShort(offset + 6, (short) QuoteDecoder.SCHEMA_VERSION, LE);
    MessageLayout.stamp(buffer, offset, 0, 0);
    buffer.putLong(offset + RECEIVE_TIME, MessageLayout.ABSENT, LE);
    buffer.putInt(offset + SOURCE_ID, sourceId, LE);
    buffer.putShort(offset + FLAGS, (short) flags, LE);
    return ADMITTED;
  }

  private static boolean isPrice(long mantissa) {
    return mantissa > 0 && mantissa <= HIGHEST_PRICE;
  }

  private static boolean isSize(long mantissa) {
    return mantissa >= 0 || mantissa == MessageLayout.ABSENT;
  }
}
