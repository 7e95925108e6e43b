package io.semnal.fix.session;

import io.semnal.fix.codec.FixMessage;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Messages that came before an earlier one did, kept by their MsgSeqNum until the gap is filled.
 * Bounded; used while there is a gap only, so it may allocate. One thread.
 */
final class PendingMessages {
  /** Stands for a message whose effect was had already: its number alone counts. */
  static final byte[] DONE = {};

  private static final int MOST_BYTES = 8 * 1024 * 1024;

  private final int most;
  private final Long2ObjectHashMap<byte[]> messages = new Long2ObjectHashMap<>();
  private long bytes;

  PendingMessages(int most) {
    this.most = most;
  }

  /** Keeps a copy, unless there is one or no room is left: then it will be asked for again. */
  void add(long seq, FixMessage message) {
    if (!messages.containsKey(seq) && messages.size() < most && bytes < MOST_BYTES) {
      byte[] copy = new byte[message.length()];
      message.buffer().getBytes(message.offset(), copy);
      messages.put(seq, copy);
      bytes += copy.length;
    }
  }

  void addDone(long seq) {
    if (messages.size() < most) {
      byte[] before = messages.put(seq, DONE);
      bytes -= before == null ? 0 : before.length;
    }
  }

  /** Takes out the message of that number; null: it is not here. */
  byte[] take(long seq) {
    if (messages.isEmpty()) {
      return null;
    }
    byte[] message = messages.remove(seq);
    bytes -= message == null ? 0 : message.length;
    return message;
  }

  /** Forgets everything below a number that has been reached. */
  void forgetBelow(long seq) {
    if (!messages.isEmpty()) {
      messages.entrySet().removeIf(e -> e.getKey() < seq);
      bytes = 0;
      for (byte[] message : messages.values()) {
        bytes += message.length;
      }
    }
  }

  /** The smallest number kept; {@link Long#MAX_VALUE}: nothing is. */
  long first() {
    long first = Long.MAX_VALUE;
    for (Long seq : messages.keySet()) {
      first = Math.min(first, seq);
    }
    return first;
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  void clear() {
    messages.clear();
    bytes = 0;
  }
}
