package io.semnal.feed.file;

import io.semnal.feed.BadInputException;
import java.util.ArrayList;
import java.util.List;

/** What could not be read, and what is done about it. */
final class Problems {
  private static final int REMEMBERED = 10;

  private final OnError onError;
  private final List<String> messages = new ArrayList<>();
  private long lines;
  private int files;

  Problems(OnError onError) {
    this.onError = onError;
  }

  /** Whether the next message will be read by anyone; if not, it need not be made. */
  boolean wantsMessage() {
    return onError == OnError.STOP || messages.size() < REMEMBERED;
  }

  /**
   * A line or record cannot be read.
   *
   * @param message with its place; {@code null} unless {@link #wantsMessage()}
   */
  void line(String message) throws BadInputException {
    lines++;
    remember(message, null);
  }

  /** The rest of a file cannot be read. */
  void file(String message, Exception cause) throws BadInputException {
    files++;
    remember(message, cause);
  }

  private void remember(String message, Exception cause) throws BadInputException {
    if (onError == OnError.STOP) {
      throw new BadInputException(message, cause);
    }
    if (message != null && messages.size() < REMEMBERED) {
      messages.add(message);
    }
  }

  long lines() {
    return lines;
  }

  int files() {
    return files;
  }

  List<String> messages() {
    return List.copyOf(messages);
  }
}
