package io.semnal.client;

import io.semnal.protocol.session.ClientTls;
import io.semnal.protocol.session.FrameChannel;
import io.semnal.protocol.session.ReceiveBuffer;
import io.semnal.protocol.session.SendBuffer;
import io.semnal.protocol.session.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A client's end of a WebSocket connection (RFC 6455): non-blocking, without a thread of its own.
 * Receiving binary messages in the clear allocates nothing. One thread.
 */
final class WebSocketChannel implements AutoCloseable {
  static final int TEXT = 1;
  static final int BINARY = 2;

  private static final int CONTINUATION = 0;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int RESERVED = 0x70;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int MOST_HEADER = 14;
  private static final int MOST_CONTROL = 125;
  private static final int MASK = 4;
  private static final int OUT_BYTES = 1 << 17;
  private static final int INCOMPLETE = -1;
  private static final DirectBuffer NORMAL = new UnsafeBuffer(new byte[] {0x03, (byte) 0xE8});

  /** Takes whole messages; the buffer is valid during the call only. */
  interface Receiver {
    void onMessage(int opcode, DirectBuffer buffer, int offset, int length) throws IOException;
  }

  private final Wire wire;
  private final ReceiveBuffer in = new ReceiveBuffer(FrameChannel.MAX_FRAME + MOST_HEADER);
  private final SendBuffer out = new SendBuffer(OUT_BYTES);
  private final SecureRandom random = new SecureRandom();
  private final byte[] mask = new byte[MASK];
  private UnsafeBuffer parts;
  private int partsLength;
  private int partsOpcode;
  private int headerLength;

  private WebSocketChannel(Wire wire) {
    this.wire = wire;
  }

  /**
   * Connects and upgrades, waiting at most {@code timeout} for each.
   *
   * @param tls {@code null} = in the clear
   * @throws IOException naming the address
   */
  static WebSocketChannel connect(URI uri, String subprotocol, ClientTls tls, Duration timeout)
      throws IOException {
    Wire wire = Wire.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), tls, timeout);
    WebSocketChannel channel = new WebSocketChannel(wire);
    try {
      channel.upgrade(uri, subprotocol, timeout);
      return channel;
    } catch (IOException e) {
      wire.close();
      throw new IOException(uri + ": " + e.getMessage(), e);
    }
  }

  private void upgrade(URI uri, String subprotocol, Duration timeout) throws IOException {
    WebSocketUpgrade upgrade = new WebSocketUpgrade(uri, subprotocol, random);
    byte[] request = upgrade.request();
    out.view().putBytes(claim(request.length), request);
    out.commit(request.length);
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      flush();
      int read = in.fill(wire);
      if (upgrade.answered(in)) {
        return;
      }
      if (read < 0) {
        throw new EOFException("the server closed the connection instead of upgrading it");
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no upgrade within " + timeout.toMillis() + " ms");
      }
      if (read == 0) {
        await(left);
      }
    }
  }

  private int claim(int length) throws IOException {
    int at = out.claim(length);
    if (at < 0) {
      throw new IOException("the server does not read what it is sent");
    }
    return at;
  }

  /** Queues one message, masked as a client's must be; {@link #flush} sends it. */
  void send(int opcode, DirectBuffer buffer, int offset, int length) throws IOException {
    int begin = claim(MOST_HEADER + length);
    MutableDirectBuffer to = out.view();
    int at = begin;
    to.putByte(at++, (byte) (FIN | opcode));
    if (length < LENGTH_16) {
      to.putByte(at++, (byte) (MASKED | length));
    } else {
      to.putByte(at++, (byte) (MASKED | (length < 1 << 16 ? LENGTH_16 : LENGTH_64)));
      if (length < 1 << 16) {
        to.putShort(at, (short) length, ByteOrder.BIG_ENDIAN);
        at += Short.BYTES;
      } else {
        to.putLong(at, length, ByteOrder.BIG_ENDIAN);
        at += Long.BYTES;
      }
    }
    random.nextBytes(mask);
    to.putBytes(at, mask);
    at += MASK;
    for (int i = 0; i < length; i++) {
      to.putByte(at + i, (byte) (buffer.getByte(offset + i) ^ mask[i % MASK]));
    }
    out.commit(at + length - begin);
  }

  boolean flush() throws IOException {
    return out.flush(wire);
  }

  /**
   * Receives what is there and hands over at most {@code most} messages.
   *
   * @return messages handed over
   * @throws EOFException if the server closed the connection and all before is handed over
   * @throws IOException if the connection broke, or the server sent what is not WebSocket
   */
  int poll(Receiver receiver, int most) throws IOException {
    int handled = deliver(receiver, most);
    if (handled == most) {
      return handled;
    }
    int read = in.fill(wire);
    if (read > 0) {
      handled += deliver(receiver, most - handled);
    } else if (read < 0 && handled == 0) {
      throw new EOFException("the server closed the connection");
    }
    return handled;
  }

  private int deliver(Receiver receiver, int most) throws IOException {
    int handled = 0;
    while (handled < most) {
      int payload = nextFrame();
      if (payload == INCOMPLETE) {
        break;
      }
      int first = in.view().getByte(in.from()) & 0xFF;
      int at = in.from() + headerLength;
      in.consume(headerLength + payload);
      handled += frame(first, at, payload, receiver);
    }
    return handled;
  }

  /** The payload's length of the frame that begins the buffer, if it is there whole. */
  private int nextFrame() throws IOException {
    DirectBuffer view = in.view();
    int at = in.from();
    int available = in.available();
    if (available < 2) {
      return INCOMPLETE;
    }
    int second = view.getByte(at + 1) & 0xFF;
    if ((second & MASKED) != 0 || (view.getByte(at) & RESERVED) != 0) {
      throw malformed();
    }
    long length = second;
    headerLength = 2;
    if (second >= LENGTH_16) {
      headerLength += second == LENGTH_16 ? Short.BYTES : Long.BYTES;
      if (available < headerLength) {
        return INCOMPLETE;
      }
      length =
          second == LENGTH_16
              ? view.getShort(at + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF
              : view.getLong(at + 2, ByteOrder.BIG_ENDIAN);
    }
    if (length < 0 || length > FrameChannel.MAX_FRAME) {
      throw new IOException("the server sent a frame that is too large");
    }
    return available < headerLength + length ? INCOMPLETE : (int) length;
  }

  private int frame(int first, int at, int length, Receiver receiver) throws IOException {
    int opcode = first & 0xF;
    boolean last = (first & FIN) != 0;
    if (opcode >= CLOSE) {
      if (!last || length > MOST_CONTROL) {
        throw malformed();
      }
      control(opcode, at, length);
      return 0;
    }
    boolean begins = opcode == TEXT || opcode == BINARY;
    if (begins == partsOpcode > 0 || !begins && opcode != CONTINUATION) {
      throw malformed();
    }
    if (begins && last) {
      receiver.onMessage(opcode, in.view(), at, length);
      return 1;
    }
    return part(opcode, last, at, length, receiver);
  }

  private int part(int opcode, boolean last, int at, int length, Receiver receiver)
      throws IOException {
    if (opcode != CONTINUATION) {
      partsOpcode = opcode;
      partsLength = 0;
      if (parts == null) {
        parts = new UnsafeBuffer(new byte[FrameChannel.MAX_FRAME]);
      }
    }
    if (partsLength + length > FrameChannel.MAX_FRAME) {
      throw new IOException("the server sent a message that is too large");
    }
    parts.putBytes(partsLength, in.view(), at, length);
    partsLength += length;
    if (!last) {
      return 0;
    }
    int whole = partsOpcode;
    partsOpcode = 0;
    receiver.onMessage(whole, parts, 0, partsLength);
    return 1;
  }

  private void control(int opcode, int at, int length) throws IOException {
    switch (opcode) {
      case PING -> {
        send(PONG, in.view(), at, length);
        flush();
      }
      case CLOSE -> {
        send(CLOSE, in.view(), at, Math.min(length, Short.BYTES));
        flush();
        throw new EOFException("the server closed the connection" + closeReason(at, length));
      }
      case PONG -> {
        // Nobody asked.
      }
      default -> throw malformed();
    }
  }

  private String closeReason(int at, int length) {
    if (length < Short.BYTES) {
      return "";
    }
    int code = in.view().getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    byte[] reason = new byte[length - Short.BYTES];
    in.view().getBytes(at + Short.BYTES, reason);
    return ": "
        + code
        + (reason.length == 0 ? "" : " " + new String(reason, StandardCharsets.UTF_8));
  }

  private static IOException malformed() {
    return new IOException("the server sent what is not WebSocket");
  }

  /** Blocks until something can be received (or, if anything waits, sent), or time is over. */
  void await(long millis) throws IOException {
    wire.await(millis, out.pending() > 0);
  }

  void wakeup() {
    wire.wakeup();
  }

  /** Says goodbye, if that goes at once, and closes. */
  @Override
  public void close() throws IOException {
    try (wire) {
      goodbye();
    }
  }

  private void goodbye() {
    try {
      send(CLOSE, NORMAL, 0, Short.BYTES);
      flush();
    } catch (IOException e) {
      // Broken already, which is why it is closed: nobody is there to take leave of.
      partsOpcode = 0;
    }
  }
}
