package io.semnal.fix.session;

/** What a session does because time passes. One thread. */
final class SessionTimers {
  private static final long SECOND = 1_000_000_000L;

  /** When nothing says how long a peer may be silent. */
  private static final long RESEND_PATIENCE = 10 * SECOND;

  private final FixSession session;
  private final SessionConfig config;
  private final SessionOutput output;
  private final SessionInput input;
  private final Resender resender;
  private long heartbeat;
  private long connectedAt;
  private long lastReceived;
  private long logoutAt;
  private long stretch;
  private boolean testRequested;

  SessionTimers(FixSession session, SessionOutput output, SessionInput input, Resender resender) {
    this.session = session;
    this.config = session.config();
    this.output = output;
    this.input = input;
    this.resender = resender;
  }

  void connected(long now) {
    connectedAt = now;
    lastReceived = now;
    output.sentAt(now);
    testRequested = false;
  }

  void received(long now) {
    lastReceived = now;
    testRequested = false;
  }

  void loggedOn(int heartbeatSeconds, long now) {
    heartbeat = heartbeatSeconds * SECOND;
    stretch = config.schedule() == null ? 0 : config.schedule().startOf(now);
  }

  void logoutSent(long now) {
    logoutAt = now;
  }

  int doWork(long now) {
    switch (session.state()) {
      case AWAITING_LOGON, LOGON_SENT -> {
        if (now - connectedAt >= config.logonTimeoutNanos()) {
          session.disconnect(DisconnectReason.LOGON_TIMEOUT, "no Logon came in time");
          return 1;
        }
        return 0;
      }
      case LOGOUT_SENT -> {
        if (now - logoutAt >= config.logoutTimeoutNanos()) {
          session.disconnect(session.logoutReason(), "the Logout was not answered");
          return 1;
        }
        return resender.isActive() ? resender.pump(now) : 0;
      }
      case LOGGED_ON -> {
        return whileLoggedOn(now);
      }
      default -> {
        return 0;
      }
    }
  }

  private int whileLoggedOn(long now) {
    if (config.schedule() != null && isOver(now)) {
      session.logout("the session's time is over", DisconnectReason.SCHEDULE);
      return 1;
    }
    if (input.isResetOverdue(now)) {
      session.disconnect(DisconnectReason.LOGON_TIMEOUT, "the peer does not begin at 1 with us");
      return 1;
    }
    int work = resender.isActive() ? resender.pump(now) : 0;
    work += input.askAgain(now, heartbeat > 0 ? heartbeat : RESEND_PATIENCE);
    return heartbeat > 0 ? work + pulse(now) : work;
  }

  private boolean isOver(long now) {
    return !config.schedule().isOpen(now) || config.schedule().startOf(now) != stretch;
  }

  /** Test request after 1.2 intervals of silence, the end after 2.4. */
  private int pulse(long now) {
    long silence = now - lastReceived;
    if (silence >= heartbeat * 12 / 5) {
      session.disconnect(DisconnectReason.SILENCE, "nothing was heard from the peer");
      return 1;
    }
    if (!testRequested && silence >= heartbeat * 6 / 5) {
      testRequested = true;
      output.testRequest(now);
      return 1;
    }
    if (!testRequested && now - output.lastSent() >= heartbeat) {
      output.heartbeat(now, null);
      return 1;
    }
    return 0;
  }
}
