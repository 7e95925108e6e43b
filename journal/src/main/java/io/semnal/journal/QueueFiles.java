package io.semnal.journal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.RollingResourcesCache;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;

/**
 * Looks at a queue's files before they are mapped. The library maps whole blocks without asking how
 * long a file is: reading a file that was cut off would end the process, writing to it would hide
 * what is missing.
 */
final class QueueFiles {
  /** Bytes by which a file of a queue grows. */
  static final long BLOCK = 64L << 20;

  private static final long OVERLAP = BLOCK / 4;

  private QueueFiles() {}

  /** Whether the queue has any file of messages. */
  static boolean exist(Path folder) {
    return !list(folder).isEmpty();
  }

  /**
   * @throws CorruptJournalException naming the first file whose length no writer leaves behind
   */
  static void requireWhole(Path folder) {
    for (Path file : list(folder)) {
      long length = file.toFile().length();
      // A writer killed between making a file and its first block leaves an empty one.
      if (length != 0 && (length < BLOCK + OVERLAP || (length - OVERLAP) % BLOCK != 0)) {
        throw cutOff(file, length);
      }
    }
  }

  /** The queue's files of messages, the oldest first. */
  static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".cq4")).sorted().toList();
    } catch (IOException e) {
      throw new JournalException("cannot list " + folder, e);
    }
  }

  /**
   * @throws CorruptJournalException naming the first file that is shorter than what it says was
   *     written to it
   */
  static void requireWritten(SingleChronicleQueue queue) {
    int first = queue.firstCycle();
    if (first == Integer.MAX_VALUE) {
      return;
    }
    List<Integer> cycles =
        queue.listCyclesBetween(first, queue.lastCycle()).stream().map(Long::intValue).toList();
    for (int cycle : cycles) {
      SingleChronicleQueueStore store = queue.storeForCycle(cycle, queue.epoch(), false, null);
      if (store != null) {
        try {
          long length = store.file().length();
          if (length < store.writePosition() + OVERLAP) {
            throw cutOff(store.file().toPath(), length);
          }
        } finally {
          queue.closeStore(store);
        }
      }
    }
  }

  /**
   * A file that has messages.
   *
   * @param firstSequence of its first message
   */
  record Found(Path file, int cycle, long firstSequence) {}

  /** The queue's files that have messages, the oldest first. */
  static List<Found> found(JournalQueue source) {
    SingleChronicleQueue queue = source.queue();
    int first = queue == null ? Integer.MAX_VALUE : queue.firstCycle();
    if (first == Integer.MAX_VALUE) {
      return List.of();
    }
    List<Found> found = new ArrayList<>();
    try (QueueSearch search = new QueueSearch(source, false)) {
      for (long cycle : queue.listCyclesBetween(first, queue.lastCycle())) {
        SingleChronicleQueueStore store =
            queue.storeForCycle((int) cycle, queue.epoch(), false, null);
        if (store != null) {
          Mark mark = search.firstOf((int) cycle);
          if (mark != Mark.NONE) {
            found.add(new Found(store.file().toPath(), (int) cycle, mark.sequence()));
          }
          queue.closeStore(store);
        }
      }
    }
    return found;
  }

  /** The file of a queue by its number. */
  static Path file(JournalQueue source, int cycle) {
    String suffix = SingleChronicleQueue.SUFFIX;
    File folder = source.folder().toFile();
    return new RollingResourcesCache(
            source.queue().rollCycle(), 0, name -> new File(folder, name + suffix), File::getName)
        .resourceFor(cycle)
        .path
        .toPath();
  }

  /** The number of a file by its name, with the roll cycle of its journal. */
  static int cycle(Path journal, Path file) {
    RollCycle roll = JournalQueue.rollCycle(JournalFormat.read(journal).rollCycle());
    String name = file.getFileName().toString();
    return new RollingResourcesCache(roll, 0, File::new, f -> "")
        .parseCount(name.substring(0, name.length() - SingleChronicleQueue.SUFFIX.length()));
  }

  private static CorruptJournalException cutOff(Path file, long length) {
    return new CorruptJournalException(
        file + " was cut off: it has " + length + " bytes; restore it from a backup");
  }
}
