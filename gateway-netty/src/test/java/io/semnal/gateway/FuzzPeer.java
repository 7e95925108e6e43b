package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.semnal.protocol.Framing;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.SessionWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** A client of an {@link EmbeddedGateway} that sends whatever bytes it likes. */
final class FuzzPeer {
  private static final byte[] SERVER_NONCE = new byte[32];

  static {
    Arrays.fill(SERVER_NONCE, EmbeddedGateway.SERVER_NONCE);
  }

  private final Encoding encoding;
  private final EmbeddedChannel channel;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  FuzzPeer(EmbeddedGateway gateway, Encoding encoding) {
    this.encoding = encoding;
    channel =
        new EmbeddedChannel(
            encoding == Encoding.SBE_TCP
                ? SessionInitializer.tcp(ignored -> gateway.hub)
                : SessionInitializer.webSocket(gateway.hub, gateway.rest(() -> 0)));
  }

  /** The upgrade, where the encoding is WebSocket's. */
  FuzzPeer upgrade() {
    if (encoding != Encoding.SBE_TCP) {
      raw(upgradeRequest(encoding).getBytes(StandardCharsets.US_ASCII));
    }
    return this;
  }

  static String upgradeRequest(Encoding encoding) {
    return "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Protocol: "
        + (encoding == Encoding.SBE_WEBSOCKET
            ? UpgradeGuard.SBE_PROTOCOL
            : UpgradeGuard.JSON_PROTOCOL)
        + "\r\n\r\n";
  }

  /** The nonces are constants, so that all of a login can be said without listening. */
  FuzzPeer login(String keyId) {
    ClientHandshake handshake =
        new ClientHandshake(
            Role.CLIENT,
            new ClientKey(keyId, EmbeddedGateway.key(keyId).secret()),
            "fuzz",
            EmbeddedGateway.clientNonces());
    if (encoding == Encoding.JSON_WEBSOCKET) {
      String nonce = HexFormat.of().formatHex(handshake.begin());
      send(
          ("{\"type\":\"hello\",\"versionMin\":1,\"versionMax\":1,\"keyId\":\"%s\","
                  + "\"clientNonce\":\"%s\"}")
              .formatted(keyId, nonce)
              .getBytes(StandardCharsets.UTF_8));
      String proof = HexFormat.of().formatHex(handshake.onChallenge(1, SERVER_NONCE));
      send(
          "{\"type\":\"authenticate\",\"proof\":\"%s\"}"
              .formatted(proof)
              .getBytes(StandardCharsets.UTF_8));
      return this;
    }
    UnsafeBuffer out = new UnsafeBuffer(new byte[SessionWriter.MOST]);
    send(Arrays.copyOf(out.byteArray(), handshake.hello(out, 0)));
    UnsafeBuffer challenge = new UnsafeBuffer(new byte[SessionWriter.MOST]);
    int length = new SessionWriter().challenge(challenge, 0, 1, SERVER_NONCE);
    int answer = handshake.onMessage(challenge, 0, length, out, 0);
    send(Arrays.copyOf(out.byteArray(), answer));
    return this;
  }

  /** One message, in the encoding's frame. */
  void send(byte[] message) {
    raw(frame(encoding, message));
  }

  static byte[] frame(Encoding encoding, byte[] message) {
    if (encoding == Encoding.SBE_TCP) {
      byte[] frame = new byte[Framing.HEADER + message.length];
      Framing.write(new UnsafeBuffer(frame), 0, message.length);
      System.arraycopy(message, 0, frame, Framing.HEADER, message.length);
      return frame;
    }
    return webSocketFrame(0x80 | (encoding == Encoding.SBE_WEBSOCKET ? 2 : 1), message);
  }

  /** Masked, by a mask of zeros. */
  static byte[] webSocketFrame(int first, byte[] message) {
    ByteBuf frame = Unpooled.buffer();
    frame.writeByte(first);
    if (message.length < 126) {
      frame.writeByte(0x80 | message.length);
    } else {
      frame.writeByte(0x80 | 126).writeShort(message.length);
    }
    frame.writeInt(0).writeBytes(message);
    return ByteBufUtil.getBytes(frame);
  }

  /** Everything that was said while the connection stood. */
  byte[] said() {
    return said.toByteArray();
  }

  /** Whether a WebSocket close frame was among it, where a frame can begin. */
  boolean saidClose() {
    byte[] bytes = said();
    for (int i = 2; i < bytes.length; i++) {
      boolean headEnds =
          bytes[i] == '\n'
              && (bytes[i - 1] == '\n' || bytes[i - 1] == '\r' && bytes[i - 2] == '\n');
      if (headEnds && hasClose(ByteBuffer.wrap(bytes, i + 1, bytes.length - i - 1))) {
        return true;
      }
    }
    return false;
  }

  /** Up to the first frame that no server reads on from: not masked, or with a reserved bit. */
  private static boolean hasClose(ByteBuffer frames) {
    while (frames.remaining() >= 2) {
      int first = frames.get() & 0xFF;
      int second = frames.get() & 0xFF;
      if ((first & 0x70) != 0 || (second & 0x80) == 0) {
        return false;
      }
      if ((first & 0x0F) == 8) {
        return true;
      }
      int extended = (second & 0x7F) == 127 ? 8 : (second & 0x7F) == 126 ? 2 : 0;
      if (frames.remaining() < extended) {
        return false;
      }
      long length =
          extended == 8
              ? frames.getLong()
              : extended == 2 ? frames.getShort() & 0xFFFF : second & 0x7F;
      if (length < 0 || length > frames.remaining() - 4) {
        return false;
      }
      frames.position(frames.position() + 4 + (int) length);
    }
    return false;
  }

  void raw(byte[] bytes) {
    if (channel.isOpen()) {
      said.writeBytes(bytes);
      channel.writeInbound(Unpooled.wrappedBuffer(bytes));
      collect();
    }
  }

  /** Whether the connection takes what the server writes. */
  void writable(boolean yes) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (buffer != null) {
      buffer.setUserDefinedWritability(1, yes);
      channel.runPendingTasks();
    }
  }

  /** So much time passes on the connection's own timers. */
  void time(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    collect();
  }

  private void collect() {
    channel.runPendingTasks();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      received.writeBytes(ByteBufUtil.getBytes(part));
      part.release();
    }
  }

  boolean isOpen() {
    collect();
    return channel.isOpen();
  }

  /** Everything that the server sent so far. */
  byte[] received() {
    collect();
    return received.toByteArray();
  }

  /** Goes away. */
  void close() {
    channel.close();
    channel.finishAndReleaseAll();
    assertThat(channel.isOpen()).isFalse();
  }
}
