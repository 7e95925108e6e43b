package io.semnal.gateway;

import io.semnal.protocol.sbe.ErrorCode;
import org.agrona.DirectBuffer;

/**
 * What one session says: encodes it for the session's transport, and sees that it is flushed once
 * at the end of the batch. Loop thread.
 */
final class SessionSender {
  private final SessionHub hub;
  private final ClientSession session;
  private final SessionOutput output;
  private final ConflatedChannels conflated;
  private boolean listed;

  SessionSender(SessionHub hub, ClientSession session, SessionOutput output) {
    this.hub = hub;
    this.session = session;
    this.output = output;
    conflated = new ConflatedChannels(hub, output);
  }

  ConflatedChannels conflated() {
    return conflated;
  }

  SessionOutput output() {
    return output;
  }

  /** A message as it is. */
  void tell(DirectBuffer buffer, int offset, int length, boolean features) {
    hub.ownFrames().begin(buffer, offset, length);
    hub.ownFrames().writeTo(output, features);
    touch();
  }

  /**
   * What was just encoded in the hub's {@link SessionMessages}.
   *
   * @param length 0 = nothing
   */
  void send(int length) {
    if (length > 0) {
      tell(hub.messages().buffer(), 0, length, false);
    }
  }

  /**
   * @param lastOutSeq the last message of the stream that was sent; 0 = none
   */
  void error(
      long requestId,
      ErrorCode code,
      boolean fatal,
      boolean retryable,
      long lastOutSeq,
      String text) {
    send(
        hub.messages()
            .writer()
            .error(
                hub.messages().buffer(), 0, requestId, code, fatal, retryable, lastOutSeq, text));
  }

  /** There is something to flush at the end of the batch, or of the duty cycle. */
  void touch() {
    if (!listed) {
      listed = true;
      hub.onDirty(session);
    }
  }

  /** The hub has taken this session off the list of those to flush. */
  void unlisted() {
    listed = false;
  }

  /**
   * Sends what was written.
   *
   * @param live whether quotes and scores that waited may go too
   */
  void flush(boolean live) {
    if (live) {
      conflated.release();
    }
    output.flush();
  }
}
