package io.semnal.bench.wire;

import io.semnal.fix.session.FixConnection;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.FixTransport;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** An initiator's session on a socket that is looked at without waiting. One thread. */
final class FixPeerSocket implements FixTransport, AutoCloseable {
  private static final long PATIENCE = 60_000_000_000L;
  private final SocketChannel socket;
  private final FixConnection connection;
  private final FixSession session;
  private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
  private final UnsafeBuffer bytes = new UnsafeBuffer(in);
  private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 16);

  FixPeerSocket(int port, FixSession session) throws IOException {
    this.session = session;
    socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.configureBlocking(false);
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    connection = new FixConnection(this, session);
    connection.opened(now());
    long deadline = System.nanoTime() + PATIENCE;
    while (!session.isLoggedOn()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("no answer to the Logon");
      }
      poll();
      Thread.onSpinWait();
    }
  }

  static long now() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /** Reads what has come. */
  void poll() throws IOException {
    in.clear();
    int read = socket.read(in);
    if (read < 0) {
      throw new EOFException("the FIX session is gone");
    }
    if (read > 0) {
      connection.received(bytes, 0, read, now());
    }
  }

  /** Heartbeats. */
  void doWork() throws IOException {
    poll();
    session.doWork(now());
  }

  @Override
  public void send(DirectBuffer buffer, int offset, int length) {
    buffer.getBytes(offset, out, length);
  }

  @Override
  public void flush() {
    out.flip();
    try {
      while (out.hasRemaining()) {
        socket.write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.clear();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
