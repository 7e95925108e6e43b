package io.semnal.fix.session;

/** Why a session's connection ended. */
public enum DisconnectReason {
  /** The peer closed it, or the network did. */
  CONNECTION_LOST,
  /** Logouts were exchanged, or the peer did not answer ours. */
  LOGOUT,
  /** The first message was no Logon, or one that is not for this session. */
  NOT_A_LOGON,
  /** The Logon was refused by us or, to an initiator, by the peer. */
  LOGON_REFUSED,
  /** No Logon came in time. */
  LOGON_TIMEOUT,
  /** Nothing was heard, not even an answer to a test request. */
  SILENCE,
  /** MsgSeqNum was too low, or missing. */
  SEQUENCE,
  /** The schedule says that the session is over. */
  SCHEDULE,
  /** The connection was ended by its owner. */
  CLOSED
}
