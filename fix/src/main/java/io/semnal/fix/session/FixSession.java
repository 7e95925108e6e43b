package io.semnal.fix.session;

import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.GarbledReason;
import io.semnal.fix.dictionary.RejectReason;
import io.semnal.fix.store.MessageStore;

/**
 * One FIX session, acceptor's or initiator's, as a state machine without a transport: messages and
 * the time go in, messages and a close come out through {@link FixTransport}, the application hears
 * each application message once and in order.
 *
 * <p>Time is UTC in nanoseconds and is given with each call; nothing here reads a clock. One
 * thread.
 */
public final class FixSession {
  /** A reject that names no tag. */
  public static final int NO_TAG = Integer.MIN_VALUE;

  private final SessionConfig config;
  private final MessageStore store;
  private final FixApplication application;
  private final SessionOutput output;
  private final Resender resender;
  private final SessionInput input;
  private final SessionLogon logon;
  private final SessionTimers timers;
  private SessionState state = SessionState.DISCONNECTED;
  private long now;
  private int depth;
  private boolean loggedOn;
  private long firstHeld;
  private long garbled;

  /** What a Logout under way ends in. */
  private DisconnectReason logoutReason = DisconnectReason.LOGOUT;

  public FixSession(SessionConfig config, MessageStore store, FixApplication application) {
    this.config = config;
    this.store = store;
    this.application = application;
    output = new SessionOutput(config, store);
    resender = new Resender(this, store, output, application);
    input = new SessionInput(this, store, output, resender, application);
    logon = new SessionLogon(this, store, output, resender, input, application);
    timers = new SessionTimers(this, output, input, resender);
  }

  // ---- the transport's side

  /** A connection is up: an initiator sends its Logon, an acceptor awaits its peer's. */
  public void connected(FixTransport transport, long time) {
    if (state != SessionState.DISCONNECTED) {
      throw new IllegalStateException(config + " is connected already");
    }
    enter(time);
    output.attach(transport);
    input.connected();
    resender.stop();
    timers.connected(time);
    firstHeld = 0;
    logon.renew(time);
    if (config.isInitiator()) {
      state = SessionState.LOGON_SENT;
      logon.request();
    } else {
      state = SessionState.AWAITING_LOGON;
    }
    leave();
  }

  /** A whole message came. */
  public void received(FixMessage message, long time) {
    if (state == SessionState.DISCONNECTED) {
      return;
    }
    enter(time);
    timers.received(time);
    if (state == SessionState.AWAITING_LOGON || state == SessionState.LOGON_SENT) {
      logon.onFirst(message);
    } else {
      input.onMessage(message);
    }
    leave();
  }

  /** Bytes came that are no message: ignored, unless a Logon is awaited. */
  public void garbled(GarbledReason reason, long time) {
    if (state == SessionState.DISCONNECTED) {
      return;
    }
    enter(time);
    garbled++;
    application.onGarbled(this, reason, time);
    if (state == SessionState.AWAITING_LOGON) {
      disconnect(DisconnectReason.NOT_A_LOGON, "the first message is garbled");
    }
    leave();
  }

  /** The connection is gone. */
  public void disconnected(long time) {
    now = Math.max(now, time);
    end(DisconnectReason.CONNECTION_LOST, null);
  }

  /**
   * What time brings: heartbeats, test requests, time-outs, the rest of a resend, the schedule. To
   * be called at least some ten times a second. Returns work done.
   */
  public int doWork(long time) {
    if (state == SessionState.DISCONNECTED) {
      return 0;
    }
    enter(time);
    int work = timers.doWork(time);
    leave();
    return work;
  }

  // ---- the application's side

  public SessionConfig config() {
    return config;
  }

  public SessionState state() {
    return state;
  }

  /** Whether messages leave at once. */
  public boolean isLoggedOn() {
    return loggedOn;
  }

  /** Whether the connection takes more at once; true where there is none. */
  public boolean isWritable() {
    FixTransport transport = output.transport();
    return transport == null || transport.isWritable();
  }

  /** MsgSeqNum of the next message to be sent. */
  public long nextOutbound() {
    return store.nextOutbound();
  }

  /** MsgSeqNum expected next. */
  public long nextInbound() {
    return store.nextInbound();
  }

  /** Pieces of input that were no message. */
  public long garbledCount() {
    return garbled;
  }

  /** Begins a message at the time of the call under way; see {@link #begin(int, long)}. */
  public FixEncoder begin(int msgType) {
    return output.begin(msgType, now);
  }

  /**
   * Begins an application message: its header is written, its body is to follow, then {@link
   * #send}. One at a time.
   */
  public FixEncoder begin(int msgType, long time) {
    now = Math.max(now, time);
    return output.begin(msgType, now);
  }

  /**
   * Sends the message begun. While the session is not logged on it is numbered and kept, and the
   * peer asks for it after the next Logon, unless the numbers begin anew before that.
   *
   * @return its MsgSeqNum; −1: it is longer than the limit, nothing was sent
   */
  public long send() {
    enter(now);
    long seq = output.send(loggedOn);
    if (!loggedOn && seq > 0 && firstHeld == 0) {
      firstHeld = seq;
    }
    leave();
    return seq;
  }

  /** Asks the peer for a sign of life (35=1): {@link FixApplication#onAnswer} hears of it. */
  public void probe() {
    if (loggedOn) {
      enter(now);
      output.testRequest(now);
      leave();
    }
  }

  /** What is sent from here until {@link #release} leaves together. Pairs may be nested. */
  public void hold() {
    depth++;
  }

  /** See {@link #hold}. */
  public void release() {
    leave();
  }

  /** Refuses a message at the level of the session (35=3). From within its onMessage. */
  public void reject(FixMessage message, RejectReason reason, int refTag, String text) {
    output.reject(message, reason, refTag, text, now);
  }

  /**
   * Refuses an application message (35=j). From within its onMessage.
   *
   * @param reason BusinessRejectReason (380), for example 3: unsupported message type
   */
  public void businessReject(FixMessage message, int reason, String text) {
    output.businessReject(message, reason, text, now);
  }

  /** Says Logout, waits for the answer, and disconnects. Without a session: just disconnects. */
  public void logout(String text, long time) {
    enter(time);
    logout(text, DisconnectReason.LOGOUT);
    leave();
  }

  /** Ends the connection at once, if there is one. */
  public void close(long time) {
    enter(time);
    disconnect(DisconnectReason.CLOSED, null);
    leave();
  }

  /** Begins both numbers at 1 again by a Logon with 141=Y, while logged on. */
  public void resetSequences(long time) {
    enter(time);
    if (state == SessionState.LOGGED_ON) {
      logon.requestReset();
    }
    leave();
  }

  // ---- for the session's other parts

  long now() {
    return now;
  }

  void logout(String text, DisconnectReason reason) {
    if (state == SessionState.LOGGED_ON) {
      logoutReason = reason;
      output.logout(text, now);
      state = SessionState.LOGOUT_SENT;
      timers.logoutSent(now);
    } else if (state != SessionState.LOGOUT_SENT) {
      disconnect(reason, text);
    }
  }

  void answerReset(FixMessage message) {
    logon.answerReset(message);
  }

  DisconnectReason logoutReason() {
    return logoutReason;
  }

  /** Says Logout without waiting for an answer. */
  void logoutAndDisconnect(String text, DisconnectReason reason) {
    output.logout(text, now);
    disconnect(reason, text);
  }

  void disconnect(DisconnectReason reason, String text) {
    if (state != SessionState.DISCONNECTED) {
      FixTransport transport = output.transport();
      transport.flush();
      end(reason, text);
      transport.close();
    }
  }

  private void end(DisconnectReason reason, String text) {
    if (state == SessionState.DISCONNECTED) {
      return;
    }
    boolean was = loggedOn;
    loggedOn = false;
    state = SessionState.DISCONNECTED;
    output.attach(null);
    resender.stop();
    input.disconnected();
    boolean over = reason == DisconnectReason.LOGOUT && config.resetOnLogout();
    if (over || config.resetOnDisconnect()) {
      store.reset(now);
    }
    if (was) {
      application.onLogout(this, reason, now);
    } else {
      application.onLogonFailed(this, reason, text, now);
    }
  }

  /** The Logons are exchanged. */
  void loggedOn(int heartbeatSeconds) {
    state = SessionState.LOGGED_ON;
    loggedOn = true;
    logoutReason = DisconnectReason.LOGOUT;
    timers.loggedOn(heartbeatSeconds, now);
    application.onLogon(this, now);
  }

  /** The first message that was kept and not sent since this connection began; 0: none. */
  long firstHeld() {
    return firstHeld;
  }

  private void enter(long time) {
    now = Math.max(now, time);
    depth++;
  }

  private void leave() {
    depth--;
    if (depth == 0 && output.transport() != null) {
      output.transport().flush();
    }
  }
}
