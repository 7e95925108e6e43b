package io.semnal.gateway;

/** How a session's messages look on the wire, framing included. */
enum Encoding {
  /** SBE behind a Simple Open Framing Header, on TCP. */
  SBE_TCP,
  /** One SBE message in a WebSocket binary frame. */
  SBE_WEBSOCKET,
  /** One JSON object in a WebSocket text frame. */
  JSON_WEBSOCKET,
  /** FIX application messages with symbols as {@code EURUSD}; see {@code gateway.fix}. */
  FIX_PLAIN,
  /** The same with symbols as {@code EUR/USD}. */
  FIX_SLASHED;

  boolean isFix() {
    return this == FIX_PLAIN || this == FIX_SLASHED;
  }

  boolean isWebSocket() {
    return this == SBE_WEBSOCKET || this == JSON_WEBSOCKET;
  }
}
