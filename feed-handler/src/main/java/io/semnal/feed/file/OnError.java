package io.semnal.feed.file;

import java.util.Locale;

/** What a reader does with a line, record or file that it cannot read. */
public enum OnError {
  /** Ends the reading with a {@link io.semnal.feed.BadInputException}. */
  STOP,
  /** Counts it, remembers the first few messages and goes on behind it. */
  SKIP;

  /** Reads {@code stop} or {@code skip}. */
  public static OnError parse(String text) {
    for (OnError value : values()) {
      if (value.wireName().equals(text.trim().toLowerCase(Locale.ROOT))) {
        return value;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is not stop or skip");
  }

  /** The name on the command line. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
