package io.semnal.protocol.session;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.AuthenticateDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HelloDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.Role;
import java.util.HexFormat;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The server's side of authentication, without a transport: Hello is answered by Challenge, a right
 * proof opens the session, everything else ends it with Rejected.
 *
 * <p>An unknown key id goes the same way as a wrong proof, down to the cost of checking it, so that
 * nobody learns which ids exist. Only a peer that has proven its key is told that its role is
 * wrong.
 *
 * <p>One instance per connection, one thread. The caller keeps the time and calls {@link #reject}
 * when login takes too long.
 */
public final class ServerHandshake {
  /** The versions of the session protocol that this server speaks. */
  public static final int VERSION_MIN = 1;

  public static final int VERSION_MAX = 1;

  /** Longest key id, in UTF-8 bytes. */
  public static final int MOST_KEY_ID = 128;

  /**
   * The curve's base point: a public key that verifies, at the usual cost, what nobody is let in
   * by.
   */
  private static final byte[] NOBODYS_KEY =
      HexFormat.of().parseHex("5866666666666666666666666666666666666666666666666666666666666666");

  /** Where the handshake stands. */
  public enum State {
    AWAIT_HELLO,
    AWAIT_PROOF,
    /** {@link #key} is authenticated; the caller sends Accepted (or still {@link #reject}s). */
    OPEN,
    /** The caller sends the reply, if there is one, and closes. */
    REJECTED
  }

  private final Role role;
  private final KeyLookup keys;
  private final NonceSource nonces;
  private final SessionWriter writer = new SessionWriter();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final HelloDecoder hello = new HelloDecoder();
  private final AuthenticateDecoder authenticate = new AuthenticateDecoder();
  private final byte[] clientNonce = new byte[NonceSource.LENGTH];
  private final byte[] serverNonce = new byte[NonceSource.LENGTH];
  private final byte[] decoy = new byte[NonceSource.LENGTH];
  private State state = State.AWAIT_HELLO;
  private Role claimed;
  private AuthScheme scheme;
  private int version;
  private String keyId = "";
  private String clientName = "";
  private PeerKey key;
  private ErrorCode code;
  private boolean retryable;
  private String text = "";

  /**
   * @param role what this listener serves; a key of the other role is refused
   */
  public ServerHandshake(Role role, KeyLookup keys, NonceSource nonces) {
    this.role = role;
    this.keys = keys;
    this.nonces = nonces;
  }

  /**
   * Takes one SBE message from the peer, unchecked, and writes the answer.
   *
   * @param reply has room for {@link SessionWriter#MOST} bytes from {@code replyOffset} on
   * @return the length of the SBE message to send now, 0 = none; then see {@link #state}
   */
  public int onMessage(
      DirectBuffer buffer, int offset, int length, MutableDirectBuffer reply, int replyOffset) {
    if (state == State.OPEN || state == State.REJECTED) {
      return 0;
    }
    int wrong = MessageCheck.check(buffer, offset, length);
    if (wrong != MessageCheck.OK) {
      refuse(ErrorCode.get(wrong), false, "the message is not a " + expected());
      return answer(reply, replyOffset);
    }
    int template = MessageLayout.templateId(buffer, offset);
    if (state == State.AWAIT_HELLO && template == HelloDecoder.TEMPLATE_ID) {
      hello(buffer, offset);
    } else if (state == State.AWAIT_PROOF && template == AuthenticateDecoder.TEMPLATE_ID) {
      proof(buffer, offset);
    } else {
      refuse(
          ErrorCode.UNEXPECTED_MESSAGE,
          false,
          "expected " + expected() + ", got template " + template);
    }
    return answer(reply, replyOffset);
  }

  private void hello(DirectBuffer buffer, int offset) {
    hello.wrapAndApplyHeader(buffer, offset, header);
    int versionMin = hello.versionMin();
    int versionMax = hello.versionMax();
    int roleValue = hello.roleRaw();
    int schemeValue = hello.authSchemeRaw();
    byte[] nonce = new byte[NonceSource.LENGTH];
    hello.getClientNonce(nonce, 0, nonce.length);
    String id = hello.keyId();
    String name = hello.clientName();
    onHello(
        versionMin,
        versionMax,
        roleValue == Role.FEED.value() ? Role.FEED : Role.CLIENT,
        schemeValue == AuthScheme.ED25519.value() ? AuthScheme.ED25519 : AuthScheme.HMAC_SHA256,
        nonce,
        id,
        name);
  }

  private void proof(DirectBuffer buffer, int offset) {
    authenticate.wrapAndApplyHeader(buffer, offset, header);
    byte[] given = new byte[authenticate.proofLength()];
    authenticate.getProof(given, 0, given.length);
    onProof(given);
  }

  /** Hello from another encoding (JSON). See {@link #onMessage} for SBE. */
  public State onHello(
      int versionMin,
      int versionMax,
      Role claimedRole,
      AuthScheme authScheme,
      byte[] nonce,
      String id,
      String name) {
    if (state != State.AWAIT_HELLO) {
      return refuse(ErrorCode.UNEXPECTED_MESSAGE, false, "expected " + expected() + ", got Hello");
    }
    if (versionMin > versionMax || nonce.length != NonceSource.LENGTH || id.isEmpty()) {
      return refuse(
          ErrorCode.MALFORMED,
          false,
          "Hello needs versionMin <= versionMax, a nonce of 32 bytes and a key id");
    }
    if (id.length() > MOST_KEY_ID || name.length() > MOST_KEY_ID) {
      return refuse(
          ErrorCode.LIMIT_EXCEEDED, false, "key id or client name longer than " + MOST_KEY_ID);
    }
    if (versionMax < VERSION_MIN || versionMin > VERSION_MAX) {
      return refuse(
          ErrorCode.UNSUPPORTED_VERSION,
          false,
          "this server speaks session versions " + VERSION_MIN + " to " + VERSION_MAX);
    }
    version = Math.min(versionMax, VERSION_MAX);
    claimed = claimedRole;
    scheme = authScheme;
    keyId = id;
    clientName = name;
    System.arraycopy(nonce, 0, clientNonce, 0, nonce.length);
    nonces.fill(serverNonce);
    nonces.fill(decoy);
    state = State.AWAIT_PROOF;
    return state;
  }

  /** Proof from another encoding (JSON). See {@link #onMessage} for SBE. */
  public State onProof(byte[] given) {
    if (state != State.AWAIT_PROOF) {
      return refuse(
          ErrorCode.UNEXPECTED_MESSAGE, false, "expected " + expected() + ", got Authenticate");
    }
    PeerKey found = keys.find(keyId);
    boolean known = found != null && found.scheme() == scheme;
    byte[] verifier = known ? verifier(found) : decoy();
    byte[] message = Proof.message(serverNonce, clientNonce, claimed, version, keyId);
    if (!Proof.holds(scheme, verifier, message, given) || !known) {
      return refuse(
          ErrorCode.AUTHENTICATION_FAILED, false, "unknown key id, or the proof is wrong");
    }
    if (found.role() != role || claimed != role) {
      return refuse(
          ErrorCode.NOT_ENTITLED,
          false,
          "this address serves role " + role + "; key '" + keyId + "' is of " + found.role());
    }
    key = found;
    state = State.OPEN;
    return state;
  }

  private byte[] verifier(PeerKey found) {
    return scheme == AuthScheme.ED25519 ? found.publicKey() : found.secret();
  }

  private byte[] decoy() {
    return scheme == AuthScheme.ED25519 ? NOBODYS_KEY : decoy;
  }

  /**
   * Ends the handshake for a reason of the caller's: login took too long, the source is busy, too
   * many sessions. Also from {@link State#OPEN}, as long as Accepted has not been sent.
   *
   * @return the length of the Rejected to send
   */
  public int reject(
      ErrorCode why, boolean mayRetry, String words, MutableDirectBuffer reply, int replyOffset) {
    refuse(why, mayRetry, words);
    return answer(reply, replyOffset);
  }

  private State refuse(ErrorCode why, boolean mayRetry, String words) {
    state = State.REJECTED;
    key = null;
    code = why;
    retryable = mayRetry;
    text = words;
    return state;
  }

  private int answer(MutableDirectBuffer reply, int replyOffset) {
    return switch (state) {
      case AWAIT_PROOF -> writer.challenge(reply, replyOffset, version, serverNonce);
      case REJECTED -> writer.rejected(reply, replyOffset, code, retryable, text);
      case AWAIT_HELLO, OPEN -> 0;
    };
  }

  private String expected() {
    return state == State.AWAIT_HELLO ? "Hello" : "Authenticate";
  }

  public State state() {
    return state;
  }

  /** The authenticated key in state OPEN, else {@code null}. */
  public PeerKey key() {
    return key;
  }

  /** The negotiated version, from AWAIT_PROOF on. */
  public int version() {
    return version;
  }

  /** The challenge's nonce, from AWAIT_PROOF on; a copy. */
  public byte[] serverNonce() {
    return serverNonce.clone();
  }

  /** The id that the peer claims, for messages; proven only in state OPEN. */
  public String keyId() {
    return keyId;
  }

  /** What the peer calls itself, for messages only. */
  public String clientName() {
    return clientName;
  }

  /** Why, in state REJECTED; else {@code null}. */
  public ErrorCode rejectCode() {
    return code;
  }

  public boolean rejectRetryable() {
    return retryable;
  }

  public String rejectText() {
    return text;
  }
}
