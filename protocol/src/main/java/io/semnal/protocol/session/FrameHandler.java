package io.semnal.protocol.session;

import java.io.IOException;
import org.agrona.DirectBuffer;

/** Receives SBE messages; the buffer is valid during the call only. */
@FunctionalInterface
public interface FrameHandler {
  void onMessage(DirectBuffer buffer, int offset, int length) throws IOException;
}
