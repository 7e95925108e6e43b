package io.semnal.core.ring;

import org.agrona.MutableDirectBuffer;

/** One place in a {@link MessageRing}: one SBE message at {@link #offset}, and its stamps. */
public final class Slot {
  final MutableDirectBuffer buffer;
  final int offset;
  private int length;
  private long originNanos;

  Slot(MutableDirectBuffer buffer, int offset) {
    this.buffer = buffer;
    this.offset = offset;
  }

  public MutableDirectBuffer buffer() {
    return buffer;
  }

  public int offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  public void length(int value) {
    length = value;
  }

  /**
   * {@link System#nanoTime()} when the message (or, in the outbound ring, its cause) was received,
   * for the sampled few; 0 for all others. Never part of a message.
   */
  public long originNanos() {
    return originNanos;
  }

  public void originNanos(long value) {
    originNanos = value;
  }
}
