package io.semnal.client;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.session.ResumeToken;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;

/**
 * Follows a stream by its numbers: the last {@code outSeq}, to resume after, and the last {@code
 * streamSeq} of each topic, to see gaps and repeats. Allocates only where a topic is new.
 */
final class StreamTracker {
  /** The message is the next of its topic, or the first. */
  static final int NEXT = 0;

  /** The message was seen before. */
  static final int REPEAT = 1;

  /** Messages of the topic are missing: from {@link #missingFrom} up to this one. */
  static final int GAP = 2;

  private static final long NONE = -1;
  private static final int ID_BITS = 16;
  private static final int TIMEFRAME_BITS = 28;

  private final Long2LongHashMap lastByTopic = new Long2LongHashMap(NONE);
  private long epoch;
  private long lastOutSeq = NONE;
  private long missingFrom;

  /** Everything up to here is known of, or does not matter. */
  void base(long newEpoch, long outSeq) {
    epoch = newEpoch;
    lastOutSeq = outSeq;
  }

  /** Numbers seen before mean nothing any more. */
  void reset() {
    lastByTopic.clear();
    lastOutSeq = NONE;
  }

  boolean hasBase() {
    return lastOutSeq != NONE;
  }

  long epoch() {
    return epoch;
  }

  /** {@code null} before anything is known. */
  ResumeToken token() {
    return lastOutSeq == NONE ? null : new ResumeToken(epoch, lastOutSeq);
  }

  /** An outbound message, of the stream itself: not a definition, not of a snapshot. */
  int onMessage(DirectBuffer buffer, int offset, int channel) {
    long streamSeq = MessageLayout.streamSeq(buffer, offset);
    long topic =
        topic(
            channel,
            MessageLayout.instrumentId(buffer, offset),
            MessageLayout.timeframe(buffer, offset),
            MessageLayout.strategyId(buffer, offset));
    long last = lastByTopic.get(topic);
    if (last != NONE && streamSeq <= last) {
      return REPEAT;
    }
    lastByTopic.put(topic, streamSeq);
    onOutSeq(MessageLayout.outSeq(buffer, offset));
    if (last != NONE && streamSeq != last + 1) {
      missingFrom = last + 1;
      return GAP;
    }
    return NEXT;
  }

  /** For encodings where topics are not followed; 0 = the message has none. */
  void onOutSeq(long outSeq) {
    if (outSeq > 0) {
      lastOutSeq = Math.max(lastOutSeq, outSeq);
    }
  }

  long missingFrom() {
    return missingFrom;
  }

  private static long topic(int channel, int instrumentId, int timeframe, int strategyId) {
    long key = channel;
    key = key << ID_BITS | instrumentId & (1L << ID_BITS) - 1;
    key = key << TIMEFRAME_BITS | timeframe & (1L << TIMEFRAME_BITS) - 1;
    return key << ID_BITS | strategyId & (1L << ID_BITS) - 1;
  }
}
