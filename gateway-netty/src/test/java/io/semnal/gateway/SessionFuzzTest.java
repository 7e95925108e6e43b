package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.slf4j.LoggerFactory;

/**
 * The session state machine on the server's side, driven through the handlers of a real connection:
 * the first byte chooses a key, then come steps, each one byte and what belongs to it: a message, a
 * message byte by byte, bytes that are no frame, something published, a quote, a turn of the loop,
 * a connection that takes nothing, time.
 */
class SessionFuzzTest {
  private static final List<String> KEYS = List.of("", "all", "euro", "admin", "signals");
  private static final ListAppender<ILoggingEvent> ERRORS = errors();

  private static ListAppender<ILoggingEvent> errors() {
    ListAppender<ILoggingEvent> errors = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger("io.semnal.gateway");
    logger.setLevel(Level.ERROR);
    logger.addAppender(errors);
    errors.start();
    return errors;
  }

  /** Others of this process judge by what is logged. */
  @AfterAll
  static void asBefore() {
    Logger logger = (Logger) LoggerFactory.getLogger("io.semnal.gateway");
    logger.setLevel(null);
    logger.detachAppender(ERRORS);
  }

  @FuzzTest(maxDuration = "10m")
  void sbeOverTcp(byte[] input) throws IOException {
    run(input, Encoding.SBE_TCP);
  }

  @FuzzTest(maxDuration = "10m")
  void sbeOverWebSocket(byte[] input) throws IOException {
    run(input, Encoding.SBE_WEBSOCKET);
  }

  @FuzzTest(maxDuration = "10m")
  void jsonOverWebSocket(byte[] input) throws IOException {
    run(input, Encoding.JSON_WEBSOCKET);
  }

  /** Bytes from the very first one: HTTP requests, upgrades, WebSocket frames of all kinds. */
  @FuzzTest(maxDuration = "10m")
  void httpAndWebSocketFrames(byte[] input) throws IOException {
    ERRORS.list.clear();
    EmbeddedGateway gateway = new EmbeddedGateway();
    FuzzPeer peer = new FuzzPeer(gateway, Encoding.JSON_WEBSOCKET);
    peer.raw(input);
    boolean sbe =
        new String(peer.received(), java.nio.charset.StandardCharsets.ISO_8859_1)
            .toLowerCase(java.util.Locale.ROOT)
            .contains("sec-websocket-protocol: " + UpgradeGuard.SBE_PROTOCOL);
    new FuzzVerdict(null, peer.saidClose()).onHttp(peer.received(), sbe, !peer.isOpen());
    end(gateway, peer);
  }

  private static void run(byte[] input, Encoding encoding) throws IOException {
    ERRORS.list.clear();
    EmbeddedGateway gateway = new EmbeddedGateway();
    String key = input.length == 0 ? "" : KEYS.get((input[0] & 0xFF) % KEYS.size());
    FuzzPeer peer = new FuzzPeer(gateway, encoding).upgrade();
    if (!key.isEmpty()) {
      peer.login(key);
    }
    int at = 1;
    while (at < input.length && peer.isOpen()) {
      at = step(input, at, gateway, peer, encoding);
    }
    gateway.turn();
    FuzzVerdict verdict = new FuzzVerdict(key.equals("euro") ? "EURUSD" : null, peer.saidClose());
    if (encoding == Encoding.SBE_TCP) {
      verdict.onTcp(peer.received(), !peer.isOpen());
    } else {
      verdict.onHttp(peer.received(), encoding == Encoding.SBE_WEBSOCKET, !peer.isOpen());
    }
    assertThat(gateway.offered.isEmpty() || key.equals("admin"))
        .as("commands of key '%s'", key)
        .isTrue();
    end(gateway, peer);
  }

  private static int step(
      byte[] input, int at, EmbeddedGateway gateway, FuzzPeer peer, Encoding encoding) {
    int kind = input[at] & 7;
    if (kind <= 2) {
      int most = at + 2 < input.length ? (input[at + 1] & 7) << 8 | input[at + 2] & 0xFF : 0;
      int from = Math.min(input.length, at + 3);
      byte[] bytes = Arrays.copyOfRange(input, from, Math.min(input.length, from + most));
      switch (kind) {
        case 0 -> peer.send(bytes);
        case 1 -> peer.raw(bytes);
        default -> {
          for (byte b : FuzzPeer.frame(encoding, bytes)) {
            peer.raw(new byte[] {b});
          }
        }
      }
      return from + bytes.length;
    }
    switch (kind) {
      case 3 -> gateway.publish();
      case 4 -> gateway.quote();
      case 5 -> gateway.turn();
      case 6 -> peer.writable((input[at] & 8) == 0);
      default -> gateway.time(input[at] >> 3 & 0x1F);
    }
    return at + 1;
  }

  /** Every place that the connection took is given back. */
  private static void end(EmbeddedGateway gateway, FuzzPeer peer) {
    peer.close();
    gateway.close();
    assertThat(gateway.hub.sessionCount()).isZero();
    assertThat(gateway.context.sessionRows()).isEmpty();
    assertThat(ERRORS.list).isEmpty();
  }
}
