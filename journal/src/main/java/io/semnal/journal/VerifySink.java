package io.semnal.journal;

import io.semnal.core.ingress.MessageHandler;
import org.agrona.DirectBuffer;

/** Counts, in a verification, what is equal, what differs and what the journal does not hold. */
final class VerifySink extends ComparingSink {
  private final MessageHandler said;
  private MessageDifference first;
  private long bytes;
  private long differing;
  private long unpublished;
  private boolean misaligned;

  VerifySink(QueueReader journaled) {
    this(journaled, (buffer, offset, length) -> {});
  }

  /**
   * @param said is shown every message that the engine says
   */
  VerifySink(QueueReader journaled, MessageHandler said) {
    super(journaled);
    this.said = said;
  }

  @Override
  public void commit(int messageLength) {
    boolean compared = left() > 0;
    super.commit(messageLength);
    if (compared) {
      bytes += messageLength;
    }
    said.onMessage(message(), 0, messageLength);
  }

  /** Bytes that were compared. */
  long bytes() {
    return bytes;
  }

  @Override
  void expect(long firstSeq, long lastSeq) {
    super.expect(firstSeq, lastSeq);
    first = null;
    bytes = 0;
    differing = 0;
    unpublished = 0;
    misaligned = false;
  }

  /** The first difference, or {@code null}. */
  MessageDifference first() {
    return first;
  }

  long differing() {
    return differing;
  }

  /** Messages that the engine said beyond the journal's end. */
  long unpublished() {
    return unpublished;
  }

  @Override
  void differs(MessageDifference difference) {
    if (first == null) {
      first = difference;
    }
    if (!misaligned) {
      differing++;
    }
    // From here on messages of different numbers would be compared: nothing to learn from that.
    misaligned |= difference.field().equals("outSeq");
  }

  @Override
  void beyond(DirectBuffer message, int messageLength) {
    unpublished++;
  }
}
