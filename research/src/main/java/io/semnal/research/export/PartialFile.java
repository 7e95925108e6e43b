package io.semnal.research.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that gets its name when it is complete; until then it is {@code NAME.part}. */
final class PartialFile implements AutoCloseable {
  private final Path file;
  private final Path part;

  PartialFile(Path file) {
    this.file = file;
    part = file.resolveSibling(file.getFileName() + ".part");
  }

  /**
   * Where to write until {@link #commit}.
   *
   * @throws NoSuchFileException naming the folder, if it is not there
   */
  Path begin() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    return part;
  }

  /**
   * @throws NoSuchFileException naming the folder, if it is not there
   */
  OutputStream open() throws IOException {
    return Files.newOutputStream(begin());
  }

  /** Call once all is written and closed. */
  void commit() throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(part);
  }
}
