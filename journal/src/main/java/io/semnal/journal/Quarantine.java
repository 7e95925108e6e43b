package io.semnal.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The inbound messages that no engine is given any more, because one died of them. Recovery, replay
 * and live operation leave them out alike; the journal keeps them.
 */
public final class Quarantine {
  private static final String FILE = "quarantine";

  private final Path file;
  private final TreeMap<Long, String> reasons;
  private long[] sequences;

  private Quarantine(Path file, TreeMap<Long, String> reasons) {
    this.file = file;
    this.reasons = reasons;
    index();
  }

  /**
   * @throws JournalException naming the line that is not understood
   */
  public static Quarantine of(JournalDirectory journal) {
    Path file = journal.path().resolve(FILE);
    TreeMap<Long, String> reasons = new TreeMap<>();
    if (Files.exists(file)) {
      try {
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
          number++;
          String[] parts = line.split("\t", 3);
          if (parts.length != 3 || !parts[0].matches("[0-9]{1,18}")) {
            throw new JournalException(file + " line " + number + " is not SEQ, time and reason");
          }
          reasons.put(Long.parseLong(parts[0]), parts[1] + "\t" + parts[2]);
        }
      } catch (IOException e) {
        throw new JournalException("cannot read " + file, e);
      }
    }
    return new Quarantine(file, reasons);
  }

  /** Whether the inbound message is left out. Allocates nothing. */
  public boolean contains(long journalSeq) {
    return sequences.length > 0 && Arrays.binarySearch(sequences, journalSeq) >= 0;
  }

  /** Time and reason, separated by a tab, by {@code journalSeq}. */
  public Map<Long, String> reasons() {
    return java.util.Collections.unmodifiableMap(reasons);
  }

  /**
   * Leaves an inbound message out from now on, and writes that down. The caller has the journal
   * open for writing.
   *
   * @throws JournalException if there is no such message, or a run begins with it
   */
  public void skip(JournalDirectory journal, long journalSeq, String reason) {
    if (journal.isReadOnly()) {
      throw new IllegalStateException("open for reading only");
    }
    requireSkippable(journal, journalSeq);
    reasons.put(journalSeq, Instant.now() + "\t" + reason.replaceAll("\\s+", " ").strip());
    AtomicFile.write(file, text());
    index();
  }

  /** Leaves the same messages out of a journal that has the same inbound messages. */
  void copyTo(JournalDirectory journal) {
    if (!reasons.isEmpty()) {
      AtomicFile.write(journal.path().resolve(FILE), text());
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    reasons.forEach((seq, why) -> text.append(seq).append('\t').append(why).append('\n'));
    return text.toString();
  }

  private static void requireSkippable(JournalDirectory journal, long journalSeq) {
    if (journalSeq <= journal.floor().snapshotSeq()) {
      throw new JournalException(
          "inbound message "
              + journalSeq
              + " lies before the snapshot at "
              + journal.floor().snapshotSeq()
              + " with which the pruned journal begins: no replay is given it any more");
    }
    boolean[] found = {false, false};
    try (QueueReader reader = journal.inboundReader()) {
      if (reader.seekToSequence(journalSeq)) {
        reader.readNext(
            (buffer, offset, length) -> {
              found[0] = Side.INBOUND.sequence(buffer, offset) == journalSeq;
              found[1] = RunHeaders.isHeader(buffer, offset);
            });
      }
    }
    if (!found[0]) {
      throw new JournalException("there is no inbound message " + journalSeq);
    }
    if (found[1]) {
      throw new JournalException(
          "inbound message " + journalSeq + " begins a run and cannot be left out");
    }
  }

  private void index() {
    sequences = reasons.keySet().stream().mapToLong(Long::longValue).toArray();
  }
}
