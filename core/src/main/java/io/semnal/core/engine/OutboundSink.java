package io.semnal.core.engine;

import org.agrona.MutableDirectBuffer;

/**
 * Where an engine encodes its outbound messages, in place: claim, encode, commit; one at a time.
 */
public interface OutboundSink {
  /**
   * Room for one message.
   *
   * @param maxLength bytes that may be written from {@link #offset()} on
   * @return the buffer to encode into
   */
  MutableDirectBuffer claim(int maxLength);

  /** Where in the claimed buffer the SBE message header goes. */
  int offset();

  /** Publishes what was encoded. */
  void commit(int length);
}
