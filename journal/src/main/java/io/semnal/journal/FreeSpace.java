package io.semnal.journal;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room a journal's disk has left for whoever may write to it. */
@FunctionalInterface
public interface FreeSpace {
  /** Bytes. */
  long bytes();

  /** Of the disk that a folder, or the one in which it will be made, lies on. */
  static FreeSpace of(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      FileStore store = Files.getFileStore(existing);
      return () -> {
        try {
          return store.getUsableSpace();
        } catch (IOException e) {
          throw new JournalException("cannot ask for the space left for " + folder, e);
        }
      };
    } catch (IOException e) {
      throw new JournalException("cannot find the disk of " + folder, e);
    }
  }
}
