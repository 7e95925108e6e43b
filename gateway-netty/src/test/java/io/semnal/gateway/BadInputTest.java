package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SubscribeEncoder;
import io.semnal.protocol.sbe.SubscribedDecoder;
import io.semnal.protocol.sbe.TimeSyncDecoder;
import io.semnal.protocol.sbe.TimeSyncEncoder;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BadInputTest {
  private static final int BARS = 4;
  private final Outbound outbound = new Outbound();
  private GatewayFixture gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = new GatewayFixture(new GatewayFixture.Settings());
    gateway.history.append(outbound.instrument(1, 1, "EURUSD", 5));
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static byte[] framed(byte[] message) {
    byte[] frame = new byte[Framing.HEADER + message.length];
    Framing.write(new UnsafeBuffer(frame), 0, message.length);
    System.arraycopy(message, 0, frame, Framing.HEADER, message.length);
    return frame;
  }

  private static byte[] subscribe() {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
    SubscribeEncoder e = new SubscribeEncoder();
    e.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).requestId(1);
    e.channels().clear().bars(true);
    e.instrumentsCount(0);
    e.timeframesCount(0);
    e.strategiesCount(0);
    return java.util.Arrays.copyOf(buffer.byteArray(), MessageLayout.HEADER + e.encodedLength());
  }

  private void expectRejection(TcpClient client, ErrorCode code) throws Exception {
    RejectedDecoder d = new RejectedDecoder();
    d.wrapAndApplyHeader(client.next(RejectedDecoder.TEMPLATE_ID), 0, new MessageHeaderDecoder());
    assertThat(d.code()).isEqualTo(code);
    assertThat(client.next()).isNull();
  }

  private void expectFatal(TcpClient client, ErrorCode code) throws Exception {
    SessionErrorDecoder error = client.nextError();
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.fatal()).isEqualTo(io.semnal.protocol.sbe.BooleanType.T);
    assertThat(client.next()).isNull();
  }

  @Test
  void closesOnABadFramingHeaderBeforeAndAfterLogin() throws Exception {
    byte[] noSbe = framed(subscribe());
    noSbe[4] = 0;
    try (TcpClient stranger = new TcpClient(gateway.tcpPort());
        TcpClient client = gateway.connect("all")) {
      stranger.sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      expectRejection(stranger, ErrorCode.FRAME_TOO_LARGE);
      client.sendRaw(noSbe);
      expectFatal(client, ErrorCode.MALFORMED);
    }
  }

  @Test
  void closesOnAnOversizedFrameWithoutReadingIt() throws Exception {
    try (TcpClient client = gateway.connect("all")) {
      client.sendRaw(new byte[] {0x00, 0x10, 0x00, 0x00});
      expectFatal(client, ErrorCode.FRAME_TOO_LARGE);
    }
    try (TcpClient client = gateway.connect("all")) {
      client.sendRaw(new byte[] {0x00, 0x00, 0x00, 0x05});
      expectFatal(client, ErrorCode.MALFORMED);
    }
  }

  @Test
  void readsFramesCutAtEveryByte() throws Exception {
    byte[] two = new byte[framed(subscribe()).length * 2];
    System.arraycopy(framed(subscribe()), 0, two, 0, two.length / 2);
    System.arraycopy(framed(subscribe()), 0, two, two.length / 2, two.length / 2);
    try (TcpClient client = gateway.connect("all")) {
      for (byte b : two) {
        client.sendRaw(new byte[] {b});
      }
      client.next(SubscribedDecoder.TEMPLATE_ID);
      client.next(SubscribedDecoder.TEMPLATE_ID);
    }
  }

  @Test
  void closesOnGroupsThatClaimMoreThanTheMessageHolds() throws Exception {
    byte[] message = subscribe();
    UnsafeBuffer buffer = new UnsafeBuffer(message);
    buffer.putShort(MessageLayout.HEADER + SubscribeEncoder.BLOCK_LENGTH + 2, (short) 5_000);
    try (TcpClient client = gateway.connect("all")) {
      client.sendRaw(framed(message));
      expectFatal(client, ErrorCode.MALFORMED);
    }
  }

  @Test
  void goesOnAfterATemplateThatItDoesNotKnow() throws Exception {
    byte[] message = subscribe();
    new UnsafeBuffer(message).putShort(2, (short) 999);
    try (TcpClient client = gateway.connect("all")) {
      client.sendRaw(framed(message));
      assertThat(client.nextError().code()).isEqualTo(ErrorCode.UNEXPECTED_MESSAGE);
      client.sendRaw(framed(outbound.bar(9, 1, 60)));
      assertThat(client.nextError().code()).isEqualTo(ErrorCode.UNEXPECTED_MESSAGE);
      client.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
    }
  }

  /** Whatever comes, the peer gets an answer or the end of the stream, and the next one service. */
  @Test
  void survivesRandomDamage() throws Exception {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      byte[] frame = framed(subscribe());
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        frame[Framing.HEADER + random.nextInt(frame.length - Framing.HEADER)] =
            (byte) random.nextInt();
      }
      try (TcpClient client = gateway.connect("all")) {
        client.sendRaw(frame);
        client.sendRaw(framed(timeSync()));
        UnsafeBuffer message = client.next();
        while (message != null
            && MessageLayout.templateId(message, 0) != TimeSyncDecoder.TEMPLATE_ID) {
          message = client.next();
        }
      }
    }
    try (TcpClient client = gateway.connect("all")) {
      client.subscribe(1, BARS).next(SubscribedDecoder.TEMPLATE_ID);
      gateway.publish(outbound.bar(2, 1, 60));
      assertThat(MessageLayout.outSeq(client.nextOutbound(), 0)).isEqualTo(2);
    }
  }

  private static byte[] timeSync() {
    UnsafeBuffer buffer =
        new UnsafeBuffer(new byte[MessageLayout.HEADER + TimeSyncEncoder.BLOCK_LENGTH]);
    TimeSyncEncoder e = new TimeSyncEncoder();
    e.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
        .clientSend(1)
        .serverReceive(0)
        .serverSend(0);
    return buffer.byteArray();
  }
}
