package io.semnal.gateway;

import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.store.MappedStore;
import io.semnal.fix.store.MessageStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The message stores of FIX clients: one file for each CompID and version, which outlives the
 * process, in use by one connection at a time. Loop thread.
 */
final class FixStores {
  /** Some ten thousand IOIs. */
  private static final int CAPACITY = 4 << 20;

  private static final class Entry {
    MappedStore store;
    boolean used;
  }

  private final Path directory;
  private final Map<String, Entry> entries = new HashMap<>();

  FixStores(Path directory) {
    this.directory = directory;
  }

  /** The store; {@code null}: another connection has it. */
  MessageStore take(FixVersion version, String compId) {
    Entry entry = entries.computeIfAbsent(name(version, compId), n -> new Entry());
    if (entry.used) {
      return null;
    }
    if (entry.store == null) {
      entry.store = MappedStore.open(directory.resolve(name(version, compId)), CAPACITY);
    }
    entry.used = true;
    return entry.store;
  }

  void giveBack(FixVersion version, String compId) {
    entries.get(name(version, compId)).used = false;
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
    for (Entry entry : entries.values()) {
      if (entry.store != null) {
        entry.store.close();
      }
    }
    entries.clear();
  }
}
