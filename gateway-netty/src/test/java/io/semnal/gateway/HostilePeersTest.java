package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ChallengeDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HeartbeatEncoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SlowWarningDecoder;
import io.semnal.protocol.sbe.SubscribeEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What peers that mean no good get, to the byte; time passes when the test says so. */
class HostilePeersTest {
  private static final String REQUEST = "{\"type\":\"timeSync\",\"clientSend\":\"7\"}";
  private static final int TEXT = 1;
  private static final int CONTINUATION = 0;
  private static final int LAST = 0x80;
  private static final int RSV1 = 0x40;
  private static final RuntimeConfig.Gateway.Limits NO_LIMITS = limits(0, 0);

  private EmbeddedGateway gateway = new EmbeddedGateway(NO_LIMITS);

  @AfterEach
  void everyPlaceIsGivenBack() {
    gateway.close();
    assertThat(gateway.hub.sessionCount()).isZero();
    assertThat(gateway.context.sessionRows()).isEmpty();
  }

  private static RuntimeConfig.Gateway.Limits limits(int connections, int logins) {
    return new RuntimeConfig.Gateway.Limits(
        connections, logins, 0, 0, Duration.ZERO, Duration.ZERO);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private FuzzPeer json() {
    return new FuzzPeer(gateway, Encoding.JSON_WEBSOCKET).upgrade().login("all");
  }

  /** The SBE messages in what came over TCP. */
  private static List<UnsafeBuffer> messages(FuzzPeer peer) {
    List<UnsafeBuffer> messages = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(peer.received());
    while (bytes.hasRemaining()) {
      byte[] message = new byte[bytes.getInt() - Framing.HEADER];
      bytes.getShort();
      bytes.get(message);
      messages.add(new UnsafeBuffer(message));
    }
    return messages;
  }

  private static int template(UnsafeBuffer message) {
    return MessageLayout.templateId(message, 0);
  }

  private static RejectedDecoder rejection(FuzzPeer peer) {
    RejectedDecoder rejected = new RejectedDecoder();
    rejected.wrapAndApplyHeader(messages(peer).getLast(), 0, new MessageHeaderDecoder());
    return rejected;
  }

  /** The close frame is the last of what came. */
  private static void closedWith(FuzzPeer peer, int code) {
    assertThat(peer.isOpen()).isFalse();
    ByteBuffer frames = frames(peer);
    int first = 0;
    while (frames.hasRemaining()) {
      assertThat(first).isNotEqualTo(0x88);
      first = frames.get() & 0xFF;
      int length = frames.get();
      byte[] payload = new byte[length == 126 ? frames.getShort() & 0xFFFF : length];
      frames.get(payload);
      if (first == 0x88) {
        assertThat(ByteBuffer.wrap(payload).getShort() & 0xFFFF).isEqualTo(code);
      }
    }
    assertThat(first).isEqualTo(0x88);
  }

  /** What came after the upgrade. */
  private static ByteBuffer frames(FuzzPeer peer) {
    int head = text(peer.received()).indexOf("\r\n\r\n") + 4;
    return ByteBuffer.wrap(peer.received(), head, peer.received().length - head);
  }

  private static byte[] subscribe(int timeframes) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[4_096]);
    SubscribeEncoder e = new SubscribeEncoder();
    e.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).requestId(1);
    e.channels().clear().bars(true);
    e.instrumentsCount(0);
    SubscribeEncoder.TimeframesEncoder group = e.timeframesCount(timeframes);
    for (int i = 0; i < timeframes; i++) {
      group.next().seconds(60);
    }
    e.strategiesCount(0);
    return Arrays.copyOf(buffer.byteArray(), MessageLayout.HEADER + e.encodedLength());
  }

  private static byte[] heartbeat() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
    HeartbeatEncoder e = new HeartbeatEncoder();
    e.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).epoch(0).headOutSeq(0).time(0);
    return Arrays.copyOf(buffer.byteArray(), MessageLayout.HEADER + e.encodedLength());
  }

  // Compression

  /** A megabyte in a kilobyte. */
  private static byte[] bomb(boolean raw) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, raw);
    deflater.setInput(new byte[1 << 20]);
    deflater.finish();
    byte[] packed = new byte[2_048];
    int length = deflater.deflate(packed);
    assertThat(deflater.finished()).isTrue();
    deflater.end();
    assertThat(length).isLessThan(1_050);
    return Arrays.copyOf(packed, length);
  }

  @Test
  void compressionIsNotAgreedToAndACompressedFrameEndsTheConnection() {
    FuzzPeer peer = new FuzzPeer(gateway, Encoding.JSON_WEBSOCKET);
    String offer = "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=15\r\n";
    String upgrade = FuzzPeer.upgradeRequest(Encoding.JSON_WEBSOCKET);
    peer.raw(ascii(upgrade.replace("\r\n\r\n", "\r\n" + offer + "\r\n")));
    assertThat(text(peer.received()))
        .startsWith("HTTP/1.1 101 ")
        .doesNotContainIgnoringCase("extensions");
    peer.login("all");
    peer.raw(FuzzPeer.webSocketFrame(LAST | RSV1 | TEXT, bomb(true)));
    closedWith(peer, 1002);
  }

  @Test
  void compressedBodiesAreRefusedAsTheyAre() {
    for (String coding : List.of("gzip", "deflate", "br")) {
      FuzzPeer peer = new FuzzPeer(gateway, Encoding.JSON_WEBSOCKET);
      byte[] body = Arrays.copyOf(bomb(false), 1_024);
      String head =
          "GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\nContent-Encoding: %s\r\n"
              + "Content-Length: %d\r\nConnection: close\r\n\r\n";
      peer.raw(ascii(head.formatted(coding, body.length)));
      peer.raw(body);
      assertThat(text(peer.received()))
          .as(coding)
          .startsWith("HTTP/1.1 415 ")
          .contains("UNSUPPORTED_MEDIA_TYPE", "bodies are not compressed");
      assertThat(peer.isOpen()).isFalse();
    }
  }

  // Slowness

  /** Each byte is a sign of life, and none gives more time. */
  @Test
  void aLoginThatTricklesInIsTimedOut() {
    FuzzPeer peer = new FuzzPeer(gateway, Encoding.SBE_TCP);
    byte[] hello = conversation(Encoding.SBE_TCP);
    for (int i = 0; i < 50; i++) {
      peer.raw(new byte[] {hello[i]});
    }
    assertThat(peer.isOpen()).isTrue();
    assertThat(peer.received()).isEmpty();
    gateway.time(1);
    assertThat(peer.isOpen()).isFalse();
    assertThat(messages(peer)).hasSize(1);
    assertThat(rejection(peer).code()).isEqualTo(ErrorCode.TIMEOUT);
    assertThat(rejection(peer).text()).isEqualTo("login took longer than 5 s");
  }

  @Test
  void anUpgradeWithoutALoginIsTimedOut() {
    FuzzPeer peer = new FuzzPeer(gateway, Encoding.JSON_WEBSOCKET).upgrade();
    peer.raw(new byte[] {(byte) (LAST | TEXT)});
    gateway.time(1);
    assertThat(text(peer.received()))
        .contains("\"type\":\"rejected\"", "\"code\":\"TIMEOUT\"", "login took longer than 5 s");
    closedWith(peer, 1008);
  }

  @Test
  void headersAndBodiesThatTrickleInAreNotWaitedFor() {
    String body = "POST /api/v1/timeframes HTTP/1.1\r\nContent-Length: 9\r\n\r\n";
    for (String start : List.of("", "GET /ws HTTP/1.1\r\nHost: x\r\n", body)) {
      FuzzPeer peer = new FuzzPeer(gateway, Encoding.JSON_WEBSOCKET);
      peer.raw(ascii(start));
      for (int second = 0; second < 5; second++) {
        assertThat(peer.isOpen()).as(start).isTrue();
        peer.raw(ascii("x"));
        peer.time(1);
      }
      assertThat(peer.isOpen()).as(start).isFalse();
      assertThat(peer.received()).as(start).isEmpty();
    }
  }

  @Test
  void aClientThatTakesNothingForThreeHeartbeatsIsWarnedThenClosed() {
    FuzzPeer peer = new FuzzPeer(gateway, Encoding.SBE_TCP).login("all");
    peer.send(subscribe(0));
    peer.writable(false);
    for (int interval = 0; interval < 4; interval++) {
      assertThat(peer.isOpen()).as("after %d intervals", interval).isTrue();
      peer.send(heartbeat());
      gateway.time(1);
    }
    assertThat(peer.isOpen()).isFalse();
    List<UnsafeBuffer> told = messages(peer);
    assertThat(told.stream().filter(m -> template(m) == SlowWarningDecoder.TEMPLATE_ID)).hasSize(1);
    SessionErrorDecoder error = new SessionErrorDecoder();
    error.wrapAndApplyHeader(told.getLast(), 0, new MessageHeaderDecoder());
    assertThat(error.code()).isEqualTo(ErrorCode.SLOW_CONSUMER);
    assertThat(error.fatal()).isEqualTo(BooleanType.T);
    assertThat(error.text()).contains("it took nothing for 3 heartbeat intervals");
  }

  // Many

  /** 40 connections at a time and 10 logins a second: so many get in, and no more. */
  @Test
  void ofAHundredConnectionsInASecondAsManyGetInAsTheLimitsSay() {
    gateway = new EmbeddedGateway(limits(41, 10));
    FuzzPeer before = new FuzzPeer(gateway, Encoding.SBE_TCP).login("all");
    before.send(subscribe(0));
    List<FuzzPeer> crowd = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      crowd.add(new FuzzPeer(gateway, Encoding.SBE_TCP));
    }
    for (FuzzPeer late : crowd.subList(40, 100)) {
      assertThat(late.isOpen()).isFalse();
      assertThat(rejection(late).code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
      assertThat(rejection(late).text()).isEqualTo("too many connections from this address");
    }
    // From here the clock stands: the bucket is full again, and is not refilled.
    gateway.hub.doWork(gateway.hub.now() + Duration.ofSeconds(4).toNanos());
    crowd.subList(0, 40).forEach(peer -> peer.login("all"));
    for (int i = 0; i < 40; i++) {
      FuzzPeer peer = crowd.get(i);
      assertThat(peer.isOpen()).as("%d", i).isEqualTo(i < 10);
      if (i < 10) {
        assertThat(messages(peer).stream().map(HostilePeersTest::template))
            .startsWith(ChallengeDecoder.TEMPLATE_ID, AcceptedDecoder.TEMPLATE_ID);
      } else {
        assertThat(rejection(peer).code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
        assertThat(rejection(peer).text()).isEqualTo("too many logins from this address");
      }
    }
    gateway.publish();
    gateway.publish();
    gateway.publish();
    gateway.turn();
    assertThat(template(messages(before).getLast())).isEqualTo(BarDecoder.TEMPLATE_ID);
    before.close();
    crowd.forEach(FuzzPeer::close);
  }

  // Pieces

  /** Everything that a client says, in two pieces, wherever the cut is; of FIX, module fix does. */
  @Test
  void bytesCutAnywhereMeanTheSame() {
    for (Encoding encoding :
        List.of(Encoding.SBE_TCP, Encoding.SBE_WEBSOCKET, Encoding.JSON_WEBSOCKET)) {
      byte[] whole = conversation(encoding);
      byte[] answer = answer(encoding, whole, whole.length);
      assertThat(answer.length).isGreaterThan(500);
      for (int cut = 1; cut < whole.length; cut++) {
        assertThat(answer(encoding, whole, cut)).as("%s at %d", encoding, cut).isEqualTo(answer);
      }
    }
  }

  private byte[] answer(Encoding encoding, byte[] whole, int cut) {
    gateway = new EmbeddedGateway(NO_LIMITS);
    FuzzPeer peer = new FuzzPeer(gateway, encoding);
    // A WebSocket client waits for the answer to its upgrade.
    int upgrade = encoding == Encoding.SBE_TCP ? 0 : FuzzPeer.upgradeRequest(encoding).length();
    int first = Math.min(cut, upgrade);
    int second = Math.max(cut, upgrade);
    peer.raw(Arrays.copyOf(whole, first));
    peer.raw(Arrays.copyOfRange(whole, first, upgrade));
    peer.raw(Arrays.copyOfRange(whole, upgrade, second));
    peer.raw(Arrays.copyOfRange(whole, second, whole.length));
    gateway.publish();
    gateway.turn();
    assertThat(peer.isOpen()).isTrue();
    byte[] received = peer.received();
    peer.close();
    everyPlaceIsGivenBack();
    return received;
  }

  /** Upgrade, login and a subscription with a resume. */
  private byte[] conversation(Encoding encoding) {
    FuzzPeer peer = new FuzzPeer(gateway, encoding);
    peer.upgrade().login("all");
    peer.send(
        encoding == Encoding.JSON_WEBSOCKET
            ? ascii("{\"type\":\"subscribe\",\"channels\":[\"bars\"],\"resume\":\"1:38\"}")
            : subscribe(2));
    peer.close();
    return peer.said();
  }

  @Test
  void aMessageInFragmentsCutAnywhereMeansTheSame() {
    byte[] request = ascii(REQUEST);
    for (int cut = 0; cut <= request.length; cut++) {
      FuzzPeer peer = json();
      int before = peer.received().length;
      peer.raw(FuzzPeer.webSocketFrame(TEXT, Arrays.copyOf(request, cut)));
      // A ping may stand between fragments.
      peer.raw(FuzzPeer.webSocketFrame(LAST | 9, ascii("p")));
      peer.raw(
          FuzzPeer.webSocketFrame(
              LAST | CONTINUATION, Arrays.copyOfRange(request, cut, request.length)));
      String told = text(peer.received()).substring(before);
      assertThat(told).as("cut at %d", cut).startsWith("\u008a\u0001p\u0081");
      assertThat(told).contains("\"type\":\"timeSync\"", "\"clientSend\":\"7\"");
      assertThat(peer.isOpen()).isTrue();
      peer.close();
    }
  }

  /** None of them is too long; what they make is. */
  @Test
  void fragmentsThatMakeTooLongAMessageEndTheConnection() {
    FuzzPeer peer = json();
    byte[] most = new byte[EmbeddedGateway.MAX_FRAME];
    Arrays.fill(most, (byte) ' ');
    peer.raw(FuzzPeer.webSocketFrame(TEXT, most));
    assertThat(peer.isOpen()).isTrue();
    peer.raw(FuzzPeer.webSocketFrame(CONTINUATION, ascii(" ")));
    assertThat(text(peer.received())).contains("FRAME_TOO_LARGE", "longer than 2048 bytes");
    closedWith(peer, 1009);
  }

  @Test
  void aContinuationOfNothingEndsTheConnection() {
    FuzzPeer peer = json();
    peer.raw(FuzzPeer.webSocketFrame(LAST | CONTINUATION, ascii(REQUEST)));
    closedWith(peer, 1002);
  }

  @Test
  void framesThatAreTooLongEndTheConnectionBeforeTheyAreRead() {
    FuzzPeer tcp = new FuzzPeer(gateway, Encoding.SBE_TCP).login("all");
    tcp.raw(new byte[] {0x7F, 0, 0, 0, (byte) 0xEB, 0x50});
    SessionErrorDecoder error = new SessionErrorDecoder();
    error.wrapAndApplyHeader(messages(tcp).getLast(), 0, new MessageHeaderDecoder());
    assertThat(error.code()).isEqualTo(ErrorCode.FRAME_TOO_LARGE);
    assertThat(error.fatal()).isEqualTo(BooleanType.T);
    assertThat(tcp.isOpen()).isFalse();
    FuzzPeer ws = json();
    // Its length alone, of 64 bits, and the mask.
    ws.raw(ByteBuffer.allocate(14).putShort((short) 0x81FF).putLong(1L << 40).putInt(0).array());
    closedWith(ws, 1009);
  }
}
