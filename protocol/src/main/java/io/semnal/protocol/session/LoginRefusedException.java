package io.semnal.protocol.session;

import io.semnal.protocol.sbe.ErrorCode;
import java.io.IOException;

/** The server said no, with its reason. */
public final class LoginRefusedException extends IOException {
  private static final long serialVersionUID = 1L;
  private final ErrorCode code;
  private final boolean retryable;

  public LoginRefusedException(ErrorCode code, boolean retryable, String text) {
    super("the server refused the login: " + code + ": " + text);
    this.code = code;
    this.retryable = retryable;
  }

  /** {@link ErrorCode#NULL_VAL} for a code that this version does not know. */
  public ErrorCode code() {
    return code;
  }

  /** Whether the server says that trying again later may help. */
  public boolean retryable() {
    return retryable;
  }
}
