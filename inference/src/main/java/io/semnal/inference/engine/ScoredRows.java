package io.semnal.inference.engine;

import io.semnal.core.metrics.Counter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
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

  /** The ring's memory, for rows that are written in place. */
  private final MemorySegment memory;

  private volatile boolean float64;
  private final Counter taken;
  private final Counter dropped;

  /**
   * @param capacity bytes, a power of two
   * @param taken counts rows that found room, {@code dropped} those that did not; the engine's
   *     thread owns both
   */
  public ScoredRows(int capacity, Counter taken, Counter dropped) {
    ByteBuffer bytes =
        BufferUtil.allocateDirectAligned(
            capacity + RingBufferDescriptor.TRAILER_LENGTH, BitUtil.CACHE_LINE_LENGTH);
    ring = new OneToOneRingBuffer(new UnsafeBuffer(bytes));
    memory = MemorySegment.ofBuffer(bytes);
    this.taken = taken;
    this.dropped = dropped;
  }

  /**
   * Whether rows hold float64 values from now on, as a model of that type is given them; else they
   * hold float32 ones, in half the room. Any thread.
   */
  public void wantFloat64(boolean wanted) {
    float64 = wanted;
  }

  /** Engine thread. */
  void add(StrategySlot slot, ScoreFrame frame, long causeSeq, long time, DirectBuffer features) {
    int columns = slot.row.columns();
    boolean wide = float64;
    int length = ScoredRow.length(columns, wide);
    int index = ring.tryClaim(TYPE, length);
    if (index < 0) {
      dropped.incrementOwned();
      return;
    }
    ScoredRow.write(ring.buffer(), index, slot, frame, causeSeq, time, columns, wide);
    if (wide) {
      slot.row.writeDoubles(memory, (long) index + ScoredRow.FEATURES);
    } else {
      ring.buffer().putBytes(index + ScoredRow.FEATURES, features, 0, columns * Float.BYTES);
    }
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
