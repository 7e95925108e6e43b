package io.semnal.gateway;

import io.semnal.protocol.sbe.ErrorCode;

/** A request of a client that is refused, while its session goes on: what the client is told. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;
  private final ErrorCode code;
  private final boolean retryable;

  RefusedException(ErrorCode code, String text) {
    this(code, false, text);
  }

  RefusedException(ErrorCode code, boolean retryable, String text) {
    super(text);
    this.code = code;
    this.retryable = retryable;
  }

  ErrorCode code() {
    return code;
  }

  boolean isRetryable() {
    return retryable;
  }
}
