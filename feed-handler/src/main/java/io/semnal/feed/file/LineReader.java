package io.semnal.feed.file;

import java.io.IOException;
import java.io.InputStream;

/**
 * Lines of a byte stream as windows into one reused array: ends of line are LF or CR LF, a UTF-8
 * byte order mark at the start is left out, the last line needs no end.
 */
final class LineReader {
  /** Bytes of the longest line that is passed on; of longer ones only the beginning is kept. */
  static final int LONGEST = 16 * 1024;

  private static final int BUFFER = 128 * 1024;

  private final byte[] bytes = new byte[BUFFER];
  private InputStream in;
  private int at;
  private int limit;
  private boolean ended;
  private int start;
  private int end;
  private long number;
  private boolean tooLong;

  /** Starts at the first line of another stream. */
  void open(InputStream stream) throws IOException {
    in = stream;
    at = 0;
    limit = 0;
    ended = false;
    number = 0;
    start = 0;
    end = 0;
    while (limit < 3 && fill()) {
      continue;
    }
    if (limit >= 3 && (bytes[0] & 0xFF) == 0xEF && (bytes[1] & 0xFF) == 0xBB) {
      at = (bytes[2] & 0xFF) == 0xBF ? 3 : 0;
    }
  }

  /** Moves to the next line; {@code false} at the end. */
  boolean next() throws IOException {
    int scan = at;
    tooLong = false;
    while (true) {
      while (scan < limit && bytes[scan] != '\n') {
        scan++;
      }
      if (scan < limit) {
        return window(at, scan, scan + 1);
      }
      if (scan - at > LONGEST) {
        return skipLongLine();
      }
      int known = scan - at;
      if (ended || !fill()) {
        return known > 0 && window(at, limit, limit);
      }
      scan = at + known;
    }
  }

  private boolean window(int from, int lineEnd, int next) {
    start = from;
    end = lineEnd > from && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    tooLong |= lineEnd - from > LONGEST;
    at = next;
    number++;
    return true;
  }

  /**
   * The line's beginning moves to the front; what follows is read over it, up to the line's end.
   */
  private boolean skipLongLine() throws IOException {
    tooLong = true;
    System.arraycopy(bytes, at, bytes, 0, LONGEST);
    start = 0;
    end = LONGEST;
    number++;
    while (true) {
      limit = LONGEST;
      at = LONGEST;
      if (!fillBehind()) {
        return true;
      }
      while (at < limit) {
        if (bytes[at++] == '\n') {
          return true;
        }
      }
    }
  }

  /** Moves the unread rest to the front and reads behind it; {@code false} at the end. */
  private boolean fill() throws IOException {
    if (at > 0) {
      System.arraycopy(bytes, at, bytes, 0, limit - at);
      limit -= at;
      at = 0;
    }
    return fillBehind();
  }

  private boolean fillBehind() throws IOException {
    int n = in.read(bytes, limit, bytes.length - limit);
    if (n <= 0) {
      ended = true;
      return false;
    }
    limit += n;
    return true;
  }

  byte[] bytes() {
    return bytes;
  }

  int start() {
    return start;
  }

  /** Behind the last byte, without the end of line. */
  int end() {
    return end;
  }

  /** Of the current line, from 1; 0 before the first. */
  long number() {
    return number;
  }

  boolean isTooLong() {
    return tooLong;
  }

  boolean isBlank() {
    for (int i = start; i < end; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t') {
        return false;
      }
    }
    return true;
  }
}
