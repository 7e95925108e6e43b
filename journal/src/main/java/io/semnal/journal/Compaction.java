package io.semnal.journal;

import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;

/**
 * Gives back what a writer had readied at the end of files that it then left for the next one.
 * Nothing that was written is touched; the newest file of each queue stays as it is.
 */
public final class Compaction {
  private static final long PAGE = 4_096;

  private Compaction() {}

  /**
   * Compacts a journal that is open for writing in this process.
   *
   * @return bytes of disk given back
   */
  public static long compact(JournalDirectory journal) {
    Holes holes = new Holes();
    long before = DiskUse.of(journal.path()).allocated();
    for (Side side : List.of(Side.INBOUND, Side.OUTBOUND)) {
      SingleChronicleQueue queue = journal.queue(side).queue();
      List<QueueFiles.Found> files = QueueFiles.found(journal.queue(side));
      for (QueueFiles.Found file : files.subList(0, Math.max(0, files.size() - 1))) {
        punch(queue, file, holes);
      }
    }
    return Math.max(0, before - DiskUse.of(journal.path()).allocated());
  }

  private static void punch(SingleChronicleQueue queue, QueueFiles.Found found, Holes holes) {
    SingleChronicleQueueStore store =
        queue.storeForCycle(found.cycle(), queue.epoch(), false, null);
    try {
      // The write position is where the last record begins; behind it stands the mark of the
      // end, and nothing more.
      long from = (store.writePosition() / PAGE + 2) * PAGE + QueueReader.MOST_LENGTH;
      Path file = found.file();
      long length = file.toFile().length();
      if (from < length) {
        holes.punch(file, from, length - from);
      }
    } finally {
      queue.closeStore(store);
    }
  }
}
