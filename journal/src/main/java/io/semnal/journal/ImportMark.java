package io.semnal.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Says in a journal's folder which files an import takes its ticks from, and how many ticks the
 * journal had before, so that an import that was stopped or killed goes on where it was. Importing
 * thread.
 */
public final class ImportMark {
  private static final String FILE = "import";

  private final Path file;
  private final long taken;

  private ImportMark(Path file, long taken) {
    this.file = file;
    this.taken = taken;
  }

  /**
   * Marks an import's beginning, or finds the one that it goes on from.
   *
   * @param inputs the import's files: the same ones, if they have the same names and lengths
   * @param sourceSeq ticks of all imports that the journal has
   * @throws JournalException if the mark cannot be read or written
   */
  public static ImportMark begin(JournalDirectory journal, List<Path> inputs, long sourceSeq) {
    Path file = journal.path().resolve(FILE);
    try {
      String names = names(inputs);
      if (Files.exists(file)) {
        String[] parts = Files.readString(file, StandardCharsets.UTF_8).split("\n", 2);
        if (parts.length == 2 && parts[1].equals(names) && parts[0].matches("[0-9]{1,18}")) {
          long before = Long.parseLong(parts[0]);
          if (before <= sourceSeq) {
            return new ImportMark(file, sourceSeq - before);
          }
        }
      }
      AtomicFile.write(file, sourceSeq + "\n" + names);
      return new ImportMark(file, 0);
    } catch (IOException e) {
      throw new JournalException("cannot use " + file, e);
    }
  }

  private static String names(List<Path> inputs) throws IOException {
    StringBuilder names = new StringBuilder();
    for (Path input : inputs) {
      names.append(Files.size(input)).append('\t').append(input.getFileName()).append('\n');
    }
    return names.toString();
  }

  /** Ticks of these files that the journal has already. */
  public long taken() {
    return taken;
  }

  /** The import came to its end. */
  public void done() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new JournalException("cannot remove " + file, e);
    }
  }
}
