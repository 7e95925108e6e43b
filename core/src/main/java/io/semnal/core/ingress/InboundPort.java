package io.semnal.core.ingress;

import org.agrona.DirectBuffer;

/**
 * Takes inbound messages on their way to the journal and the engine. Implementations say which
 * threads may call.
 */
@FunctionalInterface
public interface InboundPort {
  /**
   * Hands over one SBE inbound message (header included) whose {@code journalSeq} and {@code time}
   * are zero; the Ingress stamps them. The bytes are copied before the call returns.
   *
   * @return {@code false} if there is no room now: nothing was taken, the caller keeps the message,
   *     stops reading and tries again
   */
  boolean offer(DirectBuffer buffer, int offset, int length);
}
