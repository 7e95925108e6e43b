package io.semnal.inference.engine;

import io.semnal.core.metrics.Counter;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Copies of the rows that models scored, on their way from the engine's thread to one other that
 * may be as slow as it likes: a bounded ring, where a row that finds no room is counted and left
 * out. The engine's side neither waits nor allocates.
 */
public final class ScoredRows {
  private static final int TYPE = 1;
  private final OneToOneRingBuffer ring;
  private final Counter taken;
  private final Counter dropped;

  /**
   * @param capacity bytes, a power of two
   * @param taken counts rows that found room, {@code dropped} those that did not; the engine's
   *     thread owns both
   */
  public ScoredRows(int capacity, Counter taken, Counter dropped) {
    ring =
        new OneToOneRingBuffer(
            new UnsafeBuffer(
                BufferUtil.allocateDirectAligned(
                    capacity + RingBufferDescriptor.TRAILER_LENGTH, BitUtil.CACHE_LINE_LENGTH)));
    this.taken = taken;
    this.dropped = dropped;
  }

  /** Engine thread. */
  void add(StrategySlot slot, ScoreFrame frame, long causeSeq, long time, DirectBuffer features) {
    int columns = slot.row.columns();
    int length = ScoredRow.length(columns);
    int index = ring.tryClaim(TYPE, length);
    if (index < 0) {
      dropped.incrementOwned();
      return;
    }
    ScoredRow.write(ring.buffer(), index, slot, frame, causeSeq, time, features, columns);
    ring.commit(index);
    taken.incrementOwned();
  }

  /**
   * Hands over what waits, oldest first; each row is valid during its call. One thread.
   *
   * @return rows handed over
   */
  public int drain(MessageHandler handler, int most) {
    return ring.read(handler, most);
  }
}
