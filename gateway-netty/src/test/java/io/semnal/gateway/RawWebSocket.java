package io.semnal.gateway;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SubscribeEncoder;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.NonceSource;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** SBE over WebSocket by hand, on a blocking socket that can be read as slowly as one likes. */
final class RawWebSocket implements AutoCloseable {
  final Socket socket = new Socket();
  private final DataInputStream in;

  /** Set by the server's close frame. */
  int closeCode;

  RawWebSocket(int port, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setSoTimeout(60_000);
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    socket
        .getOutputStream()
        .write(
            ("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                    + "Sec-WebSocket-Protocol: semnal.sbe.v1\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) in.readUnsignedByte());
    }
    if (!answer.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException(answer.toString());
    }
  }

  RawWebSocket login(ClientKey key) throws IOException {
    ClientHandshake handshake = new ClientHandshake(Role.CLIENT, key, "raw", NonceSource.secure());
    UnsafeBuffer out = new UnsafeBuffer(new byte[1024]);
    send(out, handshake.hello(out, 0));
    while (handshake.state() != ClientHandshake.State.OPEN) {
      UnsafeBuffer message = next();
      int reply = handshake.onMessage(message, 0, message.capacity(), out, 0);
      if (reply > 0) {
        send(out, reply);
      }
    }
    return this;
  }

  /**
   * @param from exclusive; negative = no resume
   */
  RawWebSocket subscribe(int channels, long from, String... instruments) throws IOException {
    UnsafeBuffer out = new UnsafeBuffer(new byte[1024]);
    SubscribeEncoder e = new SubscribeEncoder();
    e.wrapAndApplyHeader(out, 0, new MessageHeaderEncoder())
        .requestId(1)
        .resume(from < 0 ? BooleanType.F : BooleanType.T)
        .epoch(1)
        .fromOutSeq(Math.max(0, from))
        .snapshot(BooleanType.F)
        .features(BooleanType.T);
    out.putShort(
        MessageLayout.HEADER + SubscribeEncoder.channelsEncodingOffset(),
        (short) channels,
        ByteOrder.LITTLE_ENDIAN);
    SubscribeEncoder.InstrumentsEncoder group = e.instrumentsCount(instruments.length);
    for (String instrument : instruments) {
      group.next().symbol(instrument);
    }
    e.timeframesCount(0);
    e.strategiesCount(0);
    send(out, MessageLayout.HEADER + e.encodedLength());
    return this;
  }

  /** Masked with zeros, which leave the payload as it is. */
  void send(UnsafeBuffer message, int length) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(length + 8);
    frame.put((byte) 0x82);
    if (length < 126) {
      frame.put((byte) (0x80 | length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) length);
    }
    frame.putInt(0).put(message.byteArray(), 0, length);
    socket.getOutputStream().write(frame.array(), 0, frame.position());
  }

  /** The next message; {@code null} at the close frame or the end of the stream. */
  UnsafeBuffer next() throws IOException {
    try {
      while (true) {
        int opcode = in.readUnsignedByte() & 0x0F;
        int length = in.readUnsignedByte();
        length = length == 126 ? in.readUnsignedShort() : length;
        byte[] payload = new byte[length];
        in.readFully(payload);
        if (opcode == 8) {
          closeCode = ByteBuffer.wrap(payload).getShort() & 0xFFFF;
          return null;
        }
        if (opcode == 2) {
          return new UnsafeBuffer(payload);
        }
      }
    } catch (EOFException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
