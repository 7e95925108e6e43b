package io.semnal.protocol.session;

import io.semnal.protocol.sbe.Role;

/** What the server knows of a key: its secret, and what its holder may do. */
public interface PeerKey {
  String id();

  /** The shared secret; not a copy: callers leave it alone. */
  byte[] secret();

  Role role();

  /** The schema's {@code Channels} bits that the holder may subscribe to. */
  int channels();

  /** Whether the holder may read this instrument, by symbol. */
  boolean mayRead(String symbol);

  /** Whether the holder may send engine commands. */
  boolean admin();

  /** Role FEED: the name of the source that the holder speaks for; else empty. */
  String source();
}
