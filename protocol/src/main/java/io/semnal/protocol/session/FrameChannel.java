package io.semnal.protocol.session;

import io.semnal.protocol.Framing;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.Role;
import java.io.EOFException;
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
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A peer's end of a framed TCP connection: non-blocking, one buffer each way, one thread. Sending
 * and receiving allocate nothing.
 *
 * <p>To send: write the SBE message into {@link #outBuffer} at the offset that {@link #claim}
 * gives, then {@link #commit}, and {@link #flush} at the end of a batch.
 */
public final class FrameChannel implements AutoCloseable {
  /** Most bytes that a frame from the server may have. */
  public static final int MAX_FRAME = 1 << 20;

  private static final int OUT_BYTES = 1 << 17;

  private final SocketChannel socket;
  private final Selector selector;
  private final SelectionKey selection;
  private final ByteBuffer in = ByteBuffer.allocateDirect(2 * MAX_FRAME);
  private final UnsafeBuffer inView = new UnsafeBuffer(in);
  private final ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES);
  private final UnsafeBuffer outView = new UnsafeBuffer(out);
  private int inFrom;
  private int inTo;
  private int outFrom;
  private int outTo;

  private FrameChannel(SocketChannel socket, Selector selector, SelectionKey selection) {
    this.socket = socket;
    this.selector = selector;
    this.selection = selection;
  }

  /**
   * Connects, waiting at most {@code timeout}.
   *
   * @throws IOException naming the address
   */
  public static FrameChannel connect(InetSocketAddress address, Duration timeout)
      throws IOException {
    if (address.isUnresolved()) {
      throw new ConnectException("no such host: " + address.getHostString());
    }
    SocketChannel socket = SocketChannel.open();
    Selector selector = null;
    try {
      socket.configureBlocking(false);
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      selector = Selector.open();
      SelectionKey key = socket.register(selector, SelectionKey.OP_CONNECT);
      if (!socket.connect(address)) {
        selector.select(Math.max(1, timeout.toMillis()));
        if (!socket.finishConnect()) {
          throw new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms");
        }
      }
      if (isConnectedToItself(socket)) {
        throw new ConnectException("nobody listens there");
      }
      key.interestOps(SelectionKey.OP_READ);
      return new FrameChannel(socket, selector, key);
    } catch (IOException e) {
      socket.close();
      if (selector != null) {
        selector.close();
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

  /**
   * A client that keeps trying a port of this machine where nobody listens can be given that very
   * port as its own: TCP then connects the socket to itself, and the server could not come back.
   */
  static boolean isConnectedToItself(SocketChannel socket) throws IOException {
    return socket.getLocalAddress().equals(socket.getRemoteAddress());
  }

  /** Where messages to send are written, after {@link #claim}. */
  public MutableDirectBuffer outBuffer() {
    return outView;
  }

  /**
   * Finds room for a message.
   *
   * @param most most bytes that the message will have
   * @return the offset to write it at; -1 if there is no room before more is flushed
   */
  public int claim(int most) {
    if (outFrom == outTo) {
      outFrom = 0;
      outTo = 0;
    }
    if (outTo + Framing.HEADER + most > OUT_BYTES) {
      compactOut();
    }
    return outTo + Framing.HEADER + most > OUT_BYTES ? -1 : outTo + Framing.HEADER;
  }

  /** Queues the message that was written where {@link #claim} said. */
  public void commit(int length) {
    outTo += SessionWriter.frame(outView, outTo, length);
  }

  /** Bytes queued and not yet taken by the system. */
  public int pending() {
    return outTo - outFrom;
  }

  private void compactOut() {
    outView.putBytes(0, outView, outFrom, pending());
    outTo -= outFrom;
    outFrom = 0;
  }

  /**
   * Writes what is queued, as far as the system takes it.
   *
   * @return whether nothing is left
   */
  public boolean flush() throws IOException {
    while (outFrom < outTo) {
      out.limit(outTo).position(outFrom);
      int written = socket.write(out);
      outFrom += written;
      if (written == 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Receives what is there and hands over at most {@code most} messages.
   *
   * @return messages handed over
   * @throws EOFException if the server closed the connection and all before is handed over
   * @throws IOException if the connection broke, or the server sent what is no frame
   */
  public int poll(FrameHandler handler, int most) throws IOException {
    int handled = deliver(handler, most);
    if (handled == most) {
      return handled;
    }
    if (inFrom > 0) {
      inView.putBytes(0, inView, inFrom, inTo - inFrom);
      inTo -= inFrom;
      inFrom = 0;
    }
    in.limit(in.capacity()).position(inTo);
    int read = socket.read(in);
    if (read > 0) {
      inTo += read;
      handled += deliver(handler, most - handled);
    } else if (read < 0 && handled == 0) {
      throw new EOFException("the server closed the connection");
    }
    return handled;
  }

  private int deliver(FrameHandler handler, int most) throws IOException {
    int handled = 0;
    while (handled < most) {
      int length = Frames.next(inView, inFrom, inTo - inFrom, MAX_FRAME);
      if (length == Frames.INCOMPLETE) {
        break;
      }
      if (length < 0) {
        throw new IOException("the server sent what is no frame: " + ErrorCode.get(-length));
      }
      int at = inFrom + Framing.HEADER;
      inFrom += length;
      handled++;
      handler.onMessage(inView, at, length - Framing.HEADER);
    }
    return handled;
  }

  /** Blocks until something can be received (or, if anything is pending, sent), or time is over. */
  public void await(long millis) throws IOException {
    selection.interestOps(SelectionKey.OP_READ | (pending() > 0 ? SelectionKey.OP_WRITE : 0));
    if (millis > 0) {
      selector.select(millis);
    } else {
      selector.selectNow();
    }
    selector.selectedKeys().clear();
  }

  /** Ends an {@link #await}. Any thread. */
  public void wakeup() {
    selector.wakeup();
  }

  /**
   * Authenticates.
   *
   * @throws LoginRefusedException if the server said no
   * @throws IOException if it did not answer in time, or not as the protocol says
   */
  public SessionTerms login(Role role, ClientKey key, String clientName, Duration timeout)
      throws IOException {
    ClientHandshake handshake = new ClientHandshake(role, key, clientName, NonceSource.secure());
    commit(handshake.hello(outView, claim(SessionWriter.MOST)));
    long deadline = System.nanoTime() + timeout.toNanos();
    FrameHandler step =
        (buffer, offset, length) -> {
          int at = claim(SessionWriter.MOST);
          int reply = handshake.onMessage(buffer, offset, length, outView, at);
          if (reply > 0) {
            commit(reply);
          }
        };
    while (true) {
      flush();
      int handled = poll(step, 1);
      switch (handshake.state()) {
        case OPEN -> {
          return handshake.terms();
        }
        case REJECTED ->
            throw new LoginRefusedException(
                handshake.rejectCode(), handshake.rejectRetryable(), handshake.rejectText());
        case FAILED -> throw new IOException(handshake.rejectText());
        default -> {
          long left = (deadline - System.nanoTime()) / 1_000_000;
          if (left <= 0) {
            throw new SocketTimeoutException(
                "the server did not answer the login within " + timeout.toMillis() + " ms");
          }
          if (handled == 0) {
            await(left);
          }
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (selector;
        socket) {
      selection.cancel();
    }
  }
}
