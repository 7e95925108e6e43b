package io.semnal.core.agent;

import org.agrona.DirectBuffer;

/** Takes the outbound messages in order, each after it was journaled. One thread. */
public interface OutboundHandler {
  /**
   * @param originNanos see {@link io.semnal.core.ring.Slot#originNanos()}
   */
  void onOutbound(DirectBuffer buffer, int offset, int length, long originNanos);

  /** The same of a batch's last message: {@link #onBatchEnd} follows at once. */
  default void onLast(DirectBuffer buffer, int offset, int length, long originNanos) {
    onOutbound(buffer, offset, length, originNanos);
  }

  /** No more messages for now: flush. */
  void onBatchEnd();

  /** Whether anybody is there to be sent to; if not, nobody waits, and no latency is recorded. */
  default boolean isServing() {
    return true;
  }

  /** The same for one message: what nobody wants may wait, and its latency says nothing. */
  default boolean isServing(DirectBuffer buffer, int offset) {
    return isServing();
  }
}
