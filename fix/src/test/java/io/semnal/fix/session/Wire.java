package io.semnal.fix.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One direction of a connection in memory: messages as they were sent, until taken. */
final class Wire implements FixTransport {
  final Deque<byte[]> messages = new ArrayDeque<>();
  final List<String> log = new ArrayList<>();
  boolean closed;

  @Override
  public void send(DirectBuffer buffer, int offset, int length) {
    byte[] message = new byte[length];
    buffer.getBytes(offset, message);
    messages.add(message);
    log.add(text(message));
  }

  @Override
  public void flush() {
    // Messages are there at once.
  }

  @Override
  public void close() {
    closed = true;
  }

  static String text(byte[] message) {
    return new String(message, java.nio.charset.StandardCharsets.ISO_8859_1).replace('\1', '|');
  }

  static UnsafeBuffer buffer(byte[] message) {
    return new UnsafeBuffer(message);
  }
}
