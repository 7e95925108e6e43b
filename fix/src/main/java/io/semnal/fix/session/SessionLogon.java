package io.semnal.fix.session;

import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.store.MessageStore;

/** The exchange of Logons, both sides of it, and what follows from its numbers. One thread. */
final class SessionLogon {
  private static final long NONE = FixMessage.NONE;

  private final FixSession session;
  private final SessionConfig config;
  private final MessageStore store;
  private final SessionOutput output;
  private final Resender resender;
  private final SessionInput input;
  private final FixApplication application;
  private boolean resetAsked;
  private long logonSeq;

  SessionLogon(
      FixSession session,
      MessageStore store,
      SessionOutput output,
      Resender resender,
      SessionInput input,
      FixApplication application) {
    this.session = session;
    this.config = session.config();
    this.store = store;
    this.output = output;
    this.resender = resender;
    this.input = input;
    this.application = application;
  }

  /** Begins the numbers at 1 if the schedule has come to a new stretch since they did. */
  void renew(long now) {
    SessionSchedule schedule = config.schedule();
    if (schedule != null && store.created() < schedule.startOf(now)) {
      store.reset(now);
    }
  }

  // ---- ours

  /** The initiator's Logon. */
  void request() {
    resetAsked = config.resetOnLogon();
    if (resetAsked) {
      store.reset(session.now());
    }
    send(config.heartbeatSeconds(), resetAsked, store.nextInbound(), config.nextExpected());
  }

  /** A Logon in mid-session that begins both numbers at 1. */
  void requestReset() {
    store.reset(session.now());
    input.resetSent();
    resender.stop();
    send(config.heartbeatSeconds(), true, 1, false);
  }

  /** The answer to such a Logon of the peer's. */
  void answerReset(FixMessage logon) {
    long heartbeat = logon.integer(Tag.HEART_BT_INT);
    send(heartbeat == NONE ? config.heartbeatSeconds() : (int) heartbeat, true, 2, false);
  }

  private void send(int heartbeat, boolean reset, long nextExpected, boolean sayNext) {
    logonSeq = store.nextOutbound();
    FixEncoder logon = output.begin(MsgType.LOGON, session.now());
    logon.integer(Tag.ENCRYPT_METHOD, 0).integer(Tag.HEART_BT_INT, heartbeat);
    if (reset) {
      logon.flag(Tag.RESET_SEQ_NUM_FLAG, true);
    }
    if (config.isInitiator() && config.username() != null) {
      logon.text(Tag.USERNAME, config.username());
    }
    if (config.isInitiator() && config.password() != null) {
      logon.text(Tag.PASSWORD, config.password());
    }
    if (sayNext) {
      logon.integer(Tag.NEXT_EXPECTED_MSG_SEQ_NUM, nextExpected);
    }
    if (config.version() == FixVersion.FIXT11) {
      logon.text(Tag.DEFAULT_APPL_VER_ID, config.defaultApplVerId());
    }
    application.onSendLogon(session, logon, session.now());
    output.send(true);
  }

  // ---- the peer's

  /** The first message of a connection. */
  void onFirst(FixMessage message) {
    if (message.version() != config.version() || message.msgType() != MsgType.LOGON) {
      notLogon(message);
    } else if (input.check().message(message) != null
        || input.check().identity(message, session.now()) != null) {
      session.disconnect(
          DisconnectReason.NOT_A_LOGON, "the Logon is malformed, or not for this session");
    } else {
      onLogon(message);
    }
  }

  private void notLogon(FixMessage message) {
    if (config.isInitiator() && message.msgType() == MsgType.LOGOUT) {
      if (message.integer(Tag.MSG_SEQ_NUM) == store.nextInbound()) {
        store.nextInbound(store.nextInbound() + 1);
      }
      session.disconnect(DisconnectReason.LOGON_REFUSED, message.text(Tag.TEXT));
    } else if (!config.isInitiator() || message.msgType() != MsgType.REJECT) {
      session.disconnect(DisconnectReason.NOT_A_LOGON, "the first message is no Logon");
    } else {
      session.disconnect(DisconnectReason.LOGON_REFUSED, message.text(Tag.TEXT));
    }
  }

  private void onLogon(FixMessage logon) {
    String refusal = refusal(logon);
    if (refusal != null) {
      session.logoutAndDisconnect(refusal, DisconnectReason.LOGON_REFUSED);
      return;
    }
    long seq = logon.integer(Tag.MSG_SEQ_NUM);
    boolean reset = logon.isYes(Tag.RESET_SEQ_NUM_FLAG);
    if (config.isInitiator()) {
      answered(reset);
    } else if (reset || config.resetOnLogon()) {
      store.reset(session.now());
    }
    long expected = store.nextInbound();
    if (seq < expected) {
      session.logoutAndDisconnect(
          "MsgSeqNum too low, expecting " + expected + " but received " + seq,
          DisconnectReason.SEQUENCE);
      return;
    }
    accept(logon, seq, expected, reset);
  }

  /** The peer begins anew though we did not ask: our Logon was its number 1. */
  private void answered(boolean reset) {
    if (reset && !resetAsked) {
      store.reset(session.now());
      store.nextOutbound(2);
      logonSeq = 1;
    }
  }

  private void accept(FixMessage logon, long seq, long expected, boolean reset) {
    long peersNext = logon.integer(Tag.NEXT_EXPECTED_MSG_SEQ_NUM);
    boolean sayNext = config.nextExpected() || peersNext != NONE;
    if (peersNext != NONE && peersNext > store.nextOutbound()) {
      session.logoutAndDisconnect(
          "NextExpectedMsgSeqNum too high, expecting "
              + store.nextOutbound()
              + " but received "
              + peersNext,
          DisconnectReason.SEQUENCE);
      return;
    }
    int heartbeat = heartbeat(logon);
    if (!config.isInitiator()) {
      send(heartbeat, reset, seq == expected ? expected + 1 : expected, sayNext);
    }
    if (seq == expected) {
      store.nextInbound(expected + 1);
    } else {
      input.alreadyHad(seq);
    }
    session.loggedOn(heartbeat);
    if (session.state() == SessionState.LOGGED_ON) {
      settleNumbers(seq, expected, peersNext);
    }
  }

  /** Each side sends what the other lacks: told so by 789, or asked. */
  private void settleNumbers(long seq, long expected, long peersNext) {
    if (seq > expected && (peersNext == NONE || !config.nextExpected())) {
      input.gap(expected, seq);
    }
    long last = store.nextOutbound() - 1;
    if (peersNext != NONE && peersNext < logonSeq) {
      resender.start(peersNext, last);
    } else if (session.firstHeld() > logonSeq) {
      resender.start(session.firstHeld(), last);
    }
    if (resender.isActive()) {
      resender.pump(session.now());
    }
  }

  private int heartbeat(FixMessage logon) {
    long stated = logon.integer(Tag.HEART_BT_INT);
    return stated == NONE ? config.heartbeatSeconds() : (int) stated;
  }

  /** Why we do not want this Logon; null: we do. */
  private String refusal(FixMessage logon) {
    long seq = logon.integer(Tag.MSG_SEQ_NUM);
    long heartbeat = logon.integer(Tag.HEART_BT_INT);
    if (seq == NONE || seq < 1) {
      return "MsgSeqNum is missing";
    }
    if (logon.has(Tag.ENCRYPT_METHOD) && logon.integer(Tag.ENCRYPT_METHOD) != 0) {
      return "EncryptMethod must be 0; encryption is by TLS";
    }
    if (!config.isInitiator()
        && (heartbeat < config.leastHeartbeat() || heartbeat > config.mostHeartbeat())) {
      return "HeartBtInt must be "
          + config.leastHeartbeat()
          + " to "
          + config.mostHeartbeat()
          + " seconds";
    }
    if (logon.isYes(Tag.RESET_SEQ_NUM_FLAG) && seq != 1) {
      return "a Logon with ResetSeqNumFlag has MsgSeqNum 1";
    }
    if (config.version() == FixVersion.FIXT11 && !logon.has(Tag.DEFAULT_APPL_VER_ID)) {
      return "DefaultApplVerID (1137) is missing";
    }
    if (config.schedule() != null && !config.schedule().isOpen(session.now())) {
      return "the session is closed at this time";
    }
    return config.isInitiator() ? null : application.onLogonRequest(session, logon, session.now());
  }
}
