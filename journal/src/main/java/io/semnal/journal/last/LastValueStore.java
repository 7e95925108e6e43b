package io.semnal.journal.last;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import net.openhft.chronicle.map.ChronicleMap;
import org.agrona.DirectBuffer;

/**
 * Writes the last-value map of a journal: messages by key, for other processes to look at. The map
 * says nothing that the journal does not say, and is made anew with every start.
 *
 * <p>Readers take copies of the file ({@link LastValues}) and never a lock in it, so that nothing
 * that happens to them can hold up this writer. One thread at a time.
 */
public final class LastValueStore implements AutoCloseable {
  private final LastFrame frame = new LastFrame();
  private final ChronicleMap<Long, byte[]> map;

  private LastValueStore(ChronicleMap<Long, byte[]> map) {
    this.map = map;
  }

  /**
   * Makes an empty map beside a journal; one that is there is replaced by a new file, whoever has
   * it open. The caller holds the journal's lock.
   *
   * @param entries that will be written at most
   */
  public static LastValueStore create(Path journal, long entries) throws IOException {
    Path file = journal.resolve(LastValueFile.NAME);
    Path made = journal.resolve(LastValueFile.NAME + ".new");
    Files.deleteIfExists(made);
    LastValueStore store = new LastValueStore(LastValueFile.create(made.toFile(), entries));
    try {
      // Nobody sees a map that is being made.
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
      return store;
    } catch (IOException e) {
      store.close();
      throw e;
    }
  }

  /** Replaces the value of a key by a message. */
  public void put(long key, DirectBuffer message, int offset, int length) {
    map.put(key, frame.write(key, message, offset, length));
  }

  @Override
  public void close() {
    map.close();
  }
}
