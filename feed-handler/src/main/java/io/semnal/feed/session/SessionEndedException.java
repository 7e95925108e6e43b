package io.semnal.feed.session;

import java.io.IOException;

/** The server ended a session, or cannot take what the feed has to send. */
public final class SessionEndedException extends IOException {
  private static final long serialVersionUID = 1L;
  private final boolean retryable;

  SessionEndedException(String message, boolean retryable) {
    super(message);
    this.retryable = retryable;
  }

  /** Whether another login may help. */
  public boolean retryable() {
    return retryable;
  }
}
