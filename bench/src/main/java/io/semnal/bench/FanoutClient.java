package io.semnal.bench;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SubscribeEncoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.NonceSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The cheapest WebSocket client that there can be: logs in, subscribes, and from then on only
 * counts frames. One thread for all of them.
 */
public final class FanoutClient {
  /** What a connection speaks. */
  public enum Mode {
    /** No session: counts from the upgrade on. */
    BARE,
    SBE,
    JSON
  }

  private static final int SIGNALS = 1;
  private static final int BARS = 4;
  private static final int MASKED = 0x80;
  private static final int PING = 9;
  private static final byte[] PONG = {(byte) 0x8A, (byte) MASKED, 0, 0, 0, 0};

  final SocketChannel socket;
  final Mode mode;
  final boolean stalls;
  SelectionKey selection;
  boolean open;
  boolean gone;

  /** Frames of text or bytes since the last slice began, once open. */
  int received;

  /** Their bytes, headers included. */
  long bytes;

  private final ClientHandshake handshake;
  private final ClientKey key;
  private ByteBuffer login = ByteBuffer.allocate(1 << 14);
  private boolean upgraded;
  private final byte[] head = new byte[10];
  private int headLength;
  private long left;
  private boolean data;

  FanoutClient(SocketChannel socket, Mode mode, ClientKey key, boolean stalls) {
    this.socket = socket;
    this.mode = mode;
    this.key = key;
    this.stalls = stalls;
    handshake =
        mode == Mode.BARE
            ? null
            : new ClientHandshake(Role.CLIENT, key, "bench", NonceSource.secure());
  }

  /** Connected: asks for the upgrade. */
  void begin() throws IOException {
    String protocol = mode == Mode.BARE ? "" : protocol();
    send(
        ("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                + protocol
                + "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  private String protocol() {
    return "Sec-WebSocket-Protocol: semnal." + (mode == Mode.SBE ? "sbe" : "json") + ".v1\r\n";
  }

  /**
   * Reads what is there.
   *
   * @return frames that became whole
   */
  int onReadable(ByteBuffer shared) throws IOException {
    shared.clear();
    int n = socket.read(shared);
    if (n < 0) {
      throw new EOFException("the server closed a connection");
    }
    shared.flip();
    if (open) {
      return count(shared);
    }
    login.put(shared);
    login.flip();
    while (!open && step()) {
      // On to the next frame.
    }
    if (open) {
      int counted = count(login);
      login = null;
      return counted;
    }
    login.compact();
    return 0;
  }

  private int count(ByteBuffer in) throws IOException {
    int counted = 0;
    while (in.hasRemaining()) {
      if (left > 0) {
        int n = (int) Math.min(left, in.remaining());
        in.position(in.position() + n);
        left -= n;
      } else {
        head[headLength++] = in.get();
        int length = headLength < 2 ? 0 : head[1] & 0x7F;
        int needed = length < 126 ? 2 : length == 126 ? 4 : 10;
        if (headLength < needed) {
          continue;
        }
        left = length < 126 ? length : length == 126 ? uint16() : uint64();
        data = (head[0] & 0x0F) <= 2;
        bytes += data ? needed + left : 0;
        if ((head[0] & 0x0F) == PING) {
          send(PONG);
        }
        headLength = 0;
      }
      if (left == 0 && headLength == 0 && data) {
        counted++;
        data = false;
      }
    }
    received += counted;
    return counted;
  }

  private long uint16() {
    return (head[2] & 0xFF) << 8 | head[3] & 0xFF;
  }

  private long uint64() {
    return ByteBuffer.wrap(head).getLong(2);
  }

  // Until it is subscribed

  /** Takes one answer from {@link #login}; {@code false} if it is not whole. */
  private boolean step() throws IOException {
    if (!upgraded) {
      String answer = new String(login.array(), 0, login.limit(), StandardCharsets.ISO_8859_1);
      int end = answer.indexOf("\r\n\r\n");
      if (end < 0) {
        return false;
      }
      if (!answer.startsWith("HTTP/1.1 101")) {
        throw new IOException(answer);
      }
      upgraded = true;
      login.position(end + 4);
      if (mode == Mode.BARE) {
        open = true;
      } else {
        hello();
      }
      return true;
    }
    if (login.remaining() < 4) {
      return false;
    }
    int at = login.position();
    int length = login.get(at + 1) & 0x7F;
    int header = length < 126 ? 2 : 4;
    length = length < 126 ? length : login.getShort(at + 2) & 0xFFFF;
    if (login.remaining() < header + length) {
      return false;
    }
    login.position(at + header + length);
    onFrame(login.array(), at + header, length);
    return true;
  }

  private void hello() throws IOException {
    if (mode == Mode.SBE) {
      UnsafeBuffer out = new UnsafeBuffer(new byte[512]);
      frame(2, out.byteArray(), handshake.hello(out, 0));
    } else {
      text(
          "{\"type\":\"hello\",\"versionMin\":1,\"versionMax\":1,\"role\":\"client\",\"keyId\":\""
              + key.id()
              + "\",\"clientNonce\":\""
              + HexFormat.of().formatHex(handshake.begin())
              + "\",\"clientName\":\"bench\"}");
    }
  }

  private void onFrame(byte[] bytesIn, int offset, int length) throws IOException {
    if (mode == Mode.SBE) {
      UnsafeBuffer in = new UnsafeBuffer(bytesIn, offset, length);
      if (handshake.state() != ClientHandshake.State.OPEN) {
        UnsafeBuffer out = new UnsafeBuffer(new byte[512]);
        int reply = handshake.onMessage(in, 0, length, out, 0);
        if (reply > 0) {
          frame(2, out.byteArray(), reply);
        }
        if (handshake.state() == ClientHandshake.State.OPEN) {
          subscribe();
        } else if (handshake.state() != ClientHandshake.State.AWAIT_ANSWER) {
          throw new IOException("login refused: " + handshake.rejectText());
        }
      } else if (MessageLayout.templateId(in, 0) == SubscribedDecoder.TEMPLATE_ID) {
        open = true;
      }
      return;
    }
    String json = new String(bytesIn, offset, length, StandardCharsets.UTF_8);
    if (json.startsWith("{\"type\":\"challenge\"")) {
      String nonce = json.substring(json.indexOf("\"serverNonce\":\"") + 15);
      byte[] proof =
          handshake.onChallenge(1, HexFormat.of().parseHex(nonce.substring(0, nonce.indexOf('"'))));
      text("{\"type\":\"authenticate\",\"proof\":\"" + HexFormat.of().formatHex(proof) + "\"}");
    } else if (json.startsWith("{\"type\":\"accepted\"")) {
      text("{\"type\":\"subscribe\",\"requestId\":1,\"channels\":[\"signals\"]}");
    } else if (json.startsWith("{\"type\":\"subscribed\"")) {
      open = true;
    } else if (json.startsWith("{\"type\":\"rejected\"")) {
      throw new IOException(json);
    }
  }

  private void subscribe() throws IOException {
    UnsafeBuffer out = new UnsafeBuffer(new byte[128]);
    SubscribeEncoder e = new SubscribeEncoder();
    e.wrapAndApplyHeader(out, 0, new MessageHeaderEncoder())
        .requestId(1)
        .resume(BooleanType.F)
        .snapshot(BooleanType.F)
        .features(BooleanType.F);
    out.putShort(
        MessageLayout.HEADER + SubscribeEncoder.channelsEncodingOffset(),
        (short) (stalls ? SIGNALS | BARS : SIGNALS),
        ByteOrder.LITTLE_ENDIAN);
    e.instrumentsCount(0);
    e.timeframesCount(0);
    e.strategiesCount(0);
    frame(2, out.byteArray(), MessageLayout.HEADER + e.encodedLength());
  }

  private void text(String json) throws IOException {
    byte[] payload = json.getBytes(StandardCharsets.UTF_8);
    frame(1, payload, payload.length);
  }

  /** Masked with zeros, which leave the payload as it is. */
  private void frame(int opcode, byte[] payload, int length) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(length + 8);
    out.put((byte) (MASKED | opcode));
    if (length < 126) {
      out.put((byte) (MASKED | length));
    } else {
      out.put((byte) (MASKED | 126)).putShort((short) length);
    }
    out.putInt(0).put(payload, 0, length);
    send(java.util.Arrays.copyOf(out.array(), out.position()));
  }

  private void send(byte[] message) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(message);
    while (out.hasRemaining()) {
      socket.write(out);
    }
  }
}
