package io.semnal.feed.file;

import io.semnal.core.market.Timeframe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bars of one text file, plain, in a gzip or in a zip: with a header that names the columns, or as
 * LEAN writes them. Closing times are left to the caller.
 */
final class BarTextFile implements AutoCloseable {
  private static final Pattern LEAN_MINUTE =
      Pattern.compile("(?:.*/)?(\\d{4})(\\d{2})(\\d{2})(?:_([A-Za-z]{3,16})_minute)?_quote\\..*");
  private static final Pattern LEAN_LONGER = Pattern.compile("(?:.*/)?([A-Za-z]{3,16})\\..*");

  private final Path path;
  private final Symbols symbols;
  private final ZoneOffset zone;
  private final Problems problems;
  private final LineReader lines = new LineReader();
  private final Row row = new Row();
  private final TextInput input;
  private BarLayout layout;
  private int unnamed;
  private int onlySeconds;
  private int rowSeconds;

  /** Whether the line that the layout was found by is a bar that is still to be read. */
  private boolean begun;

  BarTextFile(Path path, Symbols symbols, ZoneOffset zone, Problems problems) throws IOException {
    this.path = path;
    this.symbols = symbols;
    this.zone = zone;
    this.problems = problems;
    input = new TextInput(path);
  }

  /** Of rows that say their timeframe, only those of this one are read from now on. */
  void only(Timeframe timeframe) {
    onlySeconds = timeframe.seconds();
  }

  /** Seconds that the last row says it lasts; 0 = it does not say. */
  int rowSeconds() {
    return rowSeconds;
  }

  boolean next(FileBar into) throws IOException {
    while (layout != null || nextText()) {
      while (begun || lines.next()) {
        begun = false;
        if (lines.isTooLong()) {
          row.reject(lines.bytes(), lines.start(), lines.end(), "is too long");
          report();
        } else if (!lines.isBlank() && bar(into)) {
          return true;
        }
      }
      layout = null;
    }
    return false;
  }

  private boolean bar(FileBar into) throws IOException {
    row.split(lines.bytes(), lines.start(), lines.end(), (byte) ',');
    rowSeconds = layout.timeframe(row);
    if (rowSeconds > 0 && onlySeconds > 0 && rowSeconds != onlySeconds) {
      return false;
    }
    return rowSeconds >= 0 && layout.parse(row, symbols, unnamed, into) || report();
  }

  private boolean nextText() throws IOException {
    if (!input.next()) {
      return false;
    }
    lines.open(input.stream());
    if (!lines.next()) {
      throw new IOException("is empty");
    }
    row.split(lines.bytes(), lines.start(), lines.end(), (byte) ',');
    if (row.failed()) {
      throw new IOException("is no file of bars: its first line " + row.problem());
    }
    String line =
        new String(
            lines.bytes(),
            lines.start(),
            Math.min(200, lines.end() - lines.start()),
            StandardCharsets.ISO_8859_1);
    if (BarLayout.isLean(row)) {
      beginLean();
      begun = true;
    } else {
      layout = BarLayout.byHeader(row, line, new BarTime(zone));
      unnamed = layout.hasSymbol() ? Symbols.UNKNOWN : unnamed();
    }
    return true;
  }

  private void beginLean() throws IOException {
    String name = name(path, input);
    if (isLonger(row)) {
      layout = BarLayout.lean(new CalendarTime(zone, CalendarTime.COMPACT));
    } else {
      Matcher minute = LEAN_MINUTE.matcher(name);
      long midnight =
          !minute.matches()
              ? TimeFormat.BAD
              : CalendarTime.dateNanos(
                  Integer.parseInt(minute.group(1)),
                  Integer.parseInt(minute.group(2)),
                  Integer.parseInt(minute.group(3)));
      if (midnight == TimeFormat.BAD) {
        throw new IOException(
            "holds milliseconds, but its name '"
                + name
                + "' does not begin with a date such as 20140501_quote.zip");
      }
      layout =
          BarLayout.lean(
              CountedTime.millisOfDay(midnight - zone.getTotalSeconds() * TimeFormat.SECOND));
    }
    String symbol = leanSymbol(name, row);
    unnamed = symbol == null ? unnamed() : symbols.find(symbol);
    if (unnamed == Symbols.UNKNOWN) {
      throw new IOException("holds " + symbol + ", not " + symbols.expected());
    }
  }

  /** Hours and days have a date in each row, minutes have it in the file's name. */
  private static boolean isLonger(Row row) {
    return row.text(0).indexOf(' ') > 0;
  }

  private static String leanSymbol(String name, Row row) {
    Matcher named = (isLonger(row) ? LEAN_LONGER : LEAN_MINUTE).matcher(name);
    String symbol = named.matches() ? named.group(isLonger(row) ? 1 : 4) : null;
    return symbol == null ? null : symbol.toUpperCase(Locale.ROOT);
  }

  private static String name(Path path, TextInput input) {
    return input.entryName() == null ? path.toString().replace('\\', '/') : input.entryName();
  }

  static BarFile.Naming naming(Path path) throws IOException {
    LineReader lines = new LineReader();
    Row row = new Row();
    try (TextInput input = new TextInput(path)) {
      boolean any = input.next();
      if (any) {
        lines.open(input.stream());
        any = lines.next();
      }
      if (!any) {
        return new BarFile.Naming(false, null);
      }
      row.split(lines.bytes(), lines.start(), lines.end(), (byte) ',');
      return BarLayout.isLean(row)
          ? new BarFile.Naming(false, leanSymbol(name(path, input), row))
          : new BarFile.Naming(BarLayout.namesInstruments(row), null);
    }
  }

  private int unnamed() throws IOException {
    return TextLayout.unnamedInstrument(symbols);
  }

  /** Always {@code false}. */
  private boolean report() throws IOException {
    problems.line(problems.wantsMessage() ? place() + ": " + row.problem() : null);
    return false;
  }

  /** Text of the last row's line, for messages. */
  String shown() {
    return Row.shown(lines.bytes(), lines.start(), lines.end());
  }

  String place() {
    String file =
        input.hasSeveral() && input.entryName() != null
            ? path + "!" + input.entryName()
            : path.toString();
    return lines.number() == 0 ? file : file + ":" + lines.number();
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
