package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.protocol.Channel;
import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ChallengeDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.ReplayBeginDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SnapshotBeginDecoder;
import io.semnal.protocol.sbe.SnapshotEndDecoder;
import io.semnal.protocol.sbe.ViewerQuoteDecoder;
import io.semnal.protocol.session.MessageCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Holds every byte that a server sent on one connection against what the protocol promises: whole
 * frames that decode; nothing but challenge and refusal before the login; a key sees its
 * instruments alone; the stream's numbers rise; nothing follows the end; and no connection ends
 * without a reason.
 */
final class FuzzVerdict {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLOSE = 0x88;

  /** A message in either encoding. */
  private record Told(String type, long outSeq, String instrument, boolean fatal) {}

  private final String onlyInstrument;
  private final boolean mayHangUp;
  private boolean loggedIn;
  private boolean over;
  private boolean inSnapshot;
  private long lastOutSeq;

  /**
   * @param onlyInstrument the one that the key may read; {@code null} = all
   * @param mayHangUp whether the peer has sent a WebSocket close frame, to which, if it is
   *     malformed, RFC 6455 wants no other
   */
  FuzzVerdict(String onlyInstrument, boolean mayHangUp) {
    this.onlyInstrument = onlyInstrument;
    this.mayHangUp = mayHangUp;
  }

  /** SBE over TCP. */
  void onTcp(byte[] received, boolean closed) {
    ByteBuffer bytes = ByteBuffer.wrap(received);
    while (bytes.hasRemaining()) {
      byte[] message = new byte[bytes.getInt() - Framing.HEADER];
      assertThat(bytes.getShort() & 0xFFFF).isEqualTo(Framing.SBE_LITTLE_ENDIAN);
      bytes.get(message);
      tell(sbe(message));
    }
    assertThat(over || !closed).as("a reason before the end").isTrue();
  }

  /** HTTP answers, and WebSocket frames after an upgrade. */
  void onHttp(byte[] received, boolean sbe, boolean closed) throws IOException {
    String text = new String(received, StandardCharsets.ISO_8859_1);
    int at = 0;
    boolean answered = false;
    while (at < received.length) {
      int end = text.indexOf("\r\n\r\n", at) + 4;
      assertThat(end).as("a whole head").isGreaterThan(3);
      String head = text.substring(at, end);
      int status = Integer.parseInt(head.substring(9, 12));
      assertThat(status).as(head).isBetween(100, 499);
      if (status == 101) {
        onFrames(ByteBuffer.wrap(received, end, received.length - end), sbe, closed);
        return;
      }
      answered = true;
      at = end + contentLength(head);
    }
    assertThat(at).as("bodies are whole").isEqualTo(received.length);
    assertThat(answered || !closed).as("an answer before the end").isTrue();
  }

  private static int contentLength(String head) {
    for (String line : head.split("\r\n")) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(15).trim());
      }
    }
    return 0;
  }

  private void onFrames(ByteBuffer bytes, boolean sbe, boolean closed) throws IOException {
    boolean ended = false;
    while (bytes.hasRemaining()) {
      assertThat(ended).as("nothing after the close frame").isFalse();
      int first = bytes.get() & 0xFF;
      int length = bytes.get() & 0xFF;
      assertThat(length).as("a server does not mask").isLessThan(127);
      byte[] payload = new byte[length == 126 ? bytes.getShort() & 0xFFFF : length];
      bytes.get(payload);
      switch (first) {
        case 0x82 -> {
          assertThat(sbe).isTrue();
          tell(sbe(payload));
        }
        case 0x81 -> {
          assertThat(sbe).isFalse();
          tell(json(payload));
        }
        case CLOSE -> ended = true;
        default -> assertThat(first).as("ping or pong").isIn(0x89, 0x8A);
      }
    }
    assertThat(ended || !closed || mayHangUp).as("a close frame before the end").isTrue();
  }

  private void tell(Told told) {
    assertThat(over).as("nothing after the end: %s", told).isFalse();
    if (!loggedIn) {
      assertThat(told.type).isIn("challenge", "accepted", "rejected");
      loggedIn = told.type.equals("accepted");
      over = told.type.equals("rejected");
      return;
    }
    over = told.fatal;
    if (onlyInstrument != null && told.instrument != null) {
      assertThat(told.instrument).as(told.type).isEqualTo(onlyInstrument);
    }
    switch (told.type) {
      case "snapshotBegin" -> inSnapshot = true;
      case "snapshotEnd" -> inSnapshot = false;
      case "replayBegin" -> lastOutSeq = told.outSeq;
      default -> inOrder(told);
    }
  }

  /** Definitions are repeated at the login; conflated scores have no place in the stream. */
  private void inOrder(Told told) {
    boolean stream =
        told.outSeq > 0
            && !inSnapshot
            && !told.type.equals("score")
            && !told.type.endsWith("Definition");
    if (stream) {
      assertThat(told.outSeq).as("the stream's order: %s", told).isGreaterThan(lastOutSeq);
      lastOutSeq = told.outSeq;
    }
  }

  private static Told json(byte[] text) throws IOException {
    JsonNode node = JSON.readTree(text);
    assertThat(text)
        .as("UTF-8")
        .isEqualTo(new String(text, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
    String from = node.path("type").asText().equals("replayBegin") ? "fromOutSeq" : "outSeq";
    String instrument = node.path("instrument").asText(null);
    return new Told(
        node.get("type").asText(),
        node.path(from).asLong(0),
        instrument,
        node.path("fatal").asBoolean(false) || node.path("type").asText().equals("shutdown"));
  }

  private static Told sbe(byte[] bytes) {
    UnsafeBuffer message = new UnsafeBuffer(bytes);
    assertThat(MessageCheck.check(message, 0, bytes.length)).isEqualTo(MessageCheck.OK);
    int template = MessageLayout.templateId(message, 0);
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    boolean outbound = MessageLayout.isOutbound(template);
    long outSeq = outbound ? MessageLayout.outSeq(message, 0) : 0;
    int instrument = outbound ? MessageLayout.instrumentId(message, 0) : 0;
    boolean fatal = false;
    String type = "other";
    switch (template) {
      case ChallengeDecoder.TEMPLATE_ID -> type = "challenge";
      case AcceptedDecoder.TEMPLATE_ID -> type = "accepted";
      case RejectedDecoder.TEMPLATE_ID -> type = "rejected";
      case SnapshotBeginDecoder.TEMPLATE_ID -> type = "snapshotBegin";
      case SnapshotEndDecoder.TEMPLATE_ID -> type = "snapshotEnd";
      case ScoreDecoder.TEMPLATE_ID -> type = "score";
      case InstrumentDefinitionDecoder.TEMPLATE_ID -> type = "instrumentDefinition";
      case ReplayBeginDecoder.TEMPLATE_ID -> {
        type = "replayBegin";
        outSeq = new ReplayBeginDecoder().wrapAndApplyHeader(message, 0, header).fromOutSeq();
      }
      case SessionErrorDecoder.TEMPLATE_ID -> {
        SessionErrorDecoder error = new SessionErrorDecoder();
        fatal = error.wrapAndApplyHeader(message, 0, header).fatal() == BooleanType.T;
      }
      case ViewerQuoteDecoder.TEMPLATE_ID ->
          instrument =
              new ViewerQuoteDecoder().wrapAndApplyHeader(message, 0, header).instrumentId();
      default -> type = Channel.of(template) == Channel.DEFINITIONS ? "otherDefinition" : "other";
    }
    return new Told(type, outSeq, instrument == 0 ? null : instrument == 1 ? "EURUSD" : "?", fatal);
  }
}
