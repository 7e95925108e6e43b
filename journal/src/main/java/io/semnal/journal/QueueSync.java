package io.semnal.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Has the system write a queue's newest file to its disk, and the one before once more after a
 * roll. Any thread, one at a time; the appending thread goes on meanwhile.
 */
final class QueueSync implements AutoCloseable {
  private final Path folder;
  private Path current;
  private FileChannel channel;

  QueueSync(Path folder) {
    this.folder = folder;
  }

  /** Returns when everything that was appended before the call is on the disk. */
  synchronized void force() {
    try {
      List<Path> files = QueueFiles.list(folder);
      if (files.isEmpty()) {
        return;
      }
      if (channel != null) {
        channel.force(true);
      }
      if (!files.getLast().equals(current)) {
        close();
        // Files that came and were rolled away between two calls, and the newest.
        int from = current == null ? files.size() - 1 : files.indexOf(current) + 1;
        for (Path file : files.subList(from, files.size())) {
          close();
          current = file;
          channel = FileChannel.open(file, StandardOpenOption.WRITE);
          channel.force(true);
        }
        forceFolder();
      }
    } catch (IOException e) {
      throw new JournalException("cannot write " + folder + " to its disk", e);
    }
  }

  /** A new file's name is content of its folder. */
  private void forceFolder() throws IOException {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  @Override
  public synchronized void close() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new JournalException("cannot close " + current, e);
      }
      channel = null;
    }
  }
}
