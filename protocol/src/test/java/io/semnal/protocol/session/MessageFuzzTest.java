package io.semnal.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ChallengeDecoder;
import io.semnal.protocol.sbe.ConflatedSubscribeDecoder;
import io.semnal.protocol.sbe.EngineCommandDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HelloDecoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.SubscribeDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.sbe.MessageDecoderFlyweight;

/**
 * Whatever bytes come: frames are cut without reading beyond them, what passes the check can be
 * decoded to its end, and only a right proof opens a session. Buffers end where their bytes do, and
 * Agrona checks bounds: reading beyond throws.
 */
class MessageFuzzTest {
  private static final int MOST = 4_096;
  private static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** Templates whose enumerations the check looks at. */
  private static final List<Integer> SENT_TO_THE_SERVER =
      List.of(
          EngineCommandDecoder.TEMPLATE_ID,
          HelloDecoder.TEMPLATE_ID,
          SubscribeDecoder.TEMPLATE_ID,
          ConflatedSubscribeDecoder.TEMPLATE_ID);

  private static final PeerKey KEY = new FuzzKey("demo", SECRET);

  /** The messages of both directions, cut out of one stream of bytes as a TCP peer's are. */
  @FuzzTest(maxDuration = "10m")
  void cutsFramesAndDecodesWhatPasses(byte[] stream) {
    int at = 0;
    while (true) {
      UnsafeBuffer rest = new UnsafeBuffer(stream, at, stream.length - at);
      int length = Frames.next(rest, 0, rest.capacity(), MOST);
      if (length <= 0) {
        assertThat(length).isIn(Frames.INCOMPLETE, Frames.MALFORMED, Frames.TOO_LARGE);
        return;
      }
      assertThat(length).isBetween(Frames.SHORTEST, rest.capacity());
      byte[] frame = Arrays.copyOfRange(stream, at, at + length);
      // One byte less is not a frame yet: no frame is given out before it is whole.
      assertThat(Frames.next(new UnsafeBuffer(frame, 0, length - 1), 0, length - 1, MOST))
          .isEqualTo(Frames.INCOMPLETE);
      decode(Arrays.copyOfRange(frame, 6, length));
      at += length;
    }
  }

  private static void decode(byte[] bytes) {
    UnsafeBuffer message = new UnsafeBuffer(bytes);
    int wrong = MessageCheck.check(message, 0, bytes.length);
    if (wrong != MessageCheck.OK) {
      assertThat(ErrorCode.get(wrong))
          .isIn(ErrorCode.MALFORMED, ErrorCode.UNEXPECTED_MESSAGE, ErrorCode.UNSUPPORTED_VERSION);
      return;
    }
    int template = MessageLayout.templateId(message, 0);
    MessageDecoderFlyweight decoder = Decoders.of(template);
    decoder.wrap(message, MessageLayout.HEADER, message.getShort(0) & 0xFFFF, 1);
    try {
      assertThat(decoder.appendTo(new StringBuilder())).isNotEmpty();
    } catch (IllegalArgumentException e) {
      // Values of enumerations are checked in what peers send to the server, not in what it says.
      assertThat(e).hasMessageStartingWith("Unknown value: ");
      assertThat(template).isNotIn(SENT_TO_THE_SERVER);
    }
  }

  /**
   * The server's login. The first byte says how the rest is cut into messages; the nonces are known
   * to the fuzzer, so that a right proof is within its reach, and the HMAC is the JDK's.
   */
  @FuzzTest(maxDuration = "10m")
  void opensASessionOnlyForARightProof(byte[] input) throws GeneralSecurityException {
    ServerHandshake handshake =
        new ServerHandshake(
            Role.CLIENT,
            id -> id.equals("demo") ? KEY : null,
            nonce -> Arrays.fill(nonce, (byte) 1));
    UnsafeBuffer reply = new UnsafeBuffer(new byte[SessionWriter.MOST]);
    int at = 0;
    byte[] last = {};
    while (at + 2 <= input.length) {
      int most = (input[at] & 0xFF) << 8 | input[at + 1] & 0xFF;
      last = Arrays.copyOfRange(input, at + 2, Math.min(input.length, at + 2 + most));
      at += 2 + most;
      ServerHandshake.State before = handshake.state();
      int length = handshake.onMessage(new UnsafeBuffer(last), 0, last.length, reply, 0);
      if (length > 0) {
        assertThat(MessageCheck.check(new UnsafeBuffer(reply, 0, length), 0, length))
            .isEqualTo(MessageCheck.OK);
        assertThat(MessageLayout.templateId(reply, 0))
            .isIn(ChallengeDecoder.TEMPLATE_ID, RejectedDecoder.TEMPLATE_ID);
      }
      if (handshake.state() == ServerHandshake.State.OPEN
          && before == ServerHandshake.State.AWAIT_PROOF) {
        assertThat(last).as("the proof").containsSequence(proof(input));
      }
      assertThat(handshake.key() != null)
          .isEqualTo(handshake.state() == ServerHandshake.State.OPEN);
    }
  }

  /** Over the client nonce of the first message, as docs/protocol.md says it. */
  private static byte[] proof(byte[] input) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
    mac.update("semnal-session-1".getBytes(StandardCharsets.US_ASCII));
    byte[] serverNonce = new byte[32];
    Arrays.fill(serverNonce, (byte) 1);
    mac.update(serverNonce);
    int hello = 2 + MessageLayout.HEADER;
    mac.update(input, hello + HelloDecoder.clientNonceEncodingOffset(), 32);
    mac.update((byte) 0);
    mac.update(new byte[] {1, 0});
    return mac.doFinal("demo".getBytes(StandardCharsets.UTF_8));
  }

  /** The client's side of the login, towards a server that says anything. */
  @FuzzTest(maxDuration = "10m")
  void aClientIsLetInByAnAnswerThatDecodesAlone(byte[] input) {
    ClientHandshake handshake =
        new ClientHandshake(
            Role.CLIENT,
            new ClientKey("demo", SECRET),
            "fuzz",
            nonce -> Arrays.fill(nonce, (byte) 2));
    UnsafeBuffer out = new UnsafeBuffer(new byte[SessionWriter.MOST]);
    handshake.hello(out, 0);
    int at = 0;
    while (at + 2 <= input.length) {
      int most = (input[at] & 0xFF) << 8 | input[at + 1] & 0xFF;
      byte[] message = Arrays.copyOfRange(input, at + 2, Math.min(input.length, at + 2 + most));
      at += 2 + most;
      boolean decodes =
          MessageCheck.check(new UnsafeBuffer(message), 0, message.length) == MessageCheck.OK;
      ClientHandshake.State before = handshake.state();
      handshake.onMessage(new UnsafeBuffer(message), 0, message.length, out, 0);
      if (handshake.state() == ClientHandshake.State.OPEN && before != ClientHandshake.State.OPEN) {
        assertThat(decodes).isTrue();
        assertThat(handshake.terms()).isNotNull();
      }
    }
  }

  /** Enough of a key for a login. */
  private record FuzzKey(String id, byte[] secret) implements PeerKey {
    @Override
    public Role role() {
      return Role.CLIENT;
    }

    @Override
    public int channels() {
      return 31;
    }

    @Override
    public boolean mayRead(String symbol) {
      return true;
    }

    @Override
    public boolean admin() {
      return false;
    }

    @Override
    public String source() {
      return "";
    }
  }
}
