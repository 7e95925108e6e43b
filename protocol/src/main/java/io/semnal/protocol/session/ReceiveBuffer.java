package io.semnal.protocol.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Bytes received and not yet made into messages. One thread; allocates nothing. */
public final class ReceiveBuffer {
  private final ByteBuffer bytes;
  private final UnsafeBuffer view;
  private int from;
  private int to;

  /**
   * @param largest most bytes of a message with its frame; twice as much is kept
   */
  public ReceiveBuffer(int largest) {
    bytes = ByteBuffer.allocateDirect(2 * largest);
    view = new UnsafeBuffer(bytes);
  }

  /** What was received lies in here from {@link #from} on; valid until {@link #fill}. */
  public DirectBuffer view() {
    return view;
  }

  public int from() {
    return from;
  }

  public int available() {
    return to - from;
  }

  /** The first so many bytes are done with. */
  public void consume(int length) {
    from += length;
  }

  /**
   * Receives what is there, as far as it fits.
   *
   * @return bytes received; -1 at the connection's end
   */
  public int fill(Wire wire) throws IOException {
    if (from > 0) {
      view.putBytes(0, view, from, to - from);
      to -= from;
      from = 0;
    }
    bytes.limit(bytes.capacity()).position(to);
    int read = wire.read(bytes);
    to += Math.max(0, read);
    return read;
  }
}
