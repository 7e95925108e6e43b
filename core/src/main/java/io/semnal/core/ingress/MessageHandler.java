package io.semnal.core.ingress;

import org.agrona.DirectBuffer;

/** Receives SBE messages; the buffer is valid during the call only. */
@FunctionalInterface
public interface MessageHandler {
  void onMessage(DirectBuffer buffer, int offset, int length);
}
