package io.semnal.gateway.rest;

import io.semnal.gateway.rest.Problem.Code;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.session.KeyLookup;
import io.semnal.protocol.session.PeerKey;
import io.semnal.protocol.session.RequestProof;
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

  private record Seen(String nonce, long until) {}

  private final KeyLookup keys;
  private final boolean adminsOnly;
  private final Allowances allowances;
  private final LongSupplier clockMillis;
  private final ArrayDeque<Seen> seen = new ArrayDeque<>();
  private final Set<String> nonces = new HashSet<>();

  /**
   * @param adminsOnly whether other keys are turned away
   * @param clockMillis milliseconds since the epoch
   */
  SignedAccess(
      KeyLookup keys, boolean adminsOnly, Allowances allowances, LongSupplier clockMillis) {
    this.keys = keys;
    this.allowances = allowances;
    this.adminsOnly = adminsOnly;
    this.clockMillis = clockMillis;
  }

  /**
   * The key that signed this request.
   *
   * @param cost taken from the key's allowance
   */
  PeerKey check(String authorization, String method, String path, byte[] body, int cost)
      throws Problem {
    RequestProof proof = RequestProof.parse(authorization);
    if (proof == null) {
      throw new Problem(
          Code.UNAUTHENTICATED,
          "signed requests only: Authorization: Semnal keyId:millis:nonce:proof");
    }
    PeerKey key = keys.find(proof.keyId());
    boolean proven = proof.proves(key, method, path, body);
    if (!proven) {
      throw new Problem(Code.UNAUTHENTICATED, "the signature does not fit key and request");
    }
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
    return key;
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
