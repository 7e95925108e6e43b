package io.semnal.protocol.session;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** A client's TLS over a non-blocking socket, by the JDK's engine. One thread. */
final class TlsRecords {
  private final SSLEngine engine;
  private final SocketChannel socket;

  /** Records from the server, ready to be appended to. */
  private final ByteBuffer received;

  /** Records to the server, ready to be sent. */
  private final ByteBuffer toSend;

  private final ByteBuffer none = ByteBuffer.allocate(0);
  private boolean begun;
  private boolean more;

  TlsRecords(SSLEngine engine, SocketChannel socket) {
    this.engine = engine;
    this.socket = socket;
    int record = engine.getSession().getPacketBufferSize();
    received = ByteBuffer.allocateDirect(4 * record);
    toSend = ByteBuffer.allocateDirect(record).limit(0);
  }

  /**
   * Goes on with the handshake as far as that is possible now.
   *
   * @return whether it is done
   */
  boolean handshake() throws IOException {
    if (!begun) {
      begun = true;
      engine.beginHandshake();
    }
    try {
      return shakeHands();
    } catch (SSLException e) {
      // The server is told why, as far as that goes at once.
      if (!toSend.hasRemaining()) {
        wrap(none);
      }
      throw e;
    }
  }

  private boolean shakeHands() throws IOException {
    while (true) {
      if (!flush()) {
        return false;
      }
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> wrap(none);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (unwrap(none).getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            int read = socket.read(received);
            if (read < 0) {
              throw new EOFException("the server closed the connection instead of agreeing on TLS");
            }
            if (read == 0) {
              return false;
            }
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return true;
        }
      }
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  private SSLEngineResult unwrap(ByteBuffer to) throws SSLException {
    received.flip();
    try {
      return engine.unwrap(received, to);
    } finally {
      received.compact();
    }
  }

  private int wrap(ByteBuffer from) throws IOException {
    toSend.clear();
    SSLEngineResult result;
    try {
      result = engine.wrap(from, toSend);
    } finally {
      toSend.flip();
    }
    flush();
    return result.bytesConsumed();
  }

  /** As {@link Wire#read}; {@code to} has room for a record. */
  int read(ByteBuffer to) throws IOException {
    int before = to.position();
    more = false;
    while (true) {
      SSLEngineResult result = unwrap(to);
      int got = to.position() - before;
      switch (result.getStatus()) {
        case BUFFER_UNDERFLOW -> {
          int read = socket.read(received);
          if (read <= 0) {
            return got > 0 ? got : read;
          }
        }
        case BUFFER_OVERFLOW -> {
          more = true;
          return got;
        }
        case CLOSED -> {
          return got > 0 ? got : -1;
        }
        case OK -> afterHandshake();
      }
    }
  }

  /** New keys and tickets come at any time, and may want an answer. */
  private void afterHandshake() throws IOException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> runTasks();
      case NEED_WRAP -> {
        if (flush()) {
          wrap(none);
        }
      }
      default -> {
        // Nothing to do.
      }
    }
  }

  /** As {@link Wire#write}. */
  int write(ByteBuffer from) throws IOException {
    int taken = 0;
    while (from.hasRemaining() && flush()) {
      int consumed = wrap(from);
      if (consumed == 0) {
        break;
      }
      taken += consumed;
    }
    return taken;
  }

  /** Sends the records that wait; whether none is left. */
  boolean flush() throws IOException {
    while (toSend.hasRemaining()) {
      if (socket.write(toSend) == 0) {
        return false;
      }
    }
    return true;
  }

  boolean hasUnsent() {
    return toSend.hasRemaining();
  }

  /** Whether records that did not fit were left over by the last {@link #read}. */
  boolean hasMore() {
    return more;
  }

  /** Says goodbye, if that goes at once, and does not mind if it fails. */
  void close() {
    engine.closeOutbound();
    try {
      if (flush()) {
        wrap(none);
      }
    } catch (IOException e) {
      // Broken already, which is why it is closed: nobody is there to take leave of.
      toSend.position(toSend.limit());
    }
  }
}
