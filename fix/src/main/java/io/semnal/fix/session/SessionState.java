package io.semnal.fix.session;

/** Where a session is in its life. */
public enum SessionState {
  DISCONNECTED,
  /** An acceptor's: connected, its peer's Logon is awaited. */
  AWAITING_LOGON,
  /** An initiator's: the Logon is sent, the answer is awaited. */
  LOGON_SENT,
  LOGGED_ON,
  /** Our Logout is sent, the answer is awaited. */
  LOGOUT_SENT
}
