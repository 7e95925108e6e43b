package io.semnal.core.ingress;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The way into the {@link Ingress} for every thread but its own: bounded, order kept per producer.
 * The ingress thread drains it.
 */
public final class IngressQueue implements InboundPort {
  private static final int TYPE = 1;
  private static final int DRAIN_LIMIT = 64;
  private final ManyToOneRingBuffer queue;
  private final Ingress ingress;
  private final Runnable wakeup;
  private final ControlledMessageHandler handler = this::pass;

  /**
   * @param capacity bytes, a power of two
   * @param wakeup called after each offer, to end the ingress thread's idling; cheap if it is awake
   */
  public IngressQueue(int capacity, Ingress ingress, Runnable wakeup) {
    this.ingress = ingress;
    this.wakeup = wakeup;
    queue =
        new ManyToOneRingBuffer(
            new UnsafeBuffer(
                ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)));
  }

  /** Any thread. */
  @Override
  public boolean offer(DirectBuffer buffer, int offset, int length) {
    if (!queue.write(TYPE, buffer, offset, length)) {
      return false;
    }
    wakeup.run();
    return true;
  }

  /**
   * Ingress thread: passes on what waits, as far as the inbound ring has room.
   *
   * @return messages passed on
   */
  public int drain() {
    return queue.controlledRead(handler, DRAIN_LIMIT);
  }

  private ControlledMessageHandler.Action pass(
      int type, MutableDirectBuffer buffer, int index, int length) {
    return ingress.offer(buffer, index, length)
        ? ControlledMessageHandler.Action.CONTINUE
        : ControlledMessageHandler.Action.ABORT;
  }
}
