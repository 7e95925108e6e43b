package io.semnal.core.ring;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.YieldingWaitStrategy;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A Disruptor ring of SBE messages in one off-heap block. One producer thread; consumers poll, each
 * from an agent's own loop, and can be gated behind others.
 */
public final class MessageRing {
  private final RingBuffer<Slot> ring;
  private final int slotLength;

  /**
   * @param slots a power of two
   * @param slotLength bytes of the longest message, rounded up to a multiple of 64
   */
  public MessageRing(int slots, int slotLength) {
    this.slotLength = BitUtil.align(slotLength, 64);
    UnsafeBuffer block =
        new UnsafeBuffer(
            java.nio.ByteBuffer.allocateDirect(Math.multiplyExact(slots, this.slotLength) + 64));
    int base = (int) (BitUtil.align(block.addressOffset(), 64) - block.addressOffset());
    int[] next = {base};
    ring =
        RingBuffer.createSingleProducer(
            () -> {
              Slot slot = new Slot(block, next[0]);
              next[0] += this.slotLength;
              return slot;
            },
            slots,
            new YieldingWaitStrategy());
  }

  public int slotLength() {
    return slotLength;
  }

  public int slots() {
    return ring.getBufferSize();
  }

  /** Free places, as the producer may use them. Producer thread. */
  public boolean hasRoom(int messages) {
    return ring.hasAvailableCapacity(messages);
  }

  /** The producer's next place; call only after {@link #hasRoom}. */
  public long next() {
    return ring.next();
  }

  public Slot get(long sequence) {
    return ring.get(sequence);
  }

  public void publish(long sequence) {
    ring.publish(sequence);
  }

  /** Publishes a whole batch at once. */
  public void publish(long first, long last) {
    ring.publish(first, last);
  }

  /** Sequence of the last published place. Any thread. */
  public long cursor() {
    return ring.getCursor();
  }

  /** Places between the slowest gating consumer and the producer. Any thread. */
  public long depth() {
    return ring.getBufferSize() - ring.remainingCapacity();
  }

  /**
   * A consumer. With {@code behind}, it sees a place only after those consumers have passed it.
   *
   * @param last whether the producer must wait for this consumer; true for the last of each chain
   */
  public EventPoller<Slot> poller(boolean last, Sequence... behind) {
    EventPoller<Slot> poller = ring.newPoller(behind);
    poller.getSequence().set(ring.getCursor());
    if (last) {
      ring.addGatingSequences(poller.getSequence());
    }
    return poller;
  }

  /** Releases the producer from a consumer that is gone. */
  public void remove(EventPoller<Slot> poller) {
    ring.removeGatingSequence(poller.getSequence());
  }
}
