package io.semnal.protocol.session;

import io.semnal.protocol.Framing;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.Role;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.agrona.MutableDirectBuffer;

/**
 * A peer's end of a framed TCP connection, in the clear or inside TLS: non-blocking, one buffer
 * each way, one thread. In the clear, sending and receiving allocate nothing.
 *
 * <p>To send: write the SBE message into {@link #outBuffer} at the offset that {@link #claim}
 * gives, then {@link #commit}, and {@link #flush} at the end of a batch.
 */
public final class FrameChannel implements AutoCloseable {
  /** Most bytes that a frame from the server may have. */
  public static final int MAX_FRAME = 1 << 20;

  private static final int OUT_BYTES = 1 << 17;

  private final Wire wire;
  private final ReceiveBuffer in = new ReceiveBuffer(MAX_FRAME);
  private final SendBuffer out = new SendBuffer(OUT_BYTES);

  private FrameChannel(Wire wire) {
    this.wire = wire;
  }

  /**
   * Connects in the clear, waiting at most {@code timeout}.
   *
   * @throws IOException naming the address
   */
  public static FrameChannel connect(InetSocketAddress address, Duration timeout)
      throws IOException {
    return connect(address, null, timeout);
  }

  /**
   * The same inside TLS.
   *
   * @param tls {@code null} = in the clear
   */
  public static FrameChannel connect(InetSocketAddress address, ClientTls tls, Duration timeout)
      throws IOException {
    return new FrameChannel(Wire.connect(address, tls, timeout));
  }

  /** Where messages to send are written, after {@link #claim}. */
  public MutableDirectBuffer outBuffer() {
    return out.view();
  }

  /**
   * Finds room for a message.
   *
   * @param most most bytes that the message will have
   * @return the offset to write it at; -1 if there is no room before more is flushed
   */
  public int claim(int most) {
    int at = out.claim(Framing.HEADER + most);
    return at < 0 ? at : at + Framing.HEADER;
  }

  /** Queues the message that was written where {@link #claim} said. */
  public void commit(int length) {
    out.commit(SessionWriter.frame(out.view(), out.end(), length));
  }

  /** Bytes queued and not yet taken by the system. */
  public int pending() {
    return out.pending();
  }

  /**
   * Writes what is queued, as far as the system takes it.
   *
   * @return whether nothing is left
   */
  public boolean flush() throws IOException {
    return out.flush(wire);
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
    int read = in.fill(wire);
    if (read > 0) {
      handled += deliver(handler, most - handled);
    } else if (read < 0 && handled == 0) {
      throw new EOFException("the server closed the connection");
    }
    return handled;
  }

  private int deliver(FrameHandler handler, int most) throws IOException {
    int handled = 0;
    while (handled < most) {
      int at = in.from();
      int length = Frames.next(in.view(), at, in.available(), MAX_FRAME);
      if (length == Frames.INCOMPLETE) {
        break;
      }
      if (length < 0) {
        throw new IOException("the server sent what is no frame: " + ErrorCode.get(-length));
      }
      in.consume(length);
      handled++;
      handler.onMessage(in.view(), at + Framing.HEADER, length - Framing.HEADER);
    }
    return handled;
  }

  /** Blocks until something can be received (or, if anything is pending, sent), or time is over. */
  public void await(long millis) throws IOException {
    wire.await(millis, pending() > 0);
  }

  /** Ends an {@link #await}. Any thread. */
  public void wakeup() {
    wire.wakeup();
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
    commit(handshake.hello(out.view(), claim(SessionWriter.MOST)));
    FrameHandler onAnswer =
        (buffer, offset, length) -> {
          int at = claim(SessionWriter.MOST);
          int reply = handshake.onMessage(buffer, offset, length, out.view(), at);
          if (reply > 0) {
            commit(reply);
            flush();
          }
        };
    return LoginLoop.run(
        handshake,
        new LoginLoop.Connection() {
          @Override
          public int step() throws IOException {
            flush();
            return poll(onAnswer, 1);
          }

          @Override
          public void await(long millis) throws IOException {
            FrameChannel.this.await(millis);
          }
        },
        timeout);
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
