package io.semnal.fix.session;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.Tag;
import java.util.List;

/** Finds the session that a Logon on an acceptor's port is for. Called on the loop's thread. */
@FunctionalInterface
public interface SessionDirectory {
  /** The session, not necessarily free; null: there is none, and the connection is closed. */
  FixSession find(FixMessage logon);

  /**
   * Whether {@link #find} can be asked. While it cannot, what comes on the connection waits, until
   * {@link FixConnection#resume}; the same Logon is then asked for again.
   */
  default boolean isReady(FixMessage logon) {
    return true;
  }

  /** A directory of sessions known beforehand, by BeginString and both CompIDs. */
  static SessionDirectory of(List<FixSession> sessions) {
    List<FixSession> all = List.copyOf(sessions);
    return logon -> {
      for (FixSession session : all) {
        SessionConfig config = session.config();
        if (logon.version() == config.version()
            && logon.equals(Tag.SENDER_COMP_ID, config.target())
            && logon.equals(Tag.TARGET_COMP_ID, config.sender())) {
          return session;
        }
      }
      return null;
    };
  }
}
