package io.semnal.journal;

import org.agrona.DirectBuffer;

/** Counts, in a verification, what is equal, what differs and what the journal does not hold. */
final class VerifySink extends ComparingSink {
  private MessageDifference first;
  private long differing;
  private long unpublished;
  private boolean misaligned;

  VerifySink(QueueReader journaled) {
    super(journaled);
  }

  @Override
  void expect(long firstSeq, long lastSeq) {
    super.expect(firstSeq, lastSeq);
    first = null;
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
