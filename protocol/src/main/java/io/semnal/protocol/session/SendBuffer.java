package io.semnal.protocol.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Bytes to send that the system has not taken yet. One thread; allocates nothing. */
public final class SendBuffer {
  private final ByteBuffer bytes;
  private final UnsafeBuffer view;
  private int from;
  private int to;

  public SendBuffer(int capacity) {
    bytes = ByteBuffer.allocateDirect(capacity);
    view = new UnsafeBuffer(bytes);
  }

  /** Where {@link #claim} says, something may be written. */
  public MutableDirectBuffer view() {
    return view;
  }

  /**
   * Finds room.
   *
   * @return the offset to write at; -1 if there is no room before more is flushed
   */
  public int claim(int most) {
    if (from == to) {
      from = 0;
      to = 0;
    }
    if (to + most > bytes.capacity()) {
      view.putBytes(0, view, from, pending());
      to -= from;
      from = 0;
    }
    return to + most > bytes.capacity() ? -1 : to;
  }

  /** Where {@link #claim} said. */
  public int end() {
    return to;
  }

  /** So many bytes were written where {@link #claim} said. */
  public void commit(int length) {
    to += length;
  }

  /** Bytes that wait. */
  public int pending() {
    return to - from;
  }

  /**
   * Writes what waits, as far as the system takes it.
   *
   * @return whether nothing is left
   */
  public boolean flush(Wire wire) throws IOException {
    while (from < to) {
      bytes.limit(to).position(from);
      int written = wire.write(bytes);
      from += written;
      if (written == 0) {
        return false;
      }
    }
    return wire.flush();
  }
}
