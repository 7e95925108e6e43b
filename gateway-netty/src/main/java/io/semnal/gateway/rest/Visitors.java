package io.semnal.gateway.rest;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Knows which keys asked from which addresses not long ago: each request is signed by itself, and
 * an audit log wants to know who came, not how often he asked. Loop thread.
 */
final class Visitors {
  private static final int MOST = 4_096;
  private static final long FORGET_NANOS = 3_600_000_000_000L;

  private record Visitor(String keyId, InetAddress address) {}

  private final Map<Visitor, Long> lastSeen =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Visitor, Long> eldest) {
          return size() > MOST;
        }
      };

  /** Whether this key has not asked from there within an hour. */
  boolean isNew(String keyId, InetAddress address, long now) {
    Long before = lastSeen.put(new Visitor(keyId, address), now);
    return before == null || now - before > FORGET_NANOS;
  }
}
