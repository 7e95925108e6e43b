package io.semnal.core.agent;

import io.semnal.core.engine.OutboundSink;
import io.semnal.core.ring.MessageRing;
import io.semnal.core.ring.Slot;
import org.agrona.MutableDirectBuffer;

/**
 * Lets the engine encode straight into the outbound ring. What one inbound message caused becomes
 * visible as a whole, at {@link #flush()}: an engine that dies half way has said nothing of that
 * message.
 *
 * <p>Engine thread.
 */
public final class RingSink implements OutboundSink {
  private static final long NONE = -1;
  private final MessageRing ring;
  private long first = NONE;
  private long last = NONE;
  private Slot slot;
  private long originNanos;

  public RingSink(MessageRing ring) {
    this.ring = ring;
  }

  /** Whether the ring can take the most that one message causes. */
  public boolean hasRoom(int messages) {
    return ring.hasRoom(messages);
  }

  /** Reception of the message that is about to be handled; 0 = not sampled. */
  public void origin(long nanos) {
    originNanos = nanos;
  }

  @Override
  public MutableDirectBuffer claim(int maxLength) {
    if (maxLength > ring.slotLength()) {
      throw new IllegalArgumentException(
          "a message of " + maxLength + " bytes does not fit a slot of " + ring.slotLength());
    }
    last = ring.next();
    if (first == NONE) {
      first = last;
    }
    slot = ring.get(last);
    return slot.buffer();
  }

  @Override
  public int offset() {
    return slot.offset();
  }

  @Override
  public void commit(int length) {
    slot.length(length);
    slot.originNanos(originNanos);
  }

  /**
   * Publishes everything since the last flush.
   *
   * @return messages published
   */
  public int flush() {
    if (first == NONE) {
      return 0;
    }
    int count = (int) (last - first + 1);
    ring.publish(first, last);
    first = NONE;
    return count;
  }
}
