package io.semnal.core.access;

import io.semnal.protocol.sbe.AuthenticateDecoder;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.session.ServerHandshake;
import java.net.InetAddress;

/**
 * Holds one connection's handshake against what its port lets in, and writes down what came of it:
 * the same for clients and for feeds. It holds the connection's place until {@link #disconnect}.
 * One thread.
 */
public final class LoginGuard {
  private static final long SECOND = 1_000_000_000L;

  private final Admission admission;
  private final AuditLog audit;
  private final ServerHandshake handshake;
  private final InetAddress address;
  private boolean connected;

  public LoginGuard(
      Admission admission, AuditLog audit, ServerHandshake handshake, InetAddress address) {
    this.admission = admission;
    this.audit = audit;
    this.handshake = handshake;
    this.address = address;
  }

  /** Takes a connection's place; {@code null}, or why there is none. */
  public String connect() {
    connected = admission.connect(address);
    return connected ? null : "too many connections from this address";
  }

  /** Gives the place back, once. */
  public void disconnect() {
    if (connected) {
      connected = false;
      admission.disconnect(address);
    }
  }

  /**
   * A Hello came and its challenge is about to be sent.
   *
   * @param now {@link System#nanoTime}
   * @return {@code null}, or why it is not
   */
  public String onHello(long now) {
    if (!admission.mayTry(address, now)) {
      return "too many logins from this address";
    }
    long locked = admission.locked(handshake.keyId(), address, now);
    return locked == 0 ? null : lockedText(locked);
  }

  /** What is said to who is locked out. */
  public static String lockedText(long nanos) {
    return "too many wrong proofs: try again in " + (nanos + SECOND - 1) / SECOND + " s";
  }

  /** The proof was right. */
  public void onProven() {
    admission.succeeded(handshake.key().id(), address);
  }

  /** The proven key was let in. */
  public void onEntered(String peer) {
    audit.record(AuditLog.LOGIN, handshake.key().id(), peer, "", printable(handshake.clientName()));
  }

  /**
   * The handshake turned the peer away.
   *
   * @param template of the message that it turned away
   * @param now {@link System#nanoTime}
   */
  public void onRejected(int template, long now) {
    if (template == AuthenticateDecoder.TEMPLATE_ID
        && handshake.rejectCode() == ErrorCode.AUTHENTICATION_FAILED) {
      admission.failed(handshake.keyId(), address, now);
    }
  }

  /** The peer is told, whoever turned it away. */
  public void onRefused(String peer) {
    audit.record(
        AuditLog.REFUSED,
        printable(handshake.keyId()),
        peer,
        String.valueOf(handshake.rejectCode()),
        printable(handshake.rejectText()));
  }

  /** What a peer called itself, fit for a line of a log. */
  public static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7E]", "?");
  }
}
