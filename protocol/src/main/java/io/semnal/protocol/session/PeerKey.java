package io.semnal.protocol.session;

import io.semnal.protocol.sbe.AuthScheme;
import io.semnal.protocol.sbe.Role;

/** What the server knows of a key: how its holder proves it, and what its holder may do. */
public interface PeerKey {
  String id();

  /** How the holder proves the key. */
  default AuthScheme scheme() {
    return AuthScheme.HMAC_SHA256;
  }

  /** HMAC_SHA256: the shared secret, else empty; not a copy: callers leave it alone. */
  byte[] secret();

  /** ED25519: the 32 bytes of the public key, else empty; not a copy: callers leave it alone. */
  default byte[] publicKey() {
    return new byte[0];
  }

  Role role();

  /** Whose key this is: a client may hold two at a time, and what limits it counts over both. */
  default String client() {
    return id();
  }

  /** The schema's {@code Channels} bits that the holder may subscribe to. */
  int channels();

  /** Whether the holder may read this instrument, by symbol. */
  boolean mayRead(String symbol);

  /** Whether the holder may send engine commands. */
  boolean admin();

  /** Role FEED: the name of the source that the holder speaks for; else empty. */
  String source();

  /** How much of what it may read the holder gets, and how soon. */
  default KeyLimits limits() {
    return KeyLimits.NONE;
  }
}
