package io.semnal.feed.file;

import io.semnal.protocol.MessageLayout;
import java.nio.charset.StandardCharsets;

/**
 * One line split into fields, and what was wrong with it. Nothing is copied; a failure is two
 * references and two numbers, made into a sentence only when someone asks.
 */
final class Row {
  static final int MOST_FIELDS = 128;
  private static final int MOST_SHOWN = 40;

  private final int[] starts = new int[MOST_FIELDS];
  private final int[] ends = new int[MOST_FIELDS];
  private byte[] bytes;
  private int from;
  private int to;
  private int count;
  private String field;
  private String problem;
  private int problemFrom;
  private int problemTo;

  /**
   * Splits a line. Spaces and tabs around a field do not belong to it, nor do double quotes around
   * the whole of it, which protect delimiters.
   */
  void split(byte[] line, int lineFrom, int lineTo, byte delimiter) {
    bytes = line;
    from = lineFrom;
    to = lineTo;
    count = 0;
    problem = null;
    int at = lineFrom;
    while (true) {
      int start = at;
      if (at < lineTo && line[at] == '"') {
        at = behindQuote(line, at + 1, lineTo);
      }
      while (at < lineTo && line[at] != delimiter) {
        at++;
      }
      if (count == MOST_FIELDS) {
        fail("line", "has more than " + MOST_FIELDS + " columns", lineFrom, lineTo);
        return;
      }
      trim(start, at);
      if (at >= lineTo) {
        return;
      }
      at++;
    }
  }

  private static int behindQuote(byte[] line, int from, int to) {
    for (int i = from; i < to; i++) {
      if (line[i] == '"') {
        return i + 1;
      }
    }
    return from;
  }

  private void trim(int fieldFrom, int fieldTo) {
    int start = fieldFrom;
    int end = fieldTo;
    while (start < end && isSpace(bytes[start])) {
      start++;
    }
    while (end > start && isSpace(bytes[end - 1])) {
      end--;
    }
    if (end - start >= 2 && bytes[start] == '"' && bytes[end - 1] == '"') {
      start++;
      end--;
    }
    starts[count] = start;
    ends[count] = end;
    count++;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  int count() {
    return count;
  }

  byte[] bytes() {
    return bytes;
  }

  int start(int column) {
    return starts[column];
  }

  int end(int column) {
    return ends[column];
  }

  boolean isEmpty(int column) {
    return starts[column] == ends[column];
  }

  boolean beginsWithLetter(int column) {
    if (column >= count || isEmpty(column)) {
      return false;
    }
    int c = bytes[starts[column]] | 0x20;
    return c >= 'a' && c <= 'z';
  }

  /** For first lines and messages. */
  String text(int column) {
    return new String(
        bytes, starts[column], ends[column] - starts[column], StandardCharsets.ISO_8859_1);
  }

  /** A price above zero, or -1 with the failure noted. */
  long price(int column, String name) {
    long value = Decimals.parse(bytes, starts[column], ends[column]);
    if (value > 0) {
      return value;
    }
    failDecimal(column, name, value);
    return -1;
  }

  /**
   * A size as a mantissa with exponent -2, rounded there; -1 with the failure noted, {@link
   * MessageLayout#ABSENT} if empty.
   */
  long size(int column, String name, boolean millions) {
    if (isEmpty(column)) {
      return MessageLayout.ABSENT;
    }
    long value = Decimals.parseRounded(bytes, starts[column], ends[column]);
    if (value < 0) {
      failDecimal(column, name, value);
      return -1;
    }
    // the parser's exponent is -8: of a number of millions of units that is a hundredth of a unit
    return millions ? value : value / 1_000_000 + (value % 1_000_000 >= 500_000 ? 1 : 0);
  }

  private void failDecimal(int column, String name, long code) {
    fail(
        column,
        name,
        isEmpty(column)
            ? "is empty"
            : switch ((int) code) {
              case 0 -> "is zero";
              case (int) Decimals.NEGATIVE -> "is negative";
              case (int) Decimals.OVERFLOW -> "is too large";
              case (int) Decimals.TOO_PRECISE -> "has more than 8 decimals";
              default -> "is not a number";
            });
  }

  /** Notes a failure of one column; always {@code false}. */
  boolean fail(int column, String name, String what) {
    return fail(name, what, starts[column], ends[column]);
  }

  /** Notes a failure of the whole line; always {@code false}. */
  boolean failLine(String what) {
    return fail("line", what, from, to);
  }

  /** Takes a line that is no row. */
  void reject(byte[] line, int lineFrom, int lineTo, String what) {
    bytes = line;
    count = 0;
    fail("line", what, lineFrom, lineTo);
  }

  private boolean fail(String name, String what, int failedFrom, int failedTo) {
    field = name;
    problem = what;
    problemFrom = failedFrom;
    problemTo = failedTo;
    return false;
  }

  boolean failed() {
    return problem != null;
  }

  /** What was wrong, with the text that was. */
  String problem() {
    return field + " " + problem + " (" + shown(bytes, problemFrom, problemTo) + ")";
  }

  /** Printable text of untrusted bytes, in quotes and of bounded length. */
  static String shown(byte[] bytes, int from, int to) {
    StringBuilder text = new StringBuilder("'");
    int end = Math.min(to, from + MOST_SHOWN);
    for (int i = from; i < end; i++) {
      int b = bytes[i] & 0xFF;
      if (b >= 0x20 && b < 0x7F) {
        text.append((char) b);
      } else {
        text.append(String.format("\\x%02X", b));
      }
    }
    return text.append(to > end ? "…'" : "'").toString();
  }
}
