package io.semnal.server.command;

import io.semnal.journal.Progress;
import java.io.PrintWriter;

/** One line that says how far long work has come; on a terminal it is written over itself. */
final class ProgressLine {
  private static final long EVERY = 200_000_000L;
  private final PrintWriter err;
  private final boolean terminal = System.console() != null;
  private long next;
  private int width;

  ProgressLine(PrintWriter err) {
    this.err = err;
  }

  void show(String text) {
    long now = System.nanoTime();
    if (now < next && width > 0) {
      return;
    }
    next = now + (terminal ? EVERY : 10 * EVERY);
    if (terminal) {
      err.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
    } else {
      err.println(text);
    }
    width = text.length();
    err.flush();
  }

  void clear() {
    if (terminal && width > 0) {
      err.print("\r" + " ".repeat(width) + "\r");
      err.flush();
    }
    width = 0;
  }

  Progress recovery() {
    return (task, done, total) -> {
      if (total > 1 << 20) {
        show(task + ": " + done + " of " + total);
      }
    };
  }
}
