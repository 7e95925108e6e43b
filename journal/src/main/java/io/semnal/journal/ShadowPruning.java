package io.semnal.journal;

import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ModelDefinitionDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.TreeMap;
import net.openhft.chronicle.queue.RollCycle;
import org.agrona.DirectBuffer;

/**
 * Removes the files of challengers' scores whose causes have all been pruned. The newest of them is
 * replaced by one with the definitions of the models that later scores name.
 *
 * <p>The replacing file is written into a folder that gets its name when it is whole: a kill before
 * that leaves everything as it was, one after it is made good at the next start.
 */
final class ShadowPruning {
  /** Inside the folder of a pruning that is under way. */
  private static final String WHOLE = Side.SHADOW.folder();

  private static final String UNFINISHED = WHOLE + ".tmp";

  private final JournalDirectory journal;
  private final long firstKept;
  private final TreeMap<Integer, byte[]> definitions = new TreeMap<>();
  private final TreeMap<Integer, byte[]> definitionsSoFar = new TreeMap<>();
  private int last = QueueReader.NOWHERE;
  private int files;

  private ShadowPruning(JournalDirectory journal, long firstKept) {
    this.journal = journal;
    this.firstKept = firstKept;
  }

  /**
   * Writes, aside, what stands for the files that go.
   *
   * @param firstKept inbound message from which on scores are kept
   */
  static void prepare(JournalDirectory journal, long firstKept, Path aside) throws IOException {
    if (QueueFiles.exist(journal.path().resolve(Side.SHADOW.folder()))) {
      new ShadowPruning(journal, firstKept).write(aside);
    }
  }

  private void write(Path aside) throws IOException {
    RollCycle roll = JournalQueue.rollCycle(JournalFormat.read(journal.path()).rollCycle());
    try (JournalDirectory anew = JournalDirectory.openReadOnly(journal.path());
        QueueReader reader = anew.shadowReader()) {
      look(reader);
    } catch (CorruptJournalException e) {
      // What is damaged is nobody's to throw away; the others' files go all the same.
      Pruning.LOG.warn("nothing is pruned of the shadow queue: {}", e.getMessage());
      return;
    }
    // Where only one goes that holds no scores any more, nothing would be gained.
    if (files == 0 || definitions.isEmpty() || oldestRead() <= last) {
      return;
    }
    Path unfinished = aside.resolve(UNFINISHED);
    Pruning.write(unfinished, last, List.copyOf(definitions.values()), roll);
    Files.move(unfinished, aside.resolve(WHOLE), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The files before the one that has the first score to be kept, and not the last one. */
  private void look(QueueReader reader) {
    int[] cycle = {QueueReader.NOWHERE};
    boolean[] kept = {false};
    boolean[] scores = {false};
    reader.seekToStart();
    while (!kept[0]
        && reader.readNext(
            (buffer, offset, length) -> {
              if (reader.cycle() != cycle[0]) {
                if (cycle[0] != QueueReader.NOWHERE) {
                  last = cycle[0];
                  files += scores[0] ? 1 : 0;
                  definitions.clear();
                  definitions.putAll(definitionsSoFar);
                }
                cycle[0] = reader.cycle();
                scores[0] = false;
              }
              if (isDefinition(buffer, offset)) {
                byte[] bytes = new byte[length];
                buffer.getBytes(offset, bytes);
                definitionsSoFar.put(modelId(buffer, offset), bytes);
              } else {
                scores[0] = true;
                kept[0] = Side.SHADOW.sequence(buffer, offset) >= firstKept;
              }
            })) {
      // To the first score that stays, or the end of the queue.
    }
  }

  private static boolean isDefinition(DirectBuffer buffer, int offset) {
    return MessageLayout.templateId(buffer, offset) == ModelDefinitionDecoder.TEMPLATE_ID;
  }

  private static int modelId(DirectBuffer buffer, int offset) {
    return new ModelDefinitionDecoder()
        .wrap(
            buffer,
            offset + MessageLayout.HEADER,
            ModelDefinitionDecoder.BLOCK_LENGTH,
            ModelDefinitionDecoder.SCHEMA_VERSION)
        .modelId();
  }

  private int oldestRead() {
    return Math.min(
        journal.oldestShadowRead(), ReaderPresence.oldestRead(journal.path(), Side.SHADOW));
  }

  /** Puts what {@link #prepare} wrote in place, and removes what it stands for. */
  static void exchange(Path journal, Path aside) throws IOException {
    Path folder = journal.resolve(Side.SHADOW.folder());
    // The second file only ended the first.
    Path file = QueueFiles.list(aside.resolve(WHOLE)).stream().findFirst().orElse(null);
    if (file != null) {
      Path target = folder.resolve(file.getFileName());
      for (Path old : QueueFiles.list(folder)) {
        if (QueueFiles.cycle(journal, old) < QueueFiles.cycle(journal, file)) {
          Files.deleteIfExists(SumFile.beside(old));
          Files.delete(old);
        }
      }
      for (Path ending : QueueFiles.list(aside.resolve(WHOLE))) {
        if (!ending.equals(file)) {
          Files.delete(ending);
        }
      }
      Files.deleteIfExists(SumFile.beside(target));
      // Behind all else: as long as it is aside, this is done again.
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }
    for (Path sums : SumFile.list(aside.resolve(WHOLE))) {
      Files.move(sums, folder.resolve(sums.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
