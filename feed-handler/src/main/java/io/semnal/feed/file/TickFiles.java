package io.semnal.feed.file;

import io.semnal.feed.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;

/** Opens tick files. */
public final class TickFiles {
  private TickFiles() {}

  /**
   * One source for all files, in the order given.
   *
   * @throws BadInputException if one of the files is not there or cannot be read, whatever {@link
   *     OnError} says: nothing was read yet
   * @throws IllegalArgumentException if the options do not fit the format
   */
  public static TickFileSource open(TickFormat format, List<Path> paths, TickFileOptions options)
      throws IOException {
    Objects.requireNonNull(format);
    check(format, paths, options);
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new BadInputException(path + ": no such file");
      }
      if (!Files.isRegularFile(path)) {
        throw new BadInputException(path + ": is not a file");
      }
      if (!Files.isReadable(path)) {
        throw new BadInputException(path + ": may not be read");
      }
    }
    return new TickFileSource(format, paths, options);
  }

  private static void check(TickFormat format, List<Path> paths, TickFileOptions options) {
    boolean csv = format == TickFormat.CSV;
    if (csv && options.mapping() == null) {
      throw new IllegalArgumentException("csv needs a column mapping such as time=0,bid=1,ask=2");
    }
    if (!csv && options.mapping() != null) {
      throw new IllegalArgumentException(format.wireName() + " takes no column mapping");
    }
    if (csv) {
      TimeFormat.of(options.mapping().timeFormat(), ZoneOffset.UTC);
    }
    boolean bi5 = format == TickFormat.BI5;
    if (bi5 && options.zone() != null && options.zone().getTotalSeconds() != 0) {
      throw new IllegalArgumentException("bi5 files are UTC: they take no zone");
    }
    if (!bi5 && options.pointDecimals() >= 0) {
      throw new IllegalArgumentException(format.wireName() + " takes no point decimals");
    }
    if (options.start() != null) {
      if (!bi5 && format != TickFormat.LEAN_TICK) {
        throw new IllegalArgumentException(format.wireName() + " takes no start");
      }
      long second = options.start().getEpochSecond();
      if (second < 0 || second >= TimeFormat.END / TimeFormat.SECOND) {
        throw new IllegalArgumentException("start " + options.start() + " is not in 1970 to 2199");
      }
      if (paths.size() > 1) {
        throw new IllegalArgumentException(
            "a start is that of one file, but " + paths.size() + " are given");
      }
    }
  }
}
