package io.semnal.feed.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.session.ClientHandshake;
import io.semnal.protocol.session.MessageCheck;
import io.semnal.protocol.session.NonceSource;
import io.semnal.protocol.session.SessionWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.slf4j.LoggerFactory;

/**
 * A feed's session under any bytes, before and after its login, with a port that has no room at
 * times: the source's numbers rise, only instruments that the feed may quote pass, and no session
 * ends without a reason.
 */
class FeedFuzzTest {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.semnal.feed");

  @BeforeAll
  static void quiet() {
    LOGGER.setLevel(Level.ERROR);
  }

  /** Others of this process judge by what is logged. */
  @AfterAll
  static void asBefore() {
    LOGGER.setLevel(null);
  }

  /** First byte: bit 0 logs in, bits 1 to 6 how often the port has no room, bit 7 byte by byte. */
  @FuzzTest(maxDuration = "10m")
  void quotesOrAReason(byte[] input) {
    if (input.length == 0) {
      return;
    }
    FeedRig rig = new FeedRig(FeedRig.LIMITS);
    EmbeddedChannel channel = new EmbeddedChannel(new FeedSession(rig.listener));
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    if ((input[0] & 1) != 0) {
      login(channel, received);
      rig.port.refusePercent = input[0] >> 1 & 0x3F;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    int step = (input[0] & 0x80) != 0 ? 1 : Math.max(1, bytes.length / 2);
    for (int at = 0; at < bytes.length && channel.isOpen(); at += step) {
      channel.writeInbound(Unpooled.copiedBuffer(bytes, at, Math.min(step, bytes.length - at)));
      rig.listener.doWork();
    }
    rig.port.refusePercent = 0;
    rig.listener.doWork();
    judge(received(channel, received), channel.isOpen());
    List<CapturingPort.Taken> quotes = rig.port.quotes();
    long last = 0;
    for (CapturingPort.Taken quote : quotes) {
      // Numbers of refused quotes are used up, too.
      assertThat(quote.seq()).isGreaterThan(last);
      assertThat(quote.instrument()).isIn(1, 7);
      last = quote.seq();
    }
    channel.close();
    channel.finishAndReleaseAll();
  }

  private static void login(EmbeddedChannel channel, ByteArrayOutputStream received) {
    ClientHandshake handshake =
        new ClientHandshake(Role.FEED, FeedRig.LEAN, "fuzz", NonceSource.secure());
    UnsafeBuffer out = new UnsafeBuffer(new byte[2 * SessionWriter.MOST]);
    int length = handshake.hello(out, Framing.HEADER);
    send(channel, out, length);
    byte[] challenge = received(channel, received);
    length =
        handshake.onMessage(
            new UnsafeBuffer(challenge),
            Framing.HEADER,
            challenge.length - Framing.HEADER,
            out,
            Framing.HEADER);
    send(channel, out, length);
  }

  private static void send(EmbeddedChannel channel, UnsafeBuffer out, int length) {
    channel.writeInbound(
        Unpooled.copiedBuffer(out.byteArray(), 0, SessionWriter.frame(out, 0, length)));
  }

  private static byte[] received(EmbeddedChannel channel, ByteArrayOutputStream into) {
    channel.runPendingTasks();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      into.writeBytes(ByteBufUtil.getBytes(part));
      part.release();
    }
    return into.toByteArray();
  }

  private static void judge(byte[] received, boolean open) {
    ByteBuffer bytes = ByteBuffer.wrap(received);
    boolean ended = false;
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    while (bytes.hasRemaining()) {
      assertThat(ended).as("nothing after the reason").isFalse();
      byte[] message = new byte[bytes.getInt() - Framing.HEADER];
      assertThat(bytes.getShort() & 0xFFFF).isEqualTo(Framing.SBE_LITTLE_ENDIAN);
      bytes.get(message);
      UnsafeBuffer buffer = new UnsafeBuffer(message);
      assertThat(MessageCheck.check(buffer, 0, message.length)).isEqualTo(MessageCheck.OK);
      int template = MessageLayout.templateId(buffer, 0);
      if (template == SessionErrorDecoder.TEMPLATE_ID) {
        SessionErrorDecoder error = new SessionErrorDecoder().wrapAndApplyHeader(buffer, 0, header);
        assertThat(error.code()).isNotEqualTo(ErrorCode.INTERNAL);
        ended = error.fatal() == BooleanType.T;
      }
      ended |= template == RejectedDecoder.TEMPLATE_ID;
    }
    assertThat(ended || open).as("a reason before the end").isTrue();
  }
}
