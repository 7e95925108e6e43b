package io.semnal.gateway;

import io.semnal.core.access.AuditLog;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AuthenticateDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HelloDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.PeerKey;
import io.semnal.protocol.session.ServerHandshake;
import java.net.InetAddress;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's way from its first byte to its key: the handshake, held against what the gateway
 * lets in. It also holds the places that the connection takes, until {@link #leave}. Loop thread.
 */
final class Login {
  private static final Logger LOG = LoggerFactory.getLogger(Login.class);
  private static final long SECOND = 1_000_000_000L;

  private final SessionHub hub;
  private final GatewayContext context;
  private final SessionOutput output;
  private final InetAddress address;
  private final ServerHandshake handshake;
  private boolean connected;
  private boolean entered;
  private boolean placed;
  private PeerKey key;

  Login(SessionHub hub, SessionOutput output) {
    this.hub = hub;
    this.output = output;
    context = hub.context();
    address = output.address();
    handshake = new ServerHandshake(Role.CLIENT, context.keys(), context.nonces());
  }

  /** Takes a connection's place; {@code null}, or why there is none. */
  String connect() {
    connected = context.admission().connect(address);
    return connected ? null : "too many connections from this address";
  }

  /**
   * Takes one message of the peer, unchecked.
   *
   * @return the length of the answer in the hub's buffer, 0 = none; then see {@link #key} and
   *     {@link #isRefused}
   */
  int onMessage(DirectBuffer buffer, int offset, int length) {
    int template = length >= MessageLayout.HEADER ? MessageLayout.templateId(buffer, offset) : 0;
    int answer = handshake.onMessage(buffer, offset, length, hub.messages().buffer(), 0);
    if (handshake.state() == ServerHandshake.State.AWAIT_PROOF
        && template == HelloDecoder.TEMPLATE_ID) {
      return admitHello(answer);
    }
    if (handshake.state() == ServerHandshake.State.OPEN) {
      return admitKey(answer);
    }
    if (handshake.state() == ServerHandshake.State.REJECTED) {
      onRejected(template);
    }
    return answer;
  }

  private int admitHello(int answer) {
    if (!context.admission().mayTry(address, hub.now())) {
      return reject(ErrorCode.LIMIT_EXCEEDED, true, "too many logins from this address");
    }
    long locked = context.admission().locked(handshake.keyId(), address, hub.now());
    if (locked > 0) {
      return reject(
          ErrorCode.LIMIT_EXCEEDED,
          true,
          "too many wrong proofs: try again in " + (locked + SECOND - 1) / SECOND + " s");
    }
    return answer;
  }

  private int admitKey(int answer) {
    PeerKey proven = handshake.key();
    context.admission().succeeded(proven.id(), address);
    placed = context.enter();
    if (!placed) {
      return reject(ErrorCode.LIMIT_EXCEEDED, true, "the server has as many sessions as it takes");
    }
    entered = context.admission().enter(proven);
    if (!entered) {
      return reject(
          ErrorCode.LIMIT_EXCEEDED,
          true,
          "client '"
              + proven.client()
              + "' has the "
              + proven.limits().connections()
              + " connections that it may have");
    }
    key = proven;
    context
        .audit()
        .record(AuditLog.LOGIN, key.id(), output.peer(), "", printable(handshake.clientName()));
    return answer;
  }

  private void onRejected(int template) {
    boolean wrongProof =
        template == AuthenticateDecoder.TEMPLATE_ID
            && handshake.rejectCode() == ErrorCode.AUTHENTICATION_FAILED;
    if (wrongProof) {
      context.admission().failed(handshake.keyId(), address, hub.now());
    }
    if (template == AuthenticateDecoder.TEMPLATE_ID) {
      hub.metrics().loginFailed();
    } else if (handshake.rejectCode() == ErrorCode.MALFORMED) {
      hub.metrics().malformed();
    }
    tell();
  }

  /** Ends the login for a reason of the gateway's; the length of what is to be sent. */
  int reject(ErrorCode code, boolean retryable, String text) {
    int answer = handshake.reject(code, retryable, text, hub.messages().buffer(), 0);
    tell();
    return answer;
  }

  private void tell() {
    String text = printable(handshake.rejectText());
    LOG.info("{}: login refused: {} {}", output.peer(), handshake.rejectCode(), text);
    context
        .audit()
        .record(
            AuditLog.REFUSED,
            printable(handshake.keyId()),
            output.peer(),
            String.valueOf(handshake.rejectCode()),
            text);
  }

  private static String printable(String text) {
    return SubscribeRequest.printable(text);
  }

  /** The key that was proven and let in, else {@code null}. */
  PeerKey key() {
    return key;
  }

  boolean isRefused() {
    return handshake.state() == ServerHandshake.State.REJECTED;
  }

  ErrorCode code() {
    return handshake.rejectCode();
  }

  String clientName() {
    return printable(handshake.clientName());
  }

  /** The connection is gone: gives back every place that it took, once. */
  void leave() {
    if (connected) {
      connected = false;
      context.admission().disconnect(address);
    }
    if (entered) {
      entered = false;
      context.admission().leave(key);
    }
    if (placed) {
      placed = false;
      context.leave();
    }
  }
}
