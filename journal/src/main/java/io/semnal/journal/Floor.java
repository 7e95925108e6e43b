package io.semnal.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a pruned journal begins to be whole: the header of the oldest run that can be replayed. Of
 * what lay before, both queues still hold in their oldest files what the runs after it need to
 * know.
 *
 * @param journalSeq of that header; 1 = nothing was ever pruned
 * @param outSeq the first outbound message of that run
 * @param inboundCycle the inbound file that stands for all older ones; 0 = none was removed
 * @param outboundCycle the outbound file that stands for all older ones; 0 = none was removed
 */
public record Floor(long journalSeq, long outSeq, int inboundCycle, int outboundCycle) {
  public static final Floor NONE = new Floor(1, 1, 0, 0);
  static final String FILE = "floor";
  private static final String FORMAT = "[0-9]{1,18}\t[0-9]{1,18}\t[0-9]{1,10}\t[0-9]{1,10}";

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
          Integer.parseInt(parts[3]));
    } catch (IOException e) {
      throw new JournalException("cannot read " + file, e);
    }
  }

  void write(Path journal) {
    AtomicFile.write(
        journal.resolve(FILE),
        journalSeq + "\t" + outSeq + "\t" + inboundCycle + "\t" + outboundCycle + "\n");
  }

  int cycle(Side side) {
    return side == Side.INBOUND ? inboundCycle : outboundCycle;
  }

  /** The first sequence of a queue from which on every one is there. */
  long first(Side side) {
    return side == Side.INBOUND ? journalSeq : outSeq;
  }
}
