package io.semnal.gateway.rest;

import io.semnal.core.access.AuditLog;
import io.semnal.core.access.LoginGuard;
import io.semnal.gateway.rest.Problem.Code;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.PeerKey;
import io.semnal.protocol.session.RequestProof;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/** Lets requests in that a key's holder signed a short while ago, each once. Loop thread. */
final class SignedAccess {
  /** How far a signer's clock may be off. */
  static final long WINDOW_MILLIS = 30_000;

  /** Requests remembered; more within the window are turned away. */
  private static final int MOST_REMEMBERED = 65_536;

  private static final long SECOND = 1_000_000_000L;

  private record Seen(String nonce, long until) {}

  private final RestGate gate;
  private final boolean adminsOnly;
  private final Allowances allowances;
  private final LongSupplier clockMillis;
  private final ArrayDeque<Seen> seen = new ArrayDeque<>();
  private final Set<String> nonces = new HashSet<>();
  private final Visitors visitors = new Visitors();

  /**
   * @param adminsOnly whether other keys are turned away
   * @param clockMillis milliseconds since the epoch
   */
  SignedAccess(RestGate gate, boolean adminsOnly, Allowances allowances, LongSupplier clockMillis) {
    this.gate = gate;
    this.allowances = allowances;
    this.adminsOnly = adminsOnly;
    this.clockMillis = clockMillis;
  }

  /**
   * The key that signed this request.
   *
   * @param cost taken from the key's allowance
   * @param address the asker's
   */
  PeerKey check(
      String authorization, String method, String path, byte[] body, int cost, InetAddress address)
      throws Problem {
    RequestProof proof = RequestProof.parse(authorization);
    if (proof == null) {
      throw new Problem(
          Code.UNAUTHENTICATED,
          "signed requests only: Authorization: Semnal keyId:millis:nonce:proof");
    }
    long now = System.nanoTime();
    long locked = gate.admission().locked(proof.keyId(), address, now);
    if (locked > 0) {
      Problem problem =
          Problem.tooMany(LoginGuard.lockedText(locked), (int) ((locked + SECOND - 1) / SECOND));
      throw refused(proof, address, problem);
    }
    PeerKey key = gate.keys().find(proof.keyId());
    if (!proof.proves(key, method, path, body)) {
      gate.admission().failed(proof.keyId(), address, now);
      throw refused(
          proof,
          address,
          new Problem(Code.UNAUTHENTICATED, "the signature does not fit key and request"));
    }
    try {
      admit(key, proof, cost);
    } catch (Problem e) {
      throw refused(proof, address, e);
    }
    gate.admission().succeeded(key.id(), address);
    if (visitors.isNew(key.id(), address, now)) {
      gate.audit().record(AuditLog.LOGIN, key.id(), address.getHostAddress(), "", "REST");
    }
    return key;
  }

  /** What is wrong though the signature is right. */
  private void admit(PeerKey key, RequestProof proof, int cost) throws Problem {
    if (key.role() != Role.CLIENT) {
      throw new Problem(Code.NOT_ENTITLED, "key '" + key.id() + "' is a feed's");
    }
    if (adminsOnly && !key.admin()) {
      throw new Problem(Code.NOT_ENTITLED, "key '" + key.id() + "' is no admin's");
    }
    int wait = allowances.take(key.id(), cost);
    if (wait > 0) {
      throw Problem.tooMany("key '" + key.id() + "' asks too often", wait);
    }
    once(proof);
  }

  private Problem refused(RequestProof proof, InetAddress address, Problem problem) {
    gate.audit()
        .record(
            AuditLog.REFUSED,
            LoginGuard.printable(proof.keyId()),
            address.getHostAddress(),
            problem.code().name(),
            problem.getMessage());
    return problem;
  }

  private void once(RequestProof proof) throws Problem {
    long now = clockMillis.getAsLong();
    if (Math.abs(now - proof.millis()) > WINDOW_MILLIS) {
      throw new Problem(
          Code.UNAUTHENTICATED,
          "the request was signed more than " + WINDOW_MILLIS / 1_000 + " s from now");
    }
    forget(now);
    if (nonces.contains(proof.nonce())) {
      throw new Problem(Code.UNAUTHENTICATED, "the request came before");
    }
    if (seen.size() >= MOST_REMEMBERED) {
      throw Problem.tooMany("too many requests", 1);
    }
    // Signed up to one window ahead of now, it passes for as long after that.
    seen.add(new Seen(proof.nonce(), now + 2 * WINDOW_MILLIS));
    nonces.add(proof.nonce());
  }

  private void forget(long now) {
    while (!seen.isEmpty() && seen.peek().until() < now) {
      nonces.remove(seen.remove().nonce());
    }
  }
}
