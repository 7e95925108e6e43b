package io.semnal.journal;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Notes which files on disk a journal consists of, by their inodes and dates of birth: so that one
 * that was restored from a backup, or copied, is told from the one that clients know. Both may end
 * anywhere, and what each says beyond the common part differs.
 */
final class JournalOrigin {
  private static final String FILE = "origin";

  private JournalOrigin() {}

  /** Writes down the files as they are. */
  static void write(JournalDirectory journal) {
    Path note = journal.path().resolve(FILE);
    if (!journal.path().getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    StringBuilder text = new StringBuilder();
    try {
      for (Path file : files(journal)) {
        text.append(journal.path().relativize(file)).append('\t');
        text.append(identity(file)).append('\n');
      }
    } catch (IOException e) {
      throw new JournalException("cannot write " + note, e);
    }
    AtomicFile.write(note, text.toString());
  }

  /**
   * Whether a file is another than the one that was written down under its name. A note that cannot
   * be understood says so as well: of the two answers it is the one that misleads no client.
   */
  static boolean isCopied(JournalDirectory journal) {
    Path note = journal.path().resolve(FILE);
    if (!Files.exists(note)) {
      return false;
    }
    try {
      for (String line : Files.readAllLines(note, StandardCharsets.UTF_8)) {
        String[] parts = line.split("\t", 2);
        if (parts.length != 2 || parts[0].indexOf('\0') >= 0) {
          return true;
        }
        Path file = journal.path().resolve(parts[0]);
        if (Files.exists(file)
            && !parts[1].equals(identity(file))
            && !standsForPruned(journal, file)) {
          return true;
        }
      }
      return false;
    } catch (CharacterCodingException e) {
      return true;
    } catch (IOException e) {
      throw new JournalException("cannot read " + note, e);
    }
  }

  /** A pruning has put this file in the place of the one that was written down. */
  private static boolean standsForPruned(JournalDirectory journal, Path file) {
    String folder = file.getParent().getFileName().toString();
    for (Side side : List.of(Side.INBOUND, Side.OUTBOUND)) {
      if (folder.equals(side.folder())) {
        return QueueFiles.cycle(journal.path(), file) == journal.floor().cycle(side);
      }
    }
    return false;
  }

  private static List<Path> files(JournalDirectory journal) {
    List<Path> files = new ArrayList<>(List.of(journal.path().resolve(JournalFormat.FILE)));
    for (Side side : List.of(Side.INBOUND, Side.OUTBOUND)) {
      Path folder = journal.path().resolve(side.folder());
      if (Files.isDirectory(folder)) {
        try (Stream<Path> queue = Files.list(folder)) {
          queue.filter(f -> f.toString().endsWith(".cq4")).sorted().forEach(files::add);
        } catch (IOException e) {
          throw new JournalException("cannot list " + folder, e);
        }
      }
    }
    return files;
  }

  private static String identity(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino")
        + " "
        + Files.readAttributes(file, BasicFileAttributes.class).creationTime().toInstant();
  }
}
