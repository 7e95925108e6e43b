package io.semnal.inference.engine;

import io.semnal.core.engine.OutboundSink;
import io.semnal.protocol.MessageLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keeps what an engine says. The claimed memory is filled with a changing pattern first, so that a
 * byte that the engine forgets to write makes two equal engines differ.
 */
final class RecordingSink implements OutboundSink {
  private static final int OFFSET = 24;
  private final byte[] memory = new byte[4096];
  private final UnsafeBuffer buffer = new UnsafeBuffer(memory);
  private final List<byte[]> messages = new ArrayList<>();
  private byte pattern;
  private int claimed = -1;
  private int longest;

  RecordingSink(int seed) {
    pattern = (byte) seed;
  }

  @Override
  public MutableDirectBuffer claim(int maxLength) {
    if (claimed >= 0) {
      throw new IllegalStateException("claimed twice");
    }
    Arrays.fill(memory, pattern++);
    claimed = maxLength;
    return buffer;
  }

  @Override
  public int offset() {
    return OFFSET;
  }

  @Override
  public void commit(int length) {
    if (claimed < 0 || length > claimed) {
      throw new IllegalStateException("committed " + length + " of " + claimed);
    }
    claimed = -1;
    longest = Math.max(longest, length);
    messages.add(Arrays.copyOfRange(memory, OFFSET, OFFSET + length));
  }

  int size() {
    return messages.size();
  }

  int longest() {
    return longest;
  }

  byte[] bytes(int i) {
    return messages.get(i);
  }

  UnsafeBuffer get(int i) {
    return new UnsafeBuffer(messages.get(i));
  }

  List<byte[]> all() {
    return messages;
  }

  /** Positions of the messages of a template, in order. */
  List<UnsafeBuffer> of(int... templates) {
    List<UnsafeBuffer> found = new ArrayList<>();
    for (byte[] message : messages) {
      UnsafeBuffer b = new UnsafeBuffer(message);
      int template = MessageLayout.templateId(b, 0);
      if (Arrays.stream(templates).anyMatch(t -> t == template)) {
        found.add(b);
      }
    }
    return found;
  }
}
