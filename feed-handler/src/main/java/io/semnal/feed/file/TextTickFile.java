package io.semnal.feed.file;

import io.semnal.feed.Tick;
import java.io.IOException;
import java.nio.file.Path;

/** Ticks of a text file, plain, in a gzip or in a zip. */
final class TextTickFile implements TickFile {
  private final Path path;
  private final TickFormat format;
  private final TickFileOptions options;
  private final Symbols symbols;
  private final Problems problems;
  private final LineReader lines = new LineReader();
  private final Row row = new Row();
  private TextInput input;
  private TextLayout layout;
  private RowParser parser;

  TextTickFile(
      Path path, TickFormat format, TickFileOptions options, Symbols symbols, Problems problems) {
    this.path = path;
    this.format = format;
    this.options = options;
    this.symbols = symbols;
    this.problems = problems;
  }

  @Override
  public boolean next(Tick into) throws IOException {
    while (layout != null || nextText()) {
      while (lines.next()) {
        if (lines.isTooLong()) {
          row.reject(lines.bytes(), lines.start(), lines.end(), "is too long");
          report();
        } else if (!lines.isBlank() && tick(into)) {
          return true;
        }
      }
      layout = null;
    }
    return false;
  }

  private boolean nextText() throws IOException {
    if (input == null) {
      input = new TextInput(path);
    }
    if (format == TickFormat.LEAN_TICK && input.hasSeveral()) {
      throw new IOException("the zip holds more than one .csv file");
    }
    if (!input.next()) {
      return false;
    }
    lines.open(input.stream());
    parser = null;
    layout = TextLayout.of(format, new FileName(path, input.entryName()), options, symbols);
    return true;
  }

  private boolean tick(Tick into) throws IOException {
    row.split(lines.bytes(), lines.start(), lines.end(), layout.delimiter());
    if (parser != null) {
      return parser.parse(row, into) || report();
    }
    RowParser found = layout.begin(row);
    if (found != null && found.firstLineIsHeader()) {
      parser = found;
      return false;
    }
    if (found == null || !found.parse(row, into)) {
      // a damaged line tells nothing about the layout: the next one is asked
      return report();
    }
    parser = found;
    return true;
  }

  /** Always {@code false}. */
  private boolean report() throws IOException {
    problems.line(problems.wantsMessage() ? place() + ": " + row.problem() : null);
    return false;
  }

  @Override
  public String place() {
    String file =
        input != null && input.hasSeveral() && input.entryName() != null
            ? path + "!" + input.entryName()
            : path.toString();
    return lines.number() == 0 ? file : file + ":" + lines.number();
  }

  @Override
  public long bytesRead() throws IOException {
    return input == null ? 0 : input.bytesRead();
  }

  @Override
  public void close() throws IOException {
    if (input != null) {
      input.close();
    }
  }
}
