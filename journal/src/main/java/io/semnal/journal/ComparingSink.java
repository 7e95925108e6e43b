package io.semnal.journal;

import io.semnal.core.engine.OutboundSink;
import io.semnal.core.ingress.MessageHandler;
import io.semnal.protocol.MessageLayout;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Holds what an engine says in replay against what stands in the outbound journal, message by
 * message in the order of {@code outSeq}, up to a given head. Allocates nothing while all is equal.
 */
abstract class ComparingSink implements OutboundSink, AutoCloseable {
  private static final int FIRST_CAPACITY = 4096;

  private final QueueReader journaled;
  private final MessageHandler comparison = this::compare;
  private UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(FIRST_CAPACITY));
  private int length;
  private long next = 1;
  private long head;

  ComparingSink(QueueReader journaled) {
    this.journaled = journaled;
  }

  /**
   * Sets what is to be compared.
   *
   * @param first {@code outSeq} that the engine is expected to say first
   * @param last last {@code outSeq} to compare with; what goes beyond it is passed on
   */
  void expect(long first, long last) {
    next = first;
    head = last;
    journaled.seekToSequence(first);
  }

  /** What the engine said last; valid until it says more. */
  DirectBuffer message() {
    return scratch;
  }

  /** The {@code outSeq} that is due. */
  long next() {
    return next;
  }

  /** Messages in the journal that the engine has not said yet. */
  long left() {
    return Math.max(0, head + 1 - next);
  }

  /** The cause of the journaled message that is due, or 0 if none is left. Not for a hot path. */
  long dueCause() {
    if (left() == 0) {
      return 0;
    }
    long[] cause = {0};
    journaled.readNext((buffer, offset, n) -> cause[0] = MessageLayout.causeSeq(buffer, offset));
    journaled.seekToSequence(next);
    return cause[0];
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
  public void commit(int messageLength) {
    length = messageLength;
    if (next > head) {
      beyond(scratch, length);
    } else if (!journaled.readNext(comparison)) {
      throw new CorruptJournalException(
          "outbound message " + next + " cannot be read at " + journaled.place());
    }
    next++;
  }

  private void compare(DirectBuffer buffer, int offset, int journaledLength) {
    if (!MessageDifference.equal(buffer, offset, journaledLength, scratch, 0, length)) {
      differs(MessageDifference.of(buffer, journaledLength, scratch, length));
    }
  }

  /** The engine said something else. */
  abstract void differs(MessageDifference difference);

  /** The engine said what is not in the journal. */
  abstract void beyond(DirectBuffer message, int messageLength);

  @Override
  public void close() {
    journaled.close();
  }
}
