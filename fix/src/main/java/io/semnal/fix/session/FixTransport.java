package io.semnal.fix.session;

import org.agrona.DirectBuffer;

/** A connection as its session sees it. Called on the session's thread. */
public interface FixTransport {
  /**
   * Takes a message; it may wait for {@link #flush}. The bytes are the caller's again on return.
   */
  void send(DirectBuffer buffer, int offset, int length);

  /** Puts on its way what was taken. */
  void flush();

  /** Whether more is welcome; a resend waits while it is not. */
  default boolean isWritable() {
    return true;
  }

  /** Ends the connection after what was taken. */
  void close();

  /** Whom it leads to, for a log. */
  default String peer() {
    return "";
  }
}
