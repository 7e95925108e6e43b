package io.semnal.gateway;

import io.netty.channel.EventLoop;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.store.MappedStore;
import io.semnal.fix.store.MessageStore;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The message stores of FIX clients: one file for each CompID and version, which outlives the
 * process, in use by one connection at a time. A file is made, or looked through, on a cold thread;
 * all else happens on the loop's.
 */
final class FixStores {
  private static final Logger LOG = LoggerFactory.getLogger(FixStores.class);

  /** Some ten thousand IOIs. */
  private static final int CAPACITY = 4 << 20;

  /** One client's store, taken by one connection. Loop thread. */
  static final class Lease {
    private MappedStore store;
    private boolean taken;
    private boolean failed;
    private Runnable whenSettled;

    /** Whether it is open, or cannot be opened. */
    boolean isSettled() {
      return store != null || failed;
    }

    /** {@code null}: it could not be opened; the log says why. */
    MessageStore store() {
      return store;
    }
  }

  private final Path directory;
  private final EventLoop loop;
  private final Executor cold;
  private final Map<String, Lease> leases = new HashMap<>();
  private boolean closed;

  FixStores(Path directory, EventLoop loop, Executor cold) {
    this.directory = directory;
    this.loop = loop;
    this.cold = cold;
  }

  /**
   * Takes a store, and begins to open it if it is not open.
   *
   * @param whenSettled called once if it is not settled yet
   * @return {@code null}: another connection has it
   */
  Lease take(FixVersion version, String compId, Runnable whenSettled) {
    String name = name(version, compId);
    Lease lease = leases.computeIfAbsent(name, n -> new Lease());
    if (lease.taken) {
      return null;
    }
    lease.taken = true;
    if (lease.store == null) {
      // A connection may have gone while its store was being opened: then that goes on.
      boolean opening = lease.whenSettled != null;
      lease.failed = false;
      lease.whenSettled = whenSettled;
      if (!opening) {
        cold.execute(() -> open(lease, directory.resolve(name)));
      }
    }
    return lease;
  }

  private void open(Lease lease, Path file) {
    MappedStore store = opened(file);
    try {
      loop.execute(() -> settle(lease, store));
    } catch (RejectedExecutionException e) {
      // The server stops: nobody waits any more.
      LOG.debug("{} was opened too late", file, e);
      if (store != null) {
        store.close();
      }
    }
  }

  private static MappedStore opened(Path file) {
    try {
      return MappedStore.open(file, CAPACITY);
    } catch (UncheckedIOException | IllegalArgumentException e) {
      LOG.error("a FIX client cannot log on: {}", e.getMessage(), e);
      return null;
    }
  }

  private void settle(Lease lease, MappedStore store) {
    if (closed && store != null) {
      store.close();
      return;
    }
    lease.store = store;
    lease.failed = store == null;
    Runnable next = lease.whenSettled;
    lease.whenSettled = null;
    next.run();
  }

  /** The connection is gone. */
  void giveBack(Lease lease) {
    lease.taken = false;
  }

  /** A name that no CompID can lead elsewhere by. */
  private static String name(FixVersion version, String compId) {
    StringBuilder name = new StringBuilder(version.beginString()).append('_');
    for (int i = 0; i < compId.length(); i++) {
      char c = compId.charAt(i);
      boolean plain = c < 128 && Character.isLetterOrDigit(c) || c == '-' || c == '_';
      name.append(plain ? String.valueOf(c) : String.format("%%%02x", (int) c));
    }
    return name.append(".store").toString();
  }

  void close() {
    closed = true;
    for (Lease lease : leases.values()) {
      if (lease.store != null) {
        lease.store.close();
      }
    }
    leases.clear();
  }
}
