package io.semnal.gateway.json;

import io.semnal.protocol.sbe.ErrorCode;

/** A JSON request that cannot be taken: what the sender is told. */
public final class BadRequestException extends Exception {
  private static final long serialVersionUID = 1L;
  private final ErrorCode code;
  private final long requestId;

  BadRequestException(ErrorCode code, long requestId, String text) {
    super(text);
    this.code = code;
    this.requestId = requestId;
  }

  public ErrorCode code() {
    return code;
  }

  /** The request that was wrong; 0 = not known. */
  public long requestId() {
    return requestId;
  }

  /** Whether the sender does not speak the protocol, so that the session ends. */
  public boolean isFatal() {
    return code == ErrorCode.MALFORMED;
  }
}
