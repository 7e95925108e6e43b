package io.semnal.fix.session;

import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.GarbledReason;

/**
 * What uses a session. Called on the session's thread; may send from each call but {@link
 * #onSendLogon} and {@link #onResend}. The message is valid during the call.
 */
public interface FixApplication {
  /**
   * An application message, each once and in order of MsgSeqNum. To refuse it: {@link
   * FixSession#reject} or {@link FixSession#businessReject}.
   *
   * @param now UTC nanoseconds at which its bytes were read, or a gap before it was filled
   */
  void onMessage(FixSession session, FixMessage message, long now);

  /** The session is up: messages sent from here on leave at once. */
  default void onLogon(FixSession session, long now) {}

  /** The session was up and is no more. */
  default void onLogout(FixSession session, DisconnectReason reason, long now) {}

  /** A connection ended before the session was up. */
  default void onLogonFailed(FixSession session, DisconnectReason reason, String text, long now) {}

  /**
   * An acceptor decides on a Logon whose identity, time and format are right.
   *
   * @return why it is refused, told to the peer; null: it is accepted
   */
  default String onLogonRequest(FixSession session, FixMessage logon, long now) {
    return null;
  }

  /** Adds fields to a Logon about to be sent, an initiator's or an acceptor's answer. */
  default void onSendLogon(FixSession session, FixEncoder logon, long now) {}

  /**
   * The peer asks for a message again.
   *
   * @return true: it is sent again as a possible duplicate; false: a gap fill takes its place
   */
  default boolean onResend(FixSession session, FixMessage sent, long now) {
    return true;
  }

  /** The peer fills a gap: what had those numbers does not come any more. */
  default void onGapFilled(FixSession session, long from, long before, long now) {}

  /** The peer answered a {@link FixSession#probe}: it has read what was sent before. */
  default void onAnswer(FixSession session, long now) {}

  /** The peer refused one of our messages (35=3). */
  default void onReject(FixSession session, FixMessage reject, long now) {}

  /** Bytes came that are no message. Counted by the session as well. */
  default void onGarbled(FixSession session, GarbledReason reason, long now) {}
}
