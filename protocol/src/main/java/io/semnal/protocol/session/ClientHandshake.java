package io.semnal.protocol.session;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AcceptedDecoder;
import io.semnal.protocol.sbe.AuthenticateEncoder;
import io.semnal.protocol.sbe.BooleanType;
import io.semnal.protocol.sbe.ChallengeDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HelloEncoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.RejectedDecoder;
import io.semnal.protocol.sbe.Role;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The client's side of authentication, without a transport: says Hello, answers Challenge, reads
 * Accepted or Rejected. One instance per connection, one thread.
 */
public final class ClientHandshake {
  /** Where the handshake stands. */
  public enum State {
    START,
    AWAIT_CHALLENGE,
    AWAIT_ANSWER,
    /** {@link #terms} are there. */
    OPEN,
    /** The server said no: see {@link #rejectCode}. */
    REJECTED,
    /** The server broke the protocol: see {@link #rejectText}. */
    FAILED
  }

  private final Role role;
  private final ClientKey key;
  private final String clientName;
  private final NonceSource nonces;
  private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
  private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
  private final byte[] clientNonce = new byte[NonceSource.LENGTH];
  private State state = State.START;
  private SessionTerms terms;
  private int version;
  private int codeValue;
  private boolean retryable;
  private String text = "";

  public ClientHandshake(Role role, ClientKey key, String clientName, NonceSource nonces) {
    this.role = role;
    this.key = key;
    this.clientName = clientName;
    this.nonces = nonces;
  }

  /**
   * Writes Hello.
   *
   * @param buffer has room for {@link SessionWriter#MOST} bytes from {@code offset} on
   * @return the length of the SBE message
   */
  public int hello(MutableDirectBuffer buffer, int offset) {
    begin();
    HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(buffer, offset, headerEncoder);
    hello
        .versionMin(ServerHandshake.VERSION_MIN)
        .versionMax(ServerHandshake.VERSION_MAX)
        .role(role)
        .authScheme(key.scheme())
        .putClientNonce(clientNonce, 0, clientNonce.length);
    byte[] id = key.id().getBytes(StandardCharsets.UTF_8);
    byte[] name = clientName.getBytes(StandardCharsets.UTF_8);
    hello.putKeyId(id, 0, id.length).putClientName(name, 0, name.length);
    return MessageLayout.HEADER + hello.encodedLength();
  }

  /**
   * Makes the nonce of Hello for another encoding (JSON); {@link #hello} does it by itself.
   *
   * @return the nonce
   */
  public byte[] begin() {
    nonces.fill(clientNonce);
    state = State.AWAIT_CHALLENGE;
    return clientNonce.clone();
  }

  /**
   * Takes one SBE message from the server, unchecked.
   *
   * @param reply has room for {@link SessionWriter#MOST} bytes from {@code replyOffset} on
   * @return the length of the SBE message to send now, 0 = none; then see {@link #state}
   */
  public int onMessage(
      DirectBuffer buffer, int offset, int length, MutableDirectBuffer reply, int replyOffset) {
    if (state != State.AWAIT_CHALLENGE && state != State.AWAIT_ANSWER) {
      return 0;
    }
    int wrong = MessageCheck.check(buffer, offset, length);
    if (wrong != MessageCheck.OK) {
      fail("the server sent a message that cannot be read: " + ErrorCode.get(wrong));
      return 0;
    }
    int template = MessageLayout.templateId(buffer, offset);
    if (template == RejectedDecoder.TEMPLATE_ID) {
      rejected(buffer, offset);
    } else if (template == ChallengeDecoder.TEMPLATE_ID && state == State.AWAIT_CHALLENGE) {
      return challenge(buffer, offset, reply, replyOffset);
    } else if (template == AcceptedDecoder.TEMPLATE_ID && state == State.AWAIT_ANSWER) {
      accepted(buffer, offset);
    } else {
      fail("the server sent template " + template + " where its answer to a login was due");
    }
    return 0;
  }

  private int challenge(
      DirectBuffer buffer, int offset, MutableDirectBuffer reply, int replyOffset) {
    ChallengeDecoder challenge =
        new ChallengeDecoder().wrapAndApplyHeader(buffer, offset, headerDecoder);
    int chosen = challenge.version();
    byte[] serverNonce = new byte[NonceSource.LENGTH];
    challenge.getServerNonce(serverNonce, 0, serverNonce.length);
    byte[] proof = onChallenge(chosen, serverNonce);
    if (state == State.FAILED) {
      return 0;
    }
    AuthenticateEncoder authenticate =
        new AuthenticateEncoder().wrapAndApplyHeader(reply, replyOffset, headerEncoder);
    authenticate.putProof(proof, 0, proof.length);
    return MessageLayout.HEADER + authenticate.encodedLength();
  }

  /**
   * Challenge from another encoding (JSON).
   *
   * @return the proof to send; empty in state FAILED
   */
  public byte[] onChallenge(int chosenVersion, byte[] serverNonce) {
    if (state != State.AWAIT_CHALLENGE
        || chosenVersion < ServerHandshake.VERSION_MIN
        || chosenVersion > ServerHandshake.VERSION_MAX
        || serverNonce.length != NonceSource.LENGTH) {
      fail("the server's challenge is not one (version " + chosenVersion + ")");
      return new byte[0];
    }
    version = chosenVersion;
    state = State.AWAIT_ANSWER;
    return Proof.by(key, Proof.message(serverNonce, clientNonce, role, version, key.id()));
  }

  private void accepted(DirectBuffer buffer, int offset) {
    AcceptedDecoder accepted =
        new AcceptedDecoder().wrapAndApplyHeader(buffer, offset, headerDecoder);
    onAccepted(
        new SessionTerms(
            accepted.sessionId(),
            accepted.epoch(),
            accepted.oldestOutSeq(),
            accepted.headOutSeq(),
            accepted.sourceId(),
            accepted.lastSourceSeq(),
            (int) Math.min(accepted.heartbeatMillis(), Integer.MAX_VALUE),
            (int) Math.min(accepted.maxFrame(), Integer.MAX_VALUE),
            accepted.adminRaw() == BooleanType.T.value(),
            accepted.channels().getRaw(),
            accepted.serverName()));
  }

  /** Accepted from another encoding (JSON). */
  public void onAccepted(SessionTerms given) {
    terms = given;
    state = State.OPEN;
  }

  private void rejected(DirectBuffer buffer, int offset) {
    RejectedDecoder rejected =
        new RejectedDecoder().wrapAndApplyHeader(buffer, offset, headerDecoder);
    onRejected(
        rejected.codeRaw(), rejected.retryableRaw() == BooleanType.T.value(), rejected.text());
  }

  /** Rejected from another encoding (JSON). */
  public void onRejected(int code, boolean mayRetry, String words) {
    codeValue = code;
    retryable = mayRetry;
    text = words;
    state = State.REJECTED;
  }

  private void fail(String words) {
    text = words;
    state = State.FAILED;
  }

  public State state() {
    return state;
  }

  /** What was agreed, in state OPEN; else {@code null}. */
  public SessionTerms terms() {
    return terms;
  }

  public int version() {
    return version;
  }

  /**
   * The server's reason in state REJECTED; {@link ErrorCode#NULL_VAL} for one that this version
   * does not know.
   */
  public ErrorCode rejectCode() {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.value() == codeValue) {
        return code;
      }
    }
    return ErrorCode.NULL_VAL;
  }

  /** Whether trying again later may help. */
  public boolean rejectRetryable() {
    return retryable;
  }

  public String rejectText() {
    return text;
  }
}
