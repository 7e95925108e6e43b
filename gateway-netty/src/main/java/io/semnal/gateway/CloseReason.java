package io.semnal.gateway;

import io.semnal.protocol.sbe.ErrorCode;

/** Why the server closes a connection, as WebSocket says it (RFC 6455, section 7.4.1). */
enum CloseReason {
  SHUTDOWN(1001),
  PROTOCOL(1002),
  POLICY(1008),
  TOO_LARGE(1009),
  INTERNAL(1011),
  TRY_AGAIN(1013);

  private final int webSocketCode;

  CloseReason(int webSocketCode) {
    this.webSocketCode = webSocketCode;
  }

  int webSocketCode() {
    return webSocketCode;
  }

  static CloseReason of(ErrorCode code) {
    return switch (code) {
      case MALFORMED, UNSUPPORTED_VERSION, UNEXPECTED_MESSAGE -> PROTOCOL;
      case FRAME_TOO_LARGE -> TOO_LARGE;
      case INTERNAL -> INTERNAL;
      case SLOW_CONSUMER, BUSY, LIMIT_EXCEEDED -> TRY_AGAIN;
      default -> POLICY;
    };
  }
}
