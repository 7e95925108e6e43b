package io.semnal.gateway;

import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SubscribeEncoder;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.NonceSource;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A plain blocking client, written from the schema. */
final class TcpClient implements AutoCloseable {
  final Socket socket = new Socket();
  private final DataInputStream in;
  private final OutputStream out;
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  ClientHandshake handshake;

  TcpClient(int port) throws IOException {
    this(port, 0);
  }

  TcpClient(int port, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setSoTimeout(60_000);
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = socket.getOutputStream();
  }

  /** Sends Hello and the proof, reads up to the answer. */
  TcpClient login(ClientKey key) throws IOException {
    handshake = new ClientHandshake(Role.CLIENT, key, "test client", NonceSource.secure());
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    send(buffer, handshake.hello(buffer, 0));
    while (handshake.state() == ClientHandshake.State.AWAIT_CHALLENGE
        || handshake.state() == ClientHandshake.State.AWAIT_ANSWER) {
      UnsafeBuffer message = next();
      int reply = handshake.onMessage(message, 0, message.capacity(), buffer, 0);
      if (reply > 0) {
        send(buffer, reply);
      }
    }
    return this;
  }

  void send(UnsafeBuffer message, int length) throws IOException {
    byte[] frame = new byte[Framing.HEADER + length];
    Framing.write(new UnsafeBuffer(frame), 0, length);
    message.getBytes(0, frame, Framing.HEADER, length);
    sendRaw(frame);
  }

  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  TcpClient subscribe(long requestId, int channels, String... instruments) throws IOException {
    return subscribe(requestId, channels, null, false, false, List.of(), instruments);
  }

  TcpClient resume(long requestId, int channels, long from, String... instruments)
      throws IOException {
    return subscribe(requestId, channels, from, false, false, List.of(), instruments);
  }

  TcpClient subscribe(
      long requestId,
      int channels,
      Long from,
      boolean snapshot,
      boolean features,
      List<String> strategies,
      String... instruments)
      throws IOException {
    return subscribe(
        requestId, channels, from, 1, snapshot, features, strategies, List.of(), instruments);
  }

  TcpClient subscribe(
      long requestId,
      int channels,
      Long from,
      long epoch,
      boolean snapshot,
      boolean features,
      List<String> strategies,
      List<Integer> timeframes,
      String... instruments)
      throws IOException {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
    SubscribeEncoder e = new SubscribeEncoder();
    e.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
        .requestId(requestId)
        .resume(from == null ? BooleanType.F : BooleanType.T)
        .epoch(epoch)
        .fromOutSeq(from == null ? 0 : from)
        .snapshot(snapshot ? BooleanType.T : BooleanType.F)
        .features(features ? BooleanType.T : BooleanType.F);
    buffer.putShort(
        MessageLayout.HEADER + SubscribeEncoder.channelsEncodingOffset(), (short) channels);
    SubscribeEncoder.InstrumentsEncoder i = e.instrumentsCount(instruments.length);
    for (String instrument : instruments) {
      i.next().symbol(instrument);
    }
    SubscribeEncoder.TimeframesEncoder t = e.timeframesCount(timeframes.size());
    for (int seconds : timeframes) {
      t.next().seconds(seconds);
    }
    SubscribeEncoder.StrategiesEncoder s = e.strategiesCount(strategies.size());
    for (String strategy : strategies) {
      s.next().name(strategy);
    }
    send(buffer, MessageLayout.HEADER + e.encodedLength());
    return this;
  }

  /** The next SBE message; {@code null} at the end of the stream. */
  UnsafeBuffer next() throws IOException {
    try {
      int length = in.readInt() - Framing.HEADER;
      int encoding = in.readUnsignedShort();
      if (encoding != Framing.SBE_LITTLE_ENDIAN) {
        throw new IOException("encoding " + encoding);
      }
      byte[] message = new byte[length];
      in.readFully(message);
      return new UnsafeBuffer(message);
    } catch (EOFException e) {
      return null;
    }
  }

  /** The next message of this template; others are passed over. */
  UnsafeBuffer next(int template) throws IOException {
    while (true) {
      UnsafeBuffer message = next();
      if (message == null) {
        throw new EOFException("the stream ended before template " + template);
      }
      if (MessageLayout.templateId(message, 0) == template) {
        return message;
      }
    }
  }

  /** The next message that belongs to the stream: outbound, after the definitions told first. */
  UnsafeBuffer nextOutbound() throws IOException {
    while (true) {
      UnsafeBuffer message = next();
      if (message == null) {
        return null;
      }
      if (MessageLayout.isOutbound(MessageLayout.templateId(message, 0))) {
        return message;
      }
      if (MessageLayout.templateId(message, 0) == SessionErrorDecoder.TEMPLATE_ID) {
        throw new IOException("error: " + error(message));
      }
    }
  }

  SessionErrorDecoder nextError() throws IOException {
    SessionErrorDecoder e = new SessionErrorDecoder();
    e.wrapAndApplyHeader(next(SessionErrorDecoder.TEMPLATE_ID), 0, header);
    return e;
  }

  static String error(UnsafeBuffer message) {
    SessionErrorDecoder e = new SessionErrorDecoder();
    e.wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
    return e.code() + " " + e.text();
  }

  AcceptedDecoder accepted(UnsafeBuffer message) {
    AcceptedDecoder a = new AcceptedDecoder();
    a.wrapAndApplyHeader(message, 0, header);
    return a;
  }

  static byte[] bytes(UnsafeBuffer message) {
    return Arrays.copyOf(message.byteArray(), message.capacity());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
