package io.semnal.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a journal's snapshots, named by the last inbound message that is in each. Kept are
 * the newest ones, one that is {@link SnapshotChoice#WRITTEN_BACK} older than the newest, the one
 * that a pruned journal begins with, and of the others the first of each inbound file, up to {@link
 * #MOST_STEPS}: with these a journal can be pruned later.
 */
public final class SnapshotFiles {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFiles.class);
  private static final String SUFFIX = ".snap";

  /** A journal of one run can be pruned to within about a sixteenth of its length. */
  static final int MOST_STEPS = 32;

  private final JournalDirectory journal;
  private final Path folder;

  SnapshotFiles(JournalDirectory journal) {
    this.journal = journal;
    folder = journal.path().resolve("snapshots");
  }

  /** {@code journalSeq} of each snapshot kept, the newest first; whether they serve is not said. */
  public static List<Long> sequences(JournalDirectory journal) {
    return new SnapshotFiles(journal).newestFirst();
  }

  List<Long> newestFirst() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9]{19}\\" + SUFFIX))
          .map(name -> Long.parseLong(name.substring(0, name.length() - SUFFIX.length())))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new JournalException("cannot list " + folder, e);
    }
  }

  Path file(long journalSeq) {
    return folder.resolve("%019d%s".formatted(journalSeq, SUFFIX));
  }

  /**
   * @throws JournalException naming the file and what is wrong with it
   */
  Snapshot read(long journalSeq) {
    Path file = file(journalSeq);
    try {
      Snapshot snapshot = Snapshot.decode(Files.readAllBytes(file));
      if (snapshot.journalSeq() != journalSeq) {
        throw new JournalException("it is the snapshot of " + snapshot.journalSeq());
      }
      return snapshot;
    } catch (IOException e) {
      throw new JournalException("snapshot " + file.getFileName() + " cannot be read: " + e, e);
    } catch (JournalException e) {
      throw new JournalException(
          "snapshot " + file.getFileName() + " is left out: " + e.getMessage(), e);
    }
  }

  /**
   * Writes a snapshot, and deletes older ones beyond {@code keep} that no pruning needs.
   *
   * @return bytes of its file
   */
  int write(Snapshot snapshot, int keep) {
    byte[] bytes = snapshot.encode();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new JournalException("cannot make " + folder, e);
    }
    AtomicFile.write(file(snapshot.journalSeq()), bytes);
    synchronized (journal.snapshotLock()) {
      List<Long> newestFirst = newestFirst();
      List<Long> older = newestFirst.stream().skip(keep).sorted().toList();
      if (!older.isEmpty()) {
        Set<Long> stay = new HashSet<>(steps(older));
        stay.add(journal.floor().snapshotSeq());
        stay.addAll(longOnDisk(newestFirst, snapshot.wallTime()));
        older.stream().filter(s -> !stay.contains(s)).forEach(this::delete);
      }
    }
    return bytes.length;
  }

  /**
   * The newest one that the machine's crash cannot take from a start, and of the younger ones the
   * oldest, which is the next such. Where snapshots come quickly, the newest few are all too young,
   * or were all made after what kills every engine.
   */
  private List<Long> longOnDisk(List<Long> newestFirst, long wallTime) {
    List<Long> younger = new ArrayList<>();
    for (long sequence : newestFirst) {
      try {
        if (wallTime - read(sequence).wallTime() >= SnapshotChoice.WRITTEN_BACK.toNanos()) {
          return younger.isEmpty() ? List.of(sequence) : List.of(sequence, younger.getLast());
        }
        younger.add(sequence);
      } catch (JournalException e) {
        // It serves no start; the next one may.
        LOG.debug("{}", e.getMessage());
      }
    }
    return younger.isEmpty() ? List.of() : List.of(younger.getLast());
  }

  /**
   * Those at which whole files can go later: the first of each inbound file but the oldest. If
   * there are too many, they are thinned where they lie closest.
   */
  private List<Long> steps(List<Long> ascending) {
    List<Long> begins =
        QueueFiles.found(journal.queue(Side.INBOUND)).stream()
            .skip(1)
            .map(QueueFiles.Found::firstSequence)
            .toList();
    List<Long> steps = new ArrayList<>();
    int file = 0;
    for (long sequence : ascending) {
      boolean isFirst = false;
      while (file < begins.size() && begins.get(file) <= sequence) {
        isFirst = true;
        file++;
      }
      if (isFirst && sequence >= journal.floor().journalSeq()) {
        steps.add(sequence);
      }
    }
    return thinned(steps, MOST_STEPS);
  }

  static List<Long> thinned(List<Long> ascending, int most) {
    List<Long> left = new ArrayList<>(ascending);
    while (left.size() > most) {
      left.remove(closest(left));
    }
    return left;
  }

  /** Whose neighbours lie closest to each other. */
  private static int closest(List<Long> steps) {
    int closest = 1;
    for (int i = 2; i + 1 < steps.size(); i++) {
      if (steps.get(i + 1) - steps.get(i - 1) < steps.get(closest + 1) - steps.get(closest - 1)) {
        closest = i;
      }
    }
    return closest;
  }

  /**
   * A snapshot that lies ahead of the journal would fit what is journaled later, by number only.
   */
  void deleteBeyond(long journalSeq) {
    newestFirst().stream().filter(sequence -> sequence > journalSeq).forEach(this::delete);
  }

  private void delete(long journalSeq) {
    try {
      Files.delete(file(journalSeq));
    } catch (NoSuchFileException e) {
      // Gone already, which is what was wanted.
      return;
    } catch (IOException e) {
      throw new JournalException("cannot delete " + file(journalSeq), e);
    }
  }
}
