package io.semnal.feed.file;

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

  /** A file that names its instruments itself. */
  public static BarFile of(Path path) {
    return new BarFile(path, null, null);
  }

  public static BarFile of(Path path, String symbol) {
    return new BarFile(path, null, Objects.requireNonNull(symbol));
  }
}
