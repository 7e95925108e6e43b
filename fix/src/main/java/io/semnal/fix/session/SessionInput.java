package io.semnal.fix.session;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixTokenizer;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.dictionary.RejectReason;
import io.semnal.fix.store.MessageStore;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A session's incoming half once it is logged on: numbers in order, gaps asked for once and later
 * messages kept meanwhile, duplicates dropped, session messages answered. One thread.
 */
final class SessionInput {
  private static final long NONE = FixMessage.NONE;

  private final FixSession session;
  private final SessionConfig config;
  private final MessageStore store;
  private final SessionOutput output;
  private final Resender resender;
  private final FixApplication application;
  private final MessageCheck check;
  private final PendingMessages pending;
  private final FixMessage later = new FixMessage();
  private final FixTokenizer tokenizer = new FixTokenizer(Integer.MAX_VALUE / 2);
  private final UnsafeBuffer laterBytes = new UnsafeBuffer(0, 0);
  private long askedTo;
  private long askedAt;
  private boolean resetSent;

  SessionInput(
      FixSession session,
      MessageStore store,
      SessionOutput output,
      Resender resender,
      FixApplication application) {
    this.session = session;
    this.config = session.config();
    this.store = store;
    this.output = output;
    this.resender = resender;
    this.application = application;
    check = new MessageCheck(config);
    pending = new PendingMessages(config.maxQueued());
  }

  MessageCheck check() {
    return check;
  }

  void connected() {
    forget();
  }

  void disconnected() {
    forget();
  }

  /** No gap, nothing kept. */
  void forget() {
    pending.clear();
    askedTo = 0;
    resetSent = false;
  }

  /** Our Logon with 141=Y is out: what comes before its answer has a number of old. */
  void resetSent() {
    forget();
    resetSent = true;
    askedAt = session.now();
  }

  /** Whether our Logon with 141=Y is out for so long without an answer. */
  boolean isResetOverdue(long now) {
    return resetSent && now - askedAt >= config.logonTimeoutNanos();
  }

  void onMessage(FixMessage message) {
    if (message.version() != config.version()) {
      session.logout("Incorrect BeginString", DisconnectReason.LOGOUT);
      return;
    }
    long seq = message.integer(Tag.MSG_SEQ_NUM);
    if (seq == NONE || seq < 0) {
      session.logoutAndDisconnect("MsgSeqNum is missing", DisconnectReason.SEQUENCE);
      return;
    }
    int type = message.msgType();
    if (type == MsgType.LOGON && message.isYes(Tag.RESET_SEQ_NUM_FLAG)) {
      onReset(message, seq);
    } else if (!resetSent) {
      onNumbered(message, seq, type);
    }
  }

  private void onNumbered(FixMessage message, long seq, int type) {
    long expected = store.nextInbound();
    if (type == MsgType.LOGOUT) {
      onLogout(message, seq, expected);
    } else if (type == MsgType.SEQUENCE_RESET && !message.isYes(Tag.GAP_FILL_FLAG)) {
      onSequenceReset(message);
    } else if (seq == expected) {
      inOrder(message, seq, true);
      drain();
    } else if (type == MsgType.RESEND_REQUEST) {
      onResendRequestOutOfOrder(message, seq, expected);
    } else if (seq > expected) {
      tooHigh(message, seq, expected);
    } else {
      tooLow(message, seq, expected);
    }
  }

  // ---- numbers

  private void tooHigh(FixMessage message, long seq, long expected) {
    if (trusted(message)) {
      pending.add(seq, message);
      gap(expected, seq);
    }
  }

  /** Something later than expected is here: asks for what is missing, unless that is under way. */
  void gap(long expected, long seq) {
    if (expected > askedTo) {
      ask(expected, seq - 1);
    }
  }

  private void ask(long expected, long to) {
    askedTo = to;
    askedAt = session.now();
    output.resendRequest(expected, session.now());
  }

  /** The Logon of that number is dealt with, whatever is missing before it. */
  void alreadyHad(long seq) {
    pending.addDone(seq);
  }

  /** A request that brought nothing for so long, itself lost or its answer, is repeated. */
  int askAgain(long now, long patience) {
    long expected = store.nextInbound();
    if (expected > askedTo || now - askedAt < patience) {
      return 0;
    }
    ask(expected, askedTo);
    return 1;
  }

  private void tooLow(FixMessage message, long seq, long expected) {
    if (!message.isYes(Tag.POSS_DUP_FLAG)) {
      session.logoutAndDisconnect(
          "MsgSeqNum too low, expecting " + expected + " but received " + seq,
          DisconnectReason.SEQUENCE);
      return;
    }
    if (!trusted(message) || message.msgType() == MsgType.SEQUENCE_RESET) {
      return;
    }
    long original = message.timestamp(Tag.ORIG_SENDING_TIME);
    if (!message.has(Tag.ORIG_SENDING_TIME)) {
      output.reject(
          message, RejectReason.REQUIRED_TAG_MISSING, Tag.ORIG_SENDING_TIME, null, session.now());
    } else if (original == NONE || original > message.timestamp(Tag.SENDING_TIME)) {
      output.reject(message, RejectReason.SENDING_TIME, FixSession.NO_TAG, null, session.now());
      session.logout(null, DisconnectReason.LOGOUT);
    }
  }

  /** Hands on what was kept and has its turn now; a further gap is asked for. */
  private void drain() {
    byte[] bytes;
    while (isOpen() && (bytes = pending.take(store.nextInbound())) != null) {
      long seq = store.nextInbound();
      if (bytes == PendingMessages.DONE) {
        store.nextInbound(seq + 1);
      } else {
        laterBytes.wrap(bytes);
        tokenizer.next(laterBytes, 0, bytes.length, later);
        inOrder(later, seq, false);
      }
    }
    if (isOpen() && !pending.isEmpty()) {
      long expected = store.nextInbound();
      pending.forgetBelow(expected);
      if (!pending.isEmpty() && expected > askedTo) {
        gap(expected, pending.first());
      }
    }
  }

  private boolean isOpen() {
    return session.state() == SessionState.LOGGED_ON || session.state() == SessionState.LOGOUT_SENT;
  }

  // ---- messages in their order

  /**
   * @param fresh false: it was kept, and its identity and time were looked at when it came
   */
  private void inOrder(FixMessage message, long seq, boolean fresh) {
    RejectReason fault = check.message(message);
    if (fault != null) {
      output.reject(message, fault, check.tag(), null, session.now());
    } else if (!fresh || trusted(message)) {
      long next = dispatch(message, seq);
      store.nextInbound(next);
      progress(next);
      return;
    }
    store.nextInbound(seq + 1);
    progress(seq + 1);
  }

  private void progress(long next) {
    if (next <= askedTo) {
      askedAt = session.now();
    }
  }

  /** Returns the number that is expected after it. */
  private long dispatch(FixMessage message, long seq) {
    switch (message.msgType()) {
      case MsgType.LOGON -> {
        // Heard is all it wants to be.
      }
      case MsgType.HEARTBEAT -> {
        if (message.has(Tag.TEST_REQ_ID)) {
          application.onAnswer(session, session.now());
        }
      }
      case MsgType.TEST_REQUEST -> output.heartbeat(session.now(), message);
      case MsgType.RESEND_REQUEST -> onResendRequest(message);
      case MsgType.REJECT -> application.onReject(session, message, session.now());
      case MsgType.SEQUENCE_RESET -> {
        return gapFilled(message, seq);
      }
      default -> application.onMessage(session, message, session.now());
    }
    return seq + 1;
  }

  private long gapFilled(FixMessage message, long seq) {
    long next = message.integer(Tag.NEW_SEQ_NO);
    if (next <= seq) {
      output.reject(message, RejectReason.INCORRECT_VALUE, FixSession.NO_TAG, null, session.now());
      return seq + 1;
    }
    pending.forgetBelow(next);
    application.onGapFilled(session, seq, next, session.now());
    return next;
  }

  /** Reset mode: its own number does not matter, and it may not go back. */
  private void onSequenceReset(FixMessage message) {
    if (!trusted(message)) {
      return;
    }
    RejectReason fault = check.message(message);
    long next = message.integer(Tag.NEW_SEQ_NO);
    if (fault != null) {
      output.reject(message, fault, check.tag(), null, session.now());
    } else if (next < store.nextInbound()) {
      output.reject(message, RejectReason.INCORRECT_VALUE, FixSession.NO_TAG, null, session.now());
    } else {
      store.nextInbound(next);
      pending.forgetBelow(next);
      drain();
    }
  }

  // ---- resend requests

  /**
   * Answered whatever its number is: were both sides to wait for the other's gap to be filled
   * first, neither would be.
   */
  private void onResendRequestOutOfOrder(FixMessage message, long seq, long expected) {
    if (!trusted(message) || check.message(message) != null) {
      return;
    }
    onResendRequest(message);
    if (seq > expected) {
      pending.addDone(seq);
      gap(expected, seq);
    }
  }

  private void onResendRequest(FixMessage message) {
    long begin = message.integer(Tag.BEGIN_SEQ_NO);
    long end = message.integer(Tag.END_SEQ_NO);
    long last = store.nextOutbound() - 1;
    if (begin < 1 || begin > last || end < 0 || end != 0 && end < begin) {
      int tag = begin < 1 || begin > last ? Tag.BEGIN_SEQ_NO : Tag.END_SEQ_NO;
      output.reject(message, RejectReason.INCORRECT_VALUE, tag, null, session.now());
      return;
    }
    resender.start(begin, end == 0 ? last : Math.min(end, last));
    resender.pump(session.now());
  }

  // ---- logout, reset, trust

  private void onLogout(FixMessage message, long seq, long expected) {
    if (seq == expected) {
      store.nextInbound(seq + 1);
    }
    if (session.state() == SessionState.LOGGED_ON) {
      output.logout(null, session.now());
    }
    session.disconnect(session.logoutReason(), message.text(Tag.TEXT));
  }

  /** A Logon with 141=Y while logged on: the answer to ours, or the peer's wish. */
  private void onReset(FixMessage message, long seq) {
    if (seq != 1 || check.message(message) != null || !trusted(message)) {
      session.logoutAndDisconnect(
          "a Logon with ResetSeqNumFlag has MsgSeqNum 1", DisconnectReason.SEQUENCE);
      return;
    }
    boolean ours = resetSent;
    forget();
    resender.stop();
    if (!ours) {
      store.reset(session.now());
    }
    store.nextInbound(2);
    if (!ours) {
      session.answerReset(message);
    }
  }

  /** Right CompIDs and a SendingTime near our clock; else a reject and a Logout. */
  private boolean trusted(FixMessage message) {
    RejectReason fault = check.identity(message, session.now());
    if (fault == null) {
      return true;
    }
    output.reject(message, fault, FixSession.NO_TAG, null, session.now());
    session.logout(null, DisconnectReason.LOGOUT);
    return false;
  }
}
