package io.semnal.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The inbound message at which an engine died last, kept beside the queues, so that a message which
 * kills every engine is not tried for ever.
 *
 * @param journalSeq of the message; 0 = no engine has died
 * @param deaths at this message in a row
 * @param what class and text of the exception
 */
public record FatalRecord(long journalSeq, int deaths, String what) {
  /** Deaths at one message after which it is not tried again. */
  public static final int MOST_DEATHS = 2;

  private static final String FILE = "fatal";
  private static final FatalRecord NONE = new FatalRecord(0, 0, "");

  /**
   * Writes down that the engine died. To be called by whoever drives an engine, before the process
   * ends.
   *
   * @return the record as it now stands
   */
  public static FatalRecord write(JournalDirectory journal, long journalSeq, Throwable error) {
    FatalRecord before = read(journal);
    int deaths = before.journalSeq == journalSeq ? before.deaths + 1 : 1;
    FatalRecord now =
        new FatalRecord(journalSeq, deaths, String.valueOf(error).replaceAll("\\s+", " "));
    AtomicFile.write(
        journal.path().resolve(FILE), now.journalSeq + "\t" + now.deaths + "\t" + now.what + "\n");
    return now;
  }

  /**
   * @throws JournalException if the file is not understood
   */
  public static FatalRecord read(JournalDirectory journal) {
    Path file = journal.path().resolve(FILE);
    if (!Files.exists(file)) {
      return NONE;
    }
    try {
      String[] parts = Files.readString(file, StandardCharsets.UTF_8).strip().split("\t", 3);
      if (parts.length < 2 || !(parts[0] + parts[1]).matches("[0-9]{2,27}")) {
        throw new JournalException(file + " is not SEQ, deaths and exception");
      }
      return new FatalRecord(
          Long.parseLong(parts[0]), Integer.parseInt(parts[1]), parts.length == 3 ? parts[2] : "");
    } catch (IOException e) {
      throw new JournalException("cannot read " + file, e);
    }
  }

  /** The engine got past the message: forget it. */
  static void clear(JournalDirectory journal) {
    try {
      Files.deleteIfExists(journal.path().resolve(FILE));
    } catch (IOException e) {
      throw new JournalException("cannot delete " + journal.path().resolve(FILE), e);
    }
  }

  /**
   * @throws JournalException naming the way out, if the message has killed too often and is not
   *     left out
   */
  void requireWorthTrying(Quarantine quarantine) {
    if (deaths >= MOST_DEATHS && !quarantine.contains(journalSeq)) {
      throw new JournalException(
          "inbound message "
              + journalSeq
              + " has stopped the engine "
              + deaths
              + " times ("
              + what
              + "); leave it out with: semnal journal skip "
              + journalSeq
              + " --reason \"...\"");
    }
  }
}
