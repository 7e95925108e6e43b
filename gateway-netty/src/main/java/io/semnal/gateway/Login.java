package io.semnal.gateway;

import io.semnal.core.access.LoginGuard;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.AuthenticateDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.HelloDecoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.PeerKey;
import io.semnal.protocol.session.ServerHandshake;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's way from its first byte to its key: the handshake, held against what the gateway
 * lets in. It also holds the places that the connection takes, until {@link #leave}. Loop thread.
 */
final class Login {
  private static final Logger LOG = LoggerFactory.getLogger(Login.class);

  private final SessionHub hub;
  private final GatewayContext context;
  private final SessionOutput output;
  private final LoginGuard guard;
  private final ServerHandshake handshake;
  private boolean entered;
  private boolean placed;
  private PeerKey key;

  /** Of a FIX session; {@code null} for all that shake hands. */
  private String logonName;

  Login(SessionHub hub, SessionOutput output) {
    this.hub = hub;
    this.output = output;
    context = hub.context();
    handshake = new ServerHandshake(Role.CLIENT, context.keys(), context.nonces());
    guard = new LoginGuard(context.admission(), context.audit(), handshake, output.address());
  }

  /** Takes a connection's place; {@code null}, or why there is none. */
  String connect() {
    return guard.connect();
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
    String why = guard.onHello(hub.now());
    return why == null ? answer : reject(ErrorCode.LIMIT_EXCEEDED, true, why);
  }

  private int admitKey(int answer) {
    guard.onProven();
    String why = enter(handshake.key());
    if (why != null) {
      return reject(ErrorCode.LIMIT_EXCEEDED, true, why);
    }
    guard.onEntered(output.peer());
    return answer;
  }

  /** Takes the places of a session of a proven key; {@code null}, or why there is none. */
  private String enter(PeerKey proven) {
    placed = context.enter();
    if (!placed) {
      return "the server has as many sessions as it takes";
    }
    entered = context.admission().enter(proven);
    if (!entered) {
      return "client '"
          + proven.client()
          + "' has the "
          + proven.limits().connections()
          + " connections that it may have";
    }
    key = proven;
    return null;
  }

  /**
   * Takes the places of a session whose key was proven by a Logon.
   *
   * @param name what the client calls itself
   * @return {@code null}, or why it is not let in
   */
  String enter(PeerKey proven, String name) {
    String why = enter(proven);
    logonName = why == null ? name : logonName;
    return why;
  }

  private void onRejected(int template) {
    guard.onRejected(template, hub.now());
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
    String text = LoginGuard.printable(handshake.rejectText());
    LOG.info("{}: login refused: {} {}", output.peer(), handshake.rejectCode(), text);
    guard.onRefused(output.peer());
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
    return LoginGuard.printable(logonName == null ? handshake.clientName() : logonName);
  }

  /** The connection is gone: gives back every place that it took, once. */
  void leave() {
    guard.disconnect();
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
