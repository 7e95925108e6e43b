package io.semnal.gateway;

/** A listener that cannot be opened; the message names host, port and the reason. */
public final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ListenException(String message, Throwable cause) {
    super(message, cause);
  }
}
