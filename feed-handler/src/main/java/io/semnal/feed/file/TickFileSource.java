package io.semnal.feed.file;

import io.semnal.feed.BadInputException;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The ticks of several files, one after the other, as they come: neither sorted nor merged. One
 * thread.
 */
public final class TickFileSource implements TickSource {
  private final TickFormat format;
  private final List<Path> paths;
  private final TickFileOptions options;
  private final Symbols symbols;
  private final Problems problems;
  private final long[] sizes;
  private TickFile file;
  private int next;
  private int filesCounted;
  private long ticks;
  private long bytesDone;
  private boolean failed;

  TickFileSource(TickFormat format, List<Path> paths, TickFileOptions options) throws IOException {
    this.format = format;
    this.paths = List.copyOf(paths);
    this.options = options;
    symbols = new Symbols(options);
    problems = new Problems(options.onError());
    sizes = new long[paths.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Files.size(paths.get(i));
    }
  }

  /**
   * Reads the next tick. Allocates nothing but when a file is opened, and for times by a pattern.
   *
   * @return {@code false} behind the last tick of the last file
   * @throws BadInputException with {@link OnError#STOP}, {@code file:line: what was wrong (the
   *     text)}; nothing can be read after that
   */
  @Override
  public boolean next(Tick into) throws IOException {
    if (failed) {
      throw new IllegalStateException("reading stopped at an error");
    }
    while (file != null || next < paths.size()) {
      try {
        if (file == null) {
          file = open(paths.get(next++));
        }
        if (file.next(into)) {
          ticks++;
          return true;
        }
        closeFile();
      } catch (BadInputException e) {
        failed = true;
        throw e;
      } catch (IOException e) {
        giveUpFile(e);
      }
    }
    return false;
  }

  private TickFile open(Path path) throws IOException {
    return format == TickFormat.BI5
        ? new Bi5TickFile(path, options, symbols, problems)
        : new TextTickFile(path, format, options, symbols, problems);
  }

  private void giveUpFile(IOException cause) throws IOException {
    String place = file == null ? paths.get(next - 1).toString() : file.place();
    failed = options.onError() == OnError.STOP;
    try {
      problems.file(place + ": " + reason(cause), cause);
    } finally {
      closeFile();
    }
  }

  private static String reason(IOException cause) {
    if (cause instanceof EOFException) {
      return "the file is cut off (" + cause.getMessage() + ")";
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private void closeFile() throws IOException {
    TickFile closing = file;
    file = null;
    if (closing != null) {
      closing.close();
    }
    if (next > filesCounted) {
      filesCounted = next;
      bytesDone += sizes[next - 1];
    }
  }

  /** Ticks passed on. */
  public long ticks() {
    return ticks;
  }

  /** Lines and records left out because they could not be read. */
  public long skipped() {
    return problems.lines();
  }

  /** Files whose rest, or whole, was left out because it could not be read. */
  public int abandonedFiles() {
    return problems.files();
  }

  /** The first few messages about what was left out, each with its place. */
  public List<String> problems() {
    return problems.messages();
  }

  /** Files read to the end or given up. */
  public int filesDone() {
    return file == null ? next : next - 1;
  }

  public int fileCount() {
    return paths.size();
  }

  /** Bytes of all files as they lie on disk. */
  public long bytesTotal() {
    return Arrays.stream(sizes).sum();
  }

  /** Of {@link #bytesTotal()}, for progress: zip and bi5 files count when they are done. */
  public long bytesDone() throws IOException {
    return bytesDone + (file == null ? 0 : file.bytesRead());
  }

  /** Where reading stands, {@code file:line}; empty before the first tick and behind the last. */
  public String place() {
    return file == null ? "" : file.place();
  }

  @Override
  public void close() throws IOException {
    closeFile();
    next = paths.size();
  }
}
