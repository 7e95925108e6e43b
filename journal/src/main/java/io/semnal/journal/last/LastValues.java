package io.semnal.journal.last;

import io.semnal.journal.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.openhft.chronicle.map.ChronicleMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the last-value map of a journal from any process, without touching the server: from a copy
 * of its file. A reader can be killed at any instant; it holds nothing that anybody waits for.
 */
public final class LastValues {
  private static final int ATTEMPTS = 5;

  private LastValues() {}

  /**
   * The messages by key. What was being written while the file was copied is looked for again a few
   * times, and then left out.
   *
   * @return messages as the journal has them, perhaps without their variable data
   * @throws JournalException if the journal has no last values, or they cannot be read
   */
  public static Map<Long, UnsafeBuffer> read(Path journal) {
    try {
      Path copy = Files.createTempFile("semnal-last-values", ".cm3");
      try {
        return read(journal.resolve(LastValueFile.NAME), copy);
      } finally {
        Files.deleteIfExists(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<Long, UnsafeBuffer> read(Path file, Path copy) throws IOException {
    Map<Long, UnsafeBuffer> values = Map.of();
    RuntimeException unreadable = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        if (!LastValueFile.isMap(copy)) {
          throw new JournalException(file + " is not a file of last values, or damaged");
        }
        AtomicInteger damaged = new AtomicInteger();
        values = values(copy, damaged);
        unreadable = null;
        if (damaged.get() == 0) {
          return values;
        }
      } catch (NoSuchFileException e) {
        throw new JournalException(
            "there are no last values at "
                + file
                + ": a server that runs with this journal writes them",
            e);
      } catch (RuntimeException e) {
        // Copied while it was made; what is still so next time is told.
        unreadable = e;
      }
    }
    if (unreadable != null) {
      throw new JournalException("cannot read " + file + ": " + unreadable, unreadable);
    }
    return values;
  }

  private static Map<Long, UnsafeBuffer> values(Path copy, AtomicInteger damaged)
      throws IOException {
    Map<Long, UnsafeBuffer> values = new TreeMap<>();
    LastFrame frame = new LastFrame();
    try (ChronicleMap<Long, byte[]> map =
        LastValueFile.recoverCopy(copy.toFile(), damaged::incrementAndGet)) {
      map.forEach(
          (key, value) -> {
            byte[] message = frame.read(key, value);
            if (message == null) {
              damaged.incrementAndGet();
            } else {
              values.put(key, new UnsafeBuffer(message));
            }
          });
    }
    return values;
  }
}
