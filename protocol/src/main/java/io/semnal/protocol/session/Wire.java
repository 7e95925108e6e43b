package io.semnal.protocol.session;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A peer's end of a TCP connection, in the clear or inside TLS: non-blocking, one thread. In the
 * clear, sending, receiving and waiting allocate nothing; the JDK's TLS allocates for each record.
 */
public final class Wire implements AutoCloseable {
  private static final Consumer<SelectionKey> NOTED = key -> {};

  private final SocketChannel socket;
  private final Selector selector;
  private final SelectionKey selection;
  private TlsRecords tls;

  private Wire(SocketChannel socket, Selector selector, SelectionKey selection) {
    this.socket = socket;
    this.selector = selector;
    this.selection = selection;
  }

  /**
   * Connects, and agrees on TLS where that is asked for, waiting at most {@code timeout} for each.
   *
   * @param security {@code null} = in the clear
   * @throws IOException naming the address
   */
  public static Wire connect(InetSocketAddress address, ClientTls security, Duration timeout)
      throws IOException {
    if (address.isUnresolved()) {
      throw new ConnectException("no such host: " + address.getHostString());
    }
    Wire wire = null;
    try {
      wire = open(address, timeout);
      if (security != null) {
        wire.tls =
            new TlsRecords(
                security.engine(address.getHostString(), address.getPort()), wire.socket);
        wire.handshake(timeout);
      }
      return wire;
    } catch (IOException e) {
      if (wire != null) {
        wire.abandon();
      }
      throw new IOException(
          "cannot connect to "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static Wire open(InetSocketAddress address, Duration timeout) throws IOException {
    SocketChannel socket = SocketChannel.open();
    Selector selector = null;
    try {
      socket.configureBlocking(false);
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      selector = Selector.open();
      SelectionKey key = socket.register(selector, SelectionKey.OP_CONNECT);
      if (!socket.connect(address)) {
        selector.select(NOTED, Math.max(1, timeout.toMillis()));
        if (!socket.finishConnect()) {
          throw new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms");
        }
      }
      if (isConnectedToItself(socket)) {
        throw new ConnectException("nobody listens there");
      }
      key.interestOps(SelectionKey.OP_READ);
      return new Wire(socket, selector, key);
    } catch (IOException e) {
      socket.close();
      if (selector != null) {
        selector.close();
      }
      throw e;
    }
  }

  /**
   * A client that keeps trying a port of this machine where nobody listens can be given that very
   * port as its own: TCP then connects the socket to itself, and the server could not come back.
   */
  static boolean isConnectedToItself(SocketChannel socket) throws IOException {
    return socket.getLocalAddress().equals(socket.getRemoteAddress());
  }

  private void handshake(Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!tls.handshake()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no TLS agreed on within " + timeout.toMillis() + " ms");
      }
      await(left, false);
    }
  }

  /**
   * Receives what is there, as far as it fits.
   *
   * @return bytes received; -1 at the connection's end
   */
  public int read(ByteBuffer to) throws IOException {
    return tls == null ? socket.read(to) : tls.read(to);
  }

  /**
   * Sends what the system takes.
   *
   * @return bytes taken
   */
  public int write(ByteBuffer from) throws IOException {
    return tls == null ? socket.write(from) : tls.write(from);
  }

  /** Sends what TLS has taken and the system has not; whether nothing is left. */
  boolean flush() throws IOException {
    return tls == null || tls.flush();
  }

  /**
   * Blocks until something can be received, or time is over.
   *
   * @param toSend whether it is also worth waking up when something can be sent
   */
  public void await(long millis, boolean toSend) throws IOException {
    boolean unsent = toSend || tls != null && tls.hasUnsent();
    int ops = SelectionKey.OP_READ | (unsent ? SelectionKey.OP_WRITE : 0);
    if (selection.interestOps() != ops) {
      selection.interestOps(ops);
    }
    if (millis <= 0 || tls != null && tls.hasMore()) {
      selector.selectNow(NOTED);
    } else {
      selector.select(NOTED, millis);
    }
  }

  /** Ends an {@link #await}. Any thread. */
  public void wakeup() {
    selector.wakeup();
  }

  private void abandon() throws IOException {
    try (selector;
        socket) {
      selection.cancel();
    }
  }

  @Override
  public void close() throws IOException {
    try (selector;
        socket) {
      selection.cancel();
      if (tls != null) {
        tls.close();
      }
    }
  }
}
