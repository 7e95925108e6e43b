package io.semnal.fix.store;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Keeps messages in memory, for sessions whose numbers begin anew with each process: market data,
 * tests. One thread.
 */
public final class MemoryStore implements MessageStore {
  private final MessageRing ring;
  private long nextOutbound = 1;
  private long nextInbound = 1;
  private long created;

  /** Keeps the last megabyte. */
  public MemoryStore() {
    this(1 << 20);
  }

  /**
   * @param capacity bytes of messages kept, a power of two
   */
  public MemoryStore(int capacity) {
    ring = new MessageRing(new UnsafeBuffer(new byte[capacity]));
  }

  @Override
  public long nextOutbound() {
    return nextOutbound;
  }

  @Override
  public void nextOutbound(long seq) {
    nextOutbound = seq;
  }

  @Override
  public long nextInbound() {
    return nextInbound;
  }

  @Override
  public void nextInbound(long seq) {
    nextInbound = seq;
  }

  @Override
  public void append(long seq, DirectBuffer message, int offset, int length) {
    ring.append(seq, message, offset, length);
  }

  @Override
  public int read(long seq, MutableDirectBuffer to) {
    return ring.read(seq, to);
  }

  @Override
  public long created() {
    return created;
  }

  @Override
  public void reset(long now) {
    ring.clear();
    nextOutbound = 1;
    nextInbound = 1;
    created = now;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
