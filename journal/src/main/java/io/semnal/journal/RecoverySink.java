package io.semnal.journal;

import io.semnal.core.engine.OutboundSink;
import io.semnal.core.ingress.MessageLog;
import io.semnal.protocol.MessageLayout;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Takes what an engine says from its first message on: compares what was published before, appends
 * to the outbound journal what was not, and from {@link #goLive} on leaves all to the live sink.
 */
final class RecoverySink extends ComparingSink {
  private final MessageLog log;
  private OutboundSink live;
  private long appended;

  RecoverySink(QueueReader journaled, MessageLog log) {
    super(journaled);
    this.log = log;
  }

  /** Messages that it appended. */
  long appended() {
    return appended;
  }

  void goLive(OutboundSink sink) {
    live = sink;
    close();
  }

  @Override
  public MutableDirectBuffer claim(int maxLength) {
    return live == null ? super.claim(maxLength) : live.claim(maxLength);
  }

  @Override
  public int offset() {
    return live == null ? super.offset() : live.offset();
  }

  @Override
  public void commit(int messageLength) {
    if (live == null) {
      super.commit(messageLength);
    } else {
      live.commit(messageLength);
    }
  }

  @Override
  void differs(MessageDifference difference) {
    throw new ReplayMismatchException(
        "the engine does not say again what it published: " + difference);
  }

  @Override
  void beyond(DirectBuffer message, int messageLength) {
    long sequence = MessageLayout.outSeq(message, 0);
    if (sequence != next()) {
      throw new ReplayMismatchException(
          "the engine says outSeq " + sequence + " where " + next() + " is due");
    }
    log.append(message, 0, messageLength);
    appended++;
  }
}
