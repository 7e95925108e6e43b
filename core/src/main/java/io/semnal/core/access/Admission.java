package io.semnal.core.access;

import io.semnal.core.metrics.Counter;
import io.semnal.core.metrics.Metrics;
import io.semnal.protocol.session.PeerKey;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who may connect and try a login, over all loops: connections by address and by client, logins a
 * second by address, and a lock with a growing pause for who fails at a key from an address.
 *
 * <p>The lock is by key and address together: nobody locks another out of his key, and it says
 * nothing of whether a key exists. Any thread; taken at connecting and logging in alone.
 */
public final class Admission {
  /** Pairs of key and address, or addresses, remembered; beyond them the oldest are forgotten. */
  private static final int MOST_REMEMBERED = 65_536;

  private static final int MOST_DOUBLINGS = 20;

  private record Attempt(String keyId, InetAddress address) {}

  private static final class Failures {
    int count;
    long lockedUntil;
  }

  private final LoginLimits limits;
  private final Counter lockOuts;
  private final Map<InetAddress, Integer> connections = new HashMap<>();
  private final Map<String, Integer> clients = new HashMap<>();
  private final Map<InetAddress, TokenBucket> logins = bounded();
  private final Map<Attempt, Failures> failures = bounded();

  /**
   * @param port whose logins these are, in the name of the counter of locks: {@code gateway}
   */
  public Admission(LoginLimits limits, String port, Metrics metrics) {
    this.limits = limits;
    lockOuts =
        metrics.counter(port + "_lock_outs_total", "Keys locked for an address after wrong proofs");
  }

  /** Takes a place for a connection; {@link #disconnect} gives it back. */
  public synchronized boolean connect(InetAddress address) {
    return take(connections, address, limits.connectionsPerAddress());
  }

  public synchronized void disconnect(InetAddress address) {
    giveBack(connections, address);
  }

  /** Takes a place for a session of the key's client; {@link #leave} gives it back. */
  public synchronized boolean enter(PeerKey key) {
    return take(clients, key.client(), key.limits().connections());
  }

  public synchronized void leave(PeerKey key) {
    giveBack(clients, key.client());
  }

  /** Whether one more login may be tried from there now. */
  public synchronized boolean mayTry(InetAddress address, long now) {
    return logins
        .computeIfAbsent(address, a -> new TokenBucket(limits.loginsPerSecond()))
        .take(now);
  }

  /** Nanoseconds for which this key stays locked for this address; 0 = it is not. */
  public synchronized long locked(String keyId, InetAddress address, long now) {
    Failures failed = failures.get(new Attempt(keyId, address));
    return failed == null || failed.count < limits.lockAfter()
        ? 0
        : Math.max(0, failed.lockedUntil - now);
  }

  /** A wrong proof: after so many in a row the pause doubles with each further one. */
  public synchronized void failed(String keyId, InetAddress address, long now) {
    Failures failed = failures.computeIfAbsent(new Attempt(keyId, address), a -> new Failures());
    failed.count++;
    int beyond = failed.count - limits.lockAfter();
    if (limits.lockAfter() > 0 && beyond >= 0) {
      long pause = limits.lockFor().toNanos() << Math.min(beyond, MOST_DOUBLINGS);
      failed.lockedUntil = now + Math.min(pause, limits.lockMost().toNanos());
      lockOuts.increment();
    }
  }

  public synchronized void succeeded(String keyId, InetAddress address) {
    failures.remove(new Attempt(keyId, address));
  }

  private static <K> boolean take(Map<K, Integer> places, K who, int most) {
    int taken = places.getOrDefault(who, 0);
    if (most > 0 && taken >= most) {
      return false;
    }
    places.put(who, taken + 1);
    return true;
  }

  private static <K> void giveBack(Map<K, Integer> places, K who) {
    places.computeIfPresent(who, (w, taken) -> taken == 1 ? null : taken - 1);
  }

  private static <K, V> Map<K, V> bounded() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > MOST_REMEMBERED;
      }
    };
  }
}
