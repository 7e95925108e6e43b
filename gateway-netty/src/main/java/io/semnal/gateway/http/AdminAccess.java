package io.semnal.gateway.http;

import io.semnal.protocol.session.KeyLookup;
import io.semnal.protocol.session.PeerKey;
import io.semnal.protocol.session.RequestProof;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Lets requests in that the holder of an admin's key signed a short while ago, each once. Loop
 * thread.
 */
final class AdminAccess {
  /** How far a signer's clock may be off. */
  static final long WINDOW_MILLIS = 30_000;

  /** Requests remembered; more within the window are turned away. */
  private static final int MOST_REMEMBERED = 4_096;

  private record Seen(String nonce, long until) {}

  /** Whom a request comes from, or why it is turned away. */
  record Verdict(String keyId, int status, String error) {
    boolean isLetIn() {
      return status == 200;
    }
  }

  private final KeyLookup keys;
  private final LongSupplier clockMillis;
  private final ArrayDeque<Seen> seen = new ArrayDeque<>();
  private final Set<String> nonces = new HashSet<>();

  /**
   * @param clockMillis milliseconds since the epoch
   */
  AdminAccess(KeyLookup keys, LongSupplier clockMillis) {
    this.keys = keys;
    this.clockMillis = clockMillis;
  }

  Verdict check(String authorization, String method, String path, byte[] body) {
    RequestProof proof = RequestProof.parse(authorization);
    if (proof == null) {
      return denied(
          401, "signed by an admin's key only: Authorization: Semnal id:millis:nonce:proof");
    }
    PeerKey key = keys.find(proof.keyId());
    boolean proven = proof.proves(key, method, path, body);
    if (!proven) {
      return denied(401, "the signature does not fit key and request");
    }
    if (!key.admin()) {
      return denied(403, "key '" + key.id() + "' is no admin's");
    }
    long now = clockMillis.getAsLong();
    if (Math.abs(now - proof.millis()) > WINDOW_MILLIS) {
      return denied(
          401, "the request was signed more than " + WINDOW_MILLIS / 1_000 + " s from now");
    }
    forget(now);
    if (nonces.contains(proof.nonce())) {
      return denied(401, "the request came before");
    }
    if (seen.size() >= MOST_REMEMBERED) {
      return denied(429, "too many requests");
    }
    // Signed up to one window ahead of now, it passes for as long after that.
    seen.add(new Seen(proof.nonce(), now + 2 * WINDOW_MILLIS));
    nonces.add(proof.nonce());
    return new Verdict(key.id(), 200, "");
  }

  private void forget(long now) {
    while (!seen.isEmpty() && seen.peek().until() < now) {
      nonces.remove(seen.remove().nonce());
    }
  }

  private static Verdict denied(int status, String error) {
    return new Verdict("", status, error);
  }
}
