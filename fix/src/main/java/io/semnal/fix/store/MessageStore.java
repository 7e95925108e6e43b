package io.semnal.fix.store;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What a session must not forget: its next numbers and the application messages that it sent.
 *
 * <p>One thread.
 */
public interface MessageStore extends AutoCloseable {
  /** MsgSeqNum of the next message to be sent, from 1. */
  long nextOutbound();

  void nextOutbound(long seq);

  /** MsgSeqNum of the next message expected, from 1. */
  long nextInbound();

  void nextInbound(long seq);

  /** Keeps a message to be sent; the oldest ones go when there is no more room. */
  void append(long seq, DirectBuffer message, int offset, int length);

  /**
   * Copies the message of that number to the beginning of a buffer.
   *
   * @return its length; 0: it was not an application message, or is no longer kept
   */
  int read(long seq, MutableDirectBuffer to);

  /** When the numbers began at 1, UTC nanoseconds; 0: never by {@link #reset}. */
  long created();

  /** Forgets all messages; both numbers are 1. */
  void reset(long now);

  /** Lets go of files. */
  @Override
  void close();
}
