package io.semnal.feed.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * One bar file as it is asked for: what it holds is found in it.
 *
 * @param ask a second file with the ask prices of the same bars, {@code path} then has the bid's;
 *     {@code null} = none
 * @param symbol the file's instrument; {@code null} where the file names its instruments itself, in
 *     a column or, of a LEAN file, in its name
 */
public record BarFile(Path path, Path ask, String symbol) {
  public BarFile {
    Objects.requireNonNull(path);
  }

  /**
   * How a file names its instruments.
   *
   * @param inColumn whether its rows do
   * @param symbol that its own name says, as LEAN's do, as it is written; {@code null} = none
   */
  public record Naming(boolean inColumn, String symbol) {}

  /** Looks at a file's first line and name. */
  public static Naming naming(Path path) throws IOException {
    return BarTextFile.naming(path);
  }

  /** A file that names its instruments itself. */
  public static BarFile of(Path path) {
    return new BarFile(path, null, null);
  }

  public static BarFile of(Path path, String symbol) {
    return new BarFile(path, null, Objects.requireNonNull(symbol));
  }
}
