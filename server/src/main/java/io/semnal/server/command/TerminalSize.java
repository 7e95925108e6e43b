package io.semnal.server.command;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * How large the terminal is. Shells know and do not pass it on (COLUMNS is not exported), and Java
 * has no call for it, so {@code stty} is asked.
 */
record TerminalSize(int columns, int rows) {
  private static final File TERMINAL = new File("/dev/tty");
  private static final long PATIENCE_MILLIS = 500;

  /** {@code null} where there is no terminal, or nobody who knows. */
  static TerminalSize ask() throws InterruptedException {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(TERMINAL)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        stty.destroyForcibly();
        return null;
      }
      return parse(new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // No such program, or no terminal: the caller has a width for that.
      return null;
    }
  }

  /** {@code 24 80}, or {@code null}. A terminal that was never told its size says 0. */
  static TerminalSize parse(String said) {
    String text = said.strip();
    if (!text.matches("[1-9][0-9]{0,3} [1-9][0-9]{0,3}")) {
      return null;
    }
    int between = text.indexOf(' ');
    return new TerminalSize(
        Integer.parseInt(text.substring(between + 1)),
        Integer.parseInt(text.substring(0, between)));
  }
}
