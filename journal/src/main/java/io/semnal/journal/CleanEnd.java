package io.semnal.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How far both queues had come when everything published stood in the journal: an orderly end. A
 * start that finds the queues exactly there knows, without replaying, that nothing is unpublished.
 *
 * @param journalSeq last inbound message, whose effects are all journaled
 * @param outSeq last outbound message
 */
public record CleanEnd(long journalSeq, long outSeq) {
  private static final String FILE = "clean";

  /** Writes the mark. To be called after the last append of an orderly end. */
  public void write(JournalDirectory journal) {
    AtomicFile.write(journal.path().resolve(FILE), journalSeq + "\t" + outSeq + "\n");
  }

  /** Writes the mark of a journal to which nothing more will be appended. */
  public static void mark(JournalDirectory journal) {
    try (QueueReader inbound = journal.inboundReader();
        QueueReader outbound = journal.outboundReader()) {
      new CleanEnd(inbound.head().sequence(), outbound.head().sequence()).write(journal);
    }
  }

  /** The mark of the last orderly end, or {@code null}. */
  static CleanEnd read(JournalDirectory journal) {
    Path file = journal.path().resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      String[] parts = Files.readString(file, StandardCharsets.UTF_8).strip().split("\t");
      return parts.length == 2 && parts[0].matches("[0-9]{1,18}") && parts[1].matches("[0-9]{1,18}")
          ? new CleanEnd(Long.parseLong(parts[0]), Long.parseLong(parts[1]))
          : null;
    } catch (IOException e) {
      throw new JournalException("cannot read " + file, e);
    }
  }

  /** Whether the queues stand where the mark says: nothing was appended since. */
  public static boolean holds(JournalDirectory journal, JournalState state) {
    CleanEnd end = read(journal);
    return end != null
        && end.journalSeq == state.inbound().sequence()
        && end.outSeq == state.outbound().sequence();
  }
}
