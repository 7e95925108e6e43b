package io.semnal.client;

import io.semnal.protocol.sbe.ErrorCode;

/**
 * What the server complains of.
 *
 * @param code {@link ErrorCode#NULL_VAL} for one that this version does not know
 * @param fatal whether the session is at its end
 * @param retryable whether trying again can help
 * @param requestId the request that this answers; 0 = none
 * @param lastOutSeq the last outbound message sent before; 0 = none
 */
public record ServerError(
    ErrorCode code,
    boolean fatal,
    boolean retryable,
    long requestId,
    long lastOutSeq,
    String text) {
  static ErrorCode code(int value) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.value() == value) {
        return code;
      }
    }
    return ErrorCode.NULL_VAL;
  }

  static ErrorCode code(String name) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return ErrorCode.NULL_VAL;
  }

  @Override
  public String toString() {
    return code + ": " + text;
  }
}
