package io.semnal.gateway;

/** How a session's messages look on the wire, framing included. */
enum Encoding {
  /** SBE behind a Simple Open Framing Header, on TCP. */
  SBE_TCP,
  /** One SBE message in a WebSocket binary frame. */
  SBE_WEBSOCKET,
  /** One JSON object in a WebSocket text frame. */
  JSON_WEBSOCKET
}
