package io.semnal.client;

import io.semnal.protocol.sbe.ErrorCode;
import java.io.IOException;

/** The server ended the session and does not want this client back as it is. */
public final class SessionEndedException extends IOException {
  private static final long serialVersionUID = 1L;
  private final transient ServerError error;
  private final ErrorCode code;

  SessionEndedException(ServerError error, IOException cause) {
    super("the server ended the session: " + error, cause);
    this.error = error;
    code = error.code();
  }

  public ErrorCode code() {
    return code;
  }

  /** All that the server said; {@code null} in a deserialised copy. */
  public ServerError error() {
    return error;
  }
}
