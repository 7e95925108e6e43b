package io.semnal.protocol.session;

/** Finds keys by id. Called on session threads: answers from memory. */
@FunctionalInterface
public interface KeyLookup {
  /** The key, or {@code null} where there is none of that id. */
  PeerKey find(String keyId);
}
