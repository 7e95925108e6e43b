package io.semnal.gateway;

/** A listener that cannot be opened; the message names host, port and the reason. */
public final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what named first, for example {@code client sessions (TCP)}
   */
  public static ListenException of(String what, String host, int port, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return new ListenException(
        what
            + " cannot listen on "
            + host
            + ":"
            + port
            + ": "
            + (message.contains("already in use") ? "the port is in use" : message),
        cause);
  }

  ListenException(String message, Throwable cause) {
    super(message, cause);
  }
}
