package io.semnal.journal;

import io.semnal.core.engine.OutboundSink;
import io.semnal.core.ingress.MessageHandler;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Holds what a follower's engine says against what is published beside it. What the follower says
 * before it is published waits, in order. One thread; allocates nothing once it has held the most
 * that ever waits.
 */
final class FollowingSink implements OutboundSink, AutoCloseable {
  private static final int FIRST_CAPACITY = 4096;

  private final QueueReader outbound;
  private final JournalFold fold;
  private final MessageHandler comparison = this::compare;
  private final ExpandableArrayBuffer waiting = new ExpandableArrayBuffer(FIRST_CAPACITY);
  private final UnsafeBuffer said = new UnsafeBuffer(0, 0);
  private UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(FIRST_CAPACITY));
  private int head;
  private int tail;
  private MessageDifference difference;

  /**
   * @param fold is given every published message that was compared, and none else
   */
  FollowingSink(QueueReader outbound, JournalFold fold) {
    this.outbound = outbound;
    this.fold = fold;
  }

  /** Bytes that were said and are not published yet. */
  int waiting() {
    return tail - head;
  }

  /** The first message that is not the published one, or {@code null}. Nothing is compared then. */
  MessageDifference difference() {
    return difference;
  }

  @Override
  public MutableDirectBuffer claim(int maxLength) {
    if (maxLength > scratch.capacity()) {
      scratch =
          new UnsafeBuffer(
              ByteBuffer.allocateDirect(BitUtil.findNextPositivePowerOfTwo(maxLength)));
    }
    return scratch;
  }

  @Override
  public int offset() {
    return 0;
  }

  @Override
  public void commit(int length) {
    if (difference != null) {
      return;
    }
    said.wrap(scratch, 0, length);
    if (waiting() > 0 || !outbound.readNext(comparison)) {
      waiting.putInt(tail, length);
      waiting.putBytes(tail + Integer.BYTES, scratch, 0, length);
      tail += Integer.BYTES + length;
    }
  }

  /**
   * Compares what waits with what was published meanwhile.
   *
   * @return messages compared
   */
  int settle() {
    int compared = 0;
    while (difference == null && head < tail) {
      int length = waiting.getInt(head);
      said.wrap(waiting, head + Integer.BYTES, length);
      if (!outbound.readNext(comparison)) {
        break;
      }
      head += Integer.BYTES + length;
      compared++;
    }
    if (head == tail) {
      head = 0;
      tail = 0;
    } else if (head > FIRST_CAPACITY && head > waiting()) {
      waiting.putBytes(0, waiting, head, waiting());
      tail -= head;
      head = 0;
    }
    return compared;
  }

  private void compare(DirectBuffer buffer, int offset, int length) {
    if (MessageDifference.equal(buffer, offset, length, said, 0, said.capacity())) {
      fold.onOutbound(buffer, offset, length);
    } else {
      difference = MessageDifference.of(buffer, length, said, said.capacity());
    }
  }

  @Override
  public void close() {
    outbound.close();
  }
}
