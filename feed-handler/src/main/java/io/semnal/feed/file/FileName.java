package io.semnal.feed.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the names of tick files tell: date, hour, symbol.
 *
 * @param path of the file
 * @param entry in a zip, or {@code null}
 */
record FileName(Path path, String entry) {
  private static final Pattern LEAN_DATE = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})(?!\\d).*");
  private static final Pattern LEAN_ENTRY =
      Pattern.compile("(?:.*/)?(\\d{8})_([A-Za-z]{3,16})_tick_quote\\.csv");
  private static final Pattern BI5_HOUR =
      Pattern.compile("(?:.*/)?(\\d{4})/(\\d{2})/(\\d{2})/(\\d{2})h_ticks\\.bi5");
  private static final Pattern BI5_SYMBOL =
      Pattern.compile("(?:.*/)?([A-Za-z]{6})/\\d{4}/\\d{2}/\\d{2}/\\d{2}h_ticks\\.bi5");

  /**
   * The day of a LEAN file as if its midnight were UTC, nanoseconds.
   *
   * @throws IOException if the name does not begin with a date, or the entry's says another
   */
  long leanDate() throws IOException {
    String name = path.getFileName().toString();
    Matcher date = LEAN_DATE.matcher(name);
    long midnight = date.matches() ? dateNanos(date, 0) : TimeFormat.BAD;
    if (midnight == TimeFormat.BAD) {
      throw new IOException("the name does not begin with a date such as 20140501_quote.zip");
    }
    Matcher inside = entryMatcher();
    if (inside != null && !name.startsWith(inside.group(1))) {
      throw new IOException("holds " + entry + ", which is of another date");
    }
    return midnight;
  }

  /** The symbol that a LEAN zip's entry names, or {@code null}. */
  String leanSymbol() {
    Matcher inside = entryMatcher();
    return inside == null ? null : inside.group(2).toUpperCase(Locale.ROOT);
  }

  private Matcher entryMatcher() {
    if (entry == null) {
      return null;
    }
    Matcher inside = LEAN_ENTRY.matcher(entry);
    return inside.matches() ? inside : null;
  }

  /**
   * The hour of a bi5 file, UTC nanoseconds.
   *
   * @throws IOException if the path does not say one
   */
  long bi5Hour() throws IOException {
    Matcher hour = BI5_HOUR.matcher(slashes());
    // Dukascopy counts months from 00
    long midnight = hour.matches() ? dateNanos(hour, 1) : TimeFormat.BAD;
    int hours = midnight == TimeFormat.BAD ? 0 : Integer.parseInt(hour.group(4));
    if (midnight == TimeFormat.BAD || hours > 23) {
      throw new IOException(
          "the path does not say the hour, as .../EURUSD/2014/04/01/00h_ticks.bi5 does (months"
              + " from 00), and no start is given");
    }
    return midnight + hours * 3_600 * TimeFormat.SECOND;
  }

  /** The symbol that a bi5 file's path names, or {@code null}. */
  String bi5Symbol() {
    Matcher symbol = BI5_SYMBOL.matcher(slashes());
    return symbol.matches() ? symbol.group(1).toUpperCase(Locale.ROOT) : null;
  }

  private String slashes() {
    return path.toAbsolutePath().toString().replace('\\', '/');
  }

  private static long dateNanos(Matcher date, int addedMonths) {
    return CalendarTime.dateNanos(
        Integer.parseInt(date.group(1)),
        Integer.parseInt(date.group(2)) + addedMonths,
        Integer.parseInt(date.group(3)));
  }

  /** UTC nanoseconds of an option's instant. */
  static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), TimeFormat.SECOND), instant.getNano());
  }
}
