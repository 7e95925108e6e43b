package io.semnal.research.export;

import java.util.Locale;

/** What of a journal can be exported as a table. */
public enum ExportKind {
  QUOTES,
  BARS,
  SCORES,
  SIGNALS,
  EVENTS,
  SHADOW;

  /** As it is written on the command line and in a file's metadata. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
