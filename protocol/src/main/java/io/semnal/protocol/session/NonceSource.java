package io.semnal.protocol.session;

import java.security.SecureRandom;

/** Where the unpredictable bytes of a handshake come from. */
@FunctionalInterface
public interface NonceSource {
  /** Bytes of a nonce. */
  int LENGTH = 32;

  /** Fills the array with bytes that were never used before. */
  void fill(byte[] nonce);

  /** The platform's cryptographic generator. Any thread. */
  static NonceSource secure() {
    return new SecureRandom()::nextBytes;
  }
}
