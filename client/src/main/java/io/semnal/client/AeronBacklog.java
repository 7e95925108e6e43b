package io.semnal.client;

import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keeps what Aeron brings while the session protocol catches up: a stretch of the stream without
 * holes, of bounded size. Where there is a hole, or no room, a new stretch begins.
 */
final class AeronBacklog {
  /** Takes a kept message. */
  @FunctionalInterface
  interface Taker {
    void onKept(DirectBuffer buffer, int offset, int length, boolean isDefinition);
  }

  private static final int HEADER = 8;
  private static final int DEFINITION = 1 << 30;

  private final UnsafeBuffer kept;
  private int end;
  private boolean begun;
  private long after;
  private long last;

  /**
   * @param capacity bytes
   */
  AeronBacklog(int capacity) {
    kept = new UnsafeBuffer(new byte[capacity]);
  }

  void clear() {
    begun = false;
    end = 0;
  }

  /** Whether whoever has everything up to that {@code outSeq} misses nothing by going on here. */
  boolean continues(long outSeq) {
    return begun && after <= outSeq;
  }

  /** Nothing of the publication's channels lies between this message and what comes next. */
  void onPrevious(long previous) {
    if (!begun || previous > last) {
      clear();
      begun = true;
      after = previous;
      last = previous;
    }
  }

  /**
   * @param outSeq of the message; of a definition it does not count
   */
  void keep(
      DirectBuffer buffer,
      int offset,
      int length,
      long previous,
      long outSeq,
      boolean isDefinition) {
    onPrevious(previous);
    int size = BitUtil.align(HEADER + length, HEADER);
    if (end + size > kept.capacity()) {
      clear();
      begun = true;
      after = previous;
      if (size > kept.capacity()) {
        after = outSeq;
        last = outSeq;
        return;
      }
    }
    kept.putInt(end, isDefinition ? length | DEFINITION : length);
    kept.putBytes(end + HEADER, buffer, offset, length);
    end += size;
    last = isDefinition ? previous : outSeq;
  }

  /** Hands everything over, in order, and is empty. */
  void drain(Taker taker) {
    for (int at = 0; at < end; ) {
      int word = kept.getInt(at);
      int length = word & ~DEFINITION;
      taker.onKept(kept, at + HEADER, length, (word & DEFINITION) != 0);
      at += BitUtil.align(HEADER + length, HEADER);
    }
    clear();
  }
}
