package io.semnal.features;

import java.nio.file.Path;

/** A bar file says something that cannot be read: names file, line and problem. */
public final class BarFileException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param line from 1; 0 = the file as a whole
   */
  public BarFileException(Path file, long line, String problem) {
    super(file + (line > 0 ? ", line " + line : "") + ": " + problem);
  }
}
