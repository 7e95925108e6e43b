package io.semnal.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The marker file that says how a journal is laid out, so that an older build refuses what it would
 * misread.
 *
 * @param version of the layout
 * @param rollCycle Chronicle Queue roll cycle that the queues were made with
 */
record JournalFormat(int version, String rollCycle) {
  static final String FILE = "FORMAT";
  static final int VERSION = 1;
  private static final String MAGIC = "semnal-journal ";
  private static final String ROLL = "rollCycle ";

  static boolean exists(Path directory) {
    return Files.isRegularFile(directory.resolve(FILE));
  }

  /**
   * @throws JournalException if the file is not ours, or of a version that this build does not know
   */
  static JournalFormat read(Path directory) {
    Path file = directory.resolve(FILE);
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new JournalException("cannot read " + file, e);
    }
    if (lines.size() < 2
        || !lines.get(0).matches(MAGIC + "[0-9]{1,6}")
        || !lines.get(1).startsWith(ROLL)) {
      throw new JournalException(file + " is not the marker of a Semnal journal");
    }
    int version = Integer.parseInt(lines.get(0).substring(MAGIC.length()));
    if (version != VERSION) {
      throw new JournalException(
          "journal "
              + directory
              + " has format "
              + version
              + "; this build reads and writes format "
              + VERSION);
    }
    String roll = lines.get(1).substring(ROLL.length()).strip();
    try {
      JournalQueue.rollCycle(roll);
    } catch (JournalException e) {
      throw new JournalException(file + ": " + e.getMessage(), e);
    }
    return new JournalFormat(version, roll);
  }

  void write(Path directory) {
    AtomicFile.write(directory.resolve(FILE), MAGIC + version + "\n" + ROLL + rollCycle + "\n");
  }
}
