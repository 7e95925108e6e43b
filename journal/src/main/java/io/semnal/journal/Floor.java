package io.semnal.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a pruned journal begins to be whole, and to replay: at the header of a run, or inside a
 * run, behind the message that a snapshot was made at. Of what lay before, both queues still hold
 * in their oldest files what comes after it needs to know.
 *
 * @param journalSeq the first inbound message that can be replayed; 1 = nothing was ever pruned
 * @param outSeq the first outbound message that its replay says
 * @param inboundCycle the inbound file that stands for all older ones; 0 = none was removed
 * @param outboundCycle the outbound file that stands for all older ones; 0 = none was removed
 * @param snapshotSeq the last inbound message that is in the snapshot with which a replay begins; 0
 *     = it begins with a run's header
 */
public record Floor(
    long journalSeq, long outSeq, int inboundCycle, int outboundCycle, long snapshotSeq) {
  public static final Floor NONE = new Floor(1, 1, 0, 0, 0);
  static final String FILE = "floor";
  private static final String FORMAT =
      "[0-9]{1,18}\t[0-9]{1,18}\t[0-9]{1,10}\t[0-9]{1,10}(\t[0-9]{1,18})?";

  /**
   * @throws JournalException if the file cannot be read
   */
  static Floor read(Path journal) {
    Path file = journal.resolve(FILE);
    if (!Files.exists(file)) {
      return NONE;
    }
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8).strip();
      if (!text.matches(FORMAT)) {
        throw new CorruptJournalException(
            file + " does not say where the pruned journal begins; restore it from a backup");
      }
      String[] parts = text.split("\t");
      return new Floor(
          Long.parseLong(parts[0]),
          Long.parseLong(parts[1]),
          Integer.parseInt(parts[2]),
          Integer.parseInt(parts[3]),
          parts.length > 4 ? Long.parseLong(parts[4]) : 0);
    } catch (IOException e) {
      throw new JournalException("cannot read " + file, e);
    }
  }

  void write(Path journal) {
    AtomicFile.write(
        journal.resolve(FILE),
        journalSeq
            + "\t"
            + outSeq
            + "\t"
            + inboundCycle
            + "\t"
            + outboundCycle
            + "\t"
            + snapshotSeq
            + "\n");
  }

  int cycle(Side side) {
    return side == Side.INBOUND ? inboundCycle : outboundCycle;
  }

  /** Whether a run has lost its beginning: it replays from the floor's snapshot on. */
  public boolean isInside(RunInfo run) {
    return snapshotSeq > 0 && run.headerSeq() <= snapshotSeq;
  }

  /** The first sequence of a queue from which on every one is there. */
  long first(Side side) {
    return side == Side.INBOUND ? journalSeq : outSeq;
  }
}
