package io.semnal.gateway;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;

/** Where a session's frames go: a connection, as the session needs it. Loop thread. */
interface SessionOutput {
  Encoding encoding();

  /** Adds a frame to what the next {@link #flush} sends; the bytes are copied. */
  void write(byte[] frame, int length);

  /**
   * Adds a frame that many sessions get: its bytes, which do not change, may be held instead of
   * copied.
   *
   * @param last whether a flush is all that follows in this batch
   * @return whether the frame is on its way already, because nothing waited before it: then there
   *     is nothing to flush for it
   */
  boolean share(ByteBuf frame, boolean last);

  /** Whether the connection takes more without piling it up. */
  boolean isWritable();

  /** Bytes written and not yet taken by the operating system. */
  long pendingBytes();

  void flush();

  /** Asks the peer for a sign of life, where the transport can. */
  void ping();

  /** Sends what was written, then closes. */
  void close(CloseReason reason);

  /** The other end, for the log. */
  String peer();

  /** Where the other end is; the unspecified address once that is no longer known. */
  InetAddress address();
}
