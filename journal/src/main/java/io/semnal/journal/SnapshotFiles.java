package io.semnal.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder of a journal's snapshots, named by the last inbound message that is in each. */
public final class SnapshotFiles {
  private static final String SUFFIX = ".snap";

  private final Path folder;

  SnapshotFiles(JournalDirectory journal) {
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
   * Writes a snapshot, and deletes the oldest ones beyond {@code keep}.
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
    newestFirst().stream().skip(keep).forEach(this::delete);
    return bytes.length;
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
