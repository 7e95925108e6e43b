package io.semnal.feed.file;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Which column of a delimited text file holds what. A column is a number from 0 or a header name
 * (case does not matter); one name makes the first line a header that must be there.
 *
 * @param time column of the time, or of the time of day where {@code date} is given
 * @param date column of the date, put before the time with a space; {@code null} = none
 * @param symbol {@code null} = none, the options name the only instrument
 * @param bidSize in units of the base currency; {@code null} = none
 * @param askSize in units of the base currency; {@code null} = none
 * @param timeFormat {@code iso}, {@code epoch-s}, {@code epoch-ms}, {@code epoch-us}, {@code
 *     epoch-ns} or a pattern of {@link java.time.format.DateTimeFormatter}
 * @param delimiter one ASCII character
 * @param header whether the first line is a header
 */
public record CsvMapping(
    String time,
    String date,
    String bid,
    String ask,
    String symbol,
    String bidSize,
    String askSize,
    String timeFormat,
    char delimiter,
    Header header) {

  /** AUTO: a first line whose time, bid and ask all begin with a letter is a header. */
  public enum Header {
    AUTO,
    YES,
    NO
  }

  private static final int MOST_COLUMNS = Row.MOST_FIELDS;
  private static final String KEYS =
      "time, date, bid, ask, symbol, bidSize, askSize, timeFormat, delimiter, header";

  public CsvMapping {
    Objects.requireNonNull(time, "the mapping names no time column");
    Objects.requireNonNull(bid, "the mapping names no bid column");
    Objects.requireNonNull(ask, "the mapping names no ask column");
    Objects.requireNonNull(timeFormat);
    Objects.requireNonNull(header);
    if (delimiter > 126 || delimiter == '\n' || delimiter == '\r' || delimiter == '"') {
      throw new IllegalArgumentException("the delimiter must be one ASCII character");
    }
    for (String column : columns(time, date, bid, ask, symbol, bidSize, askSize)) {
      if (isNumber(column) && (column.length() > 3 || Integer.parseInt(column) >= MOST_COLUMNS)) {
        throw new IllegalArgumentException(
            "column " + column + " is not within 0 to " + (MOST_COLUMNS - 1));
      }
      if (!isNumber(column) && header == Header.NO) {
        throw new IllegalArgumentException("column '" + column + "' by name needs a header");
      }
    }
  }

  private static List<String> columns(String... references) {
    return Arrays.stream(references).filter(Objects::nonNull).toList();
  }

  /** Whether a column is given by its number. */
  static boolean isNumber(String column) {
    return column.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Whether a column is given by its name. */
  boolean needsHeader() {
    return !columns(time, date, bid, ask, symbol, bidSize, askSize).stream()
        .allMatch(CsvMapping::isNumber);
  }

  /**
   * Reads {@code time=0,bid=2,ask=3,symbol=1} or {@code time=Timestamp,bid=Bid,ask=Ask}; further
   * keys: {@code date}, {@code bidSize}, {@code askSize}, {@code timeFormat}, {@code delimiter}
   * ({@code comma}, {@code semicolon}, {@code tab}, {@code pipe}, {@code space} or the character)
   * and {@code header} ({@code auto}, {@code yes}, {@code no}). Values cannot hold a comma: see
   * {@link #withTimeFormat} and {@link #withDelimiter}.
   */
  public static CsvMapping parse(String text) {
    Map<String, String> given = new HashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part.trim() : part.substring(0, equals).trim();
      String value = equals < 0 ? "" : part.substring(equals + 1).trim();
      if (value.isEmpty()) {
        throw new IllegalArgumentException(
            "'" + part.trim() + "' in the mapping is not key=column; keys: " + KEYS);
      }
      if (given.putIfAbsent(key, value) != null) {
        throw new IllegalArgumentException("the mapping names " + key + " twice");
      }
    }
    CsvMapping mapping =
        new CsvMapping(
            required(given, "time"),
            given.remove("date"),
            required(given, "bid"),
            required(given, "ask"),
            given.remove("symbol"),
            given.remove("bidSize"),
            given.remove("askSize"),
            given.containsKey("timeFormat") ? given.remove("timeFormat") : "iso",
            given.containsKey("delimiter") ? delimiterOf(given.remove("delimiter")) : ',',
            given.containsKey("header") ? headerOf(given.remove("header")) : Header.AUTO);
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(
          "the mapping knows no " + String.join(", ", given.keySet()) + "; keys: " + KEYS);
    }
    return mapping;
  }

  private static String required(Map<String, String> given, String key) {
    String value = given.remove(key);
    if (value == null) {
      throw new IllegalArgumentException("the mapping names no " + key + " column");
    }
    return value;
  }

  private static char delimiterOf(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "comma" -> ',';
      case "semicolon" -> ';';
      case "tab", "\\t" -> '\t';
      case "pipe" -> '|';
      case "space" -> ' ';
      default -> {
        if (text.length() != 1) {
          throw new IllegalArgumentException(
              "'" + text + "' is not comma, semicolon, tab, pipe, space or one character");
        }
        yield text.charAt(0);
      }
    };
  }

  private static Header headerOf(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "auto" -> Header.AUTO;
      case "yes", "true" -> Header.YES;
      case "no", "false" -> Header.NO;
      default -> throw new IllegalArgumentException("header '" + text + "' is not auto, yes or no");
    };
  }

  public CsvMapping withTimeFormat(String value) {
    return new CsvMapping(time, date, bid, ask, symbol, bidSize, askSize, value, delimiter, header);
  }

  public CsvMapping withDelimiter(char value) {
    return new CsvMapping(
        time, date, bid, ask, symbol, bidSize, askSize, timeFormat, value, header);
  }

  public CsvMapping withHeader(Header value) {
    return new CsvMapping(
        time, date, bid, ask, symbol, bidSize, askSize, timeFormat, delimiter, value);
  }
}
