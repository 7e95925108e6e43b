package io.semnal.feed;

import java.io.IOException;

/**
 * Input that cannot be read: the message names the file, the line or record, and what was wrong.
 */
public final class BadInputException extends IOException {
  private static final long serialVersionUID = 1L;

  public BadInputException(String message) {
    super(message);
  }

  public BadInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
