package io.semnal.protocol.session;

/**
 * Finds keys by id. Called on session threads: answers from memory, whatever stands behind it, a
 * file or a database of accounts.
 */
@FunctionalInterface
public interface KeyLookup {
  /** The key, or {@code null} where there is none of that id, or none any more. */
  PeerKey find(String keyId);

  /**
   * Rises whenever an answer of {@link #find} may have changed: sessions then look again, and those
   * whose key is gone or not the same end. 0 for ever where keys do not change. Read often: one
   * volatile read at most.
   */
  default long version() {
    return 0;
  }
}
