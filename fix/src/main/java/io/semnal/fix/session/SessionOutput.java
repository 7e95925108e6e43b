package io.semnal.fix.session;

import io.semnal.fix.codec.FixEncoder;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.MsgType;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.dictionary.RejectReason;
import io.semnal.fix.store.MessageStore;

/**
 * A session's outgoing half: headers, numbers, the store, and the messages of the session layer
 * itself. One thread.
 */
final class SessionOutput {
  static final long NONE = FixMessage.NONE;

  /** Beyond the longest message of our own: what a resend adds to it. */
  private static final int RESEND_ROOM = 64;

  private final SessionConfig config;
  private final MessageStore store;
  private final FixEncoder encoder;
  private FixTransport transport;
  private long lastSent;
  private long sendingTime;
  private long seq;
  private int type;

  SessionOutput(SessionConfig config, MessageStore store) {
    this.config = config;
    this.store = store;
    encoder = new FixEncoder(config.version(), config.maxMessage() + RESEND_ROOM);
  }

  void attach(FixTransport to) {
    transport = to;
  }

  FixTransport transport() {
    return transport;
  }

  long lastSent() {
    return lastSent;
  }

  /** Begins a message with the next number. */
  FixEncoder begin(int msgType, long now) {
    header(msgType, store.nextOutbound(), now, false);
    subIds();
    return encoder;
  }

  private void header(int msgType, long number, long now, boolean possDup) {
    type = msgType;
    seq = number;
    encoder.begin(msgType).integer(Tag.MSG_SEQ_NUM, number);
    if (possDup) {
      encoder.flag(Tag.POSS_DUP_FLAG, true);
    }
    encoder.text(Tag.SENDER_COMP_ID, config.sender());
    sendingTime = now;
    if (config.senderSub() != null) {
      encoder.text(Tag.SENDER_SUB_ID, config.senderSub());
    }
    encoder.timestamp(Tag.SENDING_TIME, now, config.timestampDigits());
    encoder.text(Tag.TARGET_COMP_ID, config.target());
  }

  private void subIds() {
    if (config.targetSub() != null) {
      encoder.text(Tag.TARGET_SUB_ID, config.targetSub());
    }
  }

  /**
   * Completes the message, keeps it if it is an application's, and takes its number.
   *
   * @param transmit false: it is kept only, to be asked for later
   * @return its number; −1: it was too long, and nothing happened
   */
  long send(boolean transmit) {
    int length = encoder.finish();
    if (length < 0) {
      return -1;
    }
    if (!MsgType.isAdmin(type)) {
      store.append(seq, encoder.buffer(), encoder.offset(), length);
    }
    store.nextOutbound(seq + 1);
    if (transmit) {
      transmit(length);
    }
    return seq;
  }

  private void transmit(int length) {
    lastSent = sendingTime;
    if (transport == null) {
      return;
    }
    transport.send(encoder.buffer(), encoder.offset(), length);
  }

  void sentAt(long now) {
    lastSent = now;
  }

  void heartbeat(long now, FixMessage answered) {
    begin(MsgType.HEARTBEAT, now);
    int id = answered == null ? -1 : answered.find(Tag.TEST_REQ_ID);
    if (id >= 0) {
      encoder.copy(answered, id);
    }
    send(true);
  }

  void testRequest(long now) {
    begin(MsgType.TEST_REQUEST, now);
    if (config.testRequestId() != null) {
      encoder.text(Tag.TEST_REQ_ID, config.testRequestId());
    } else {
      encoder.timestamp(Tag.TEST_REQ_ID, now, 9);
    }
    send(true);
  }

  void resendRequest(long from, long now) {
    begin(MsgType.RESEND_REQUEST, now).integer(Tag.BEGIN_SEQ_NO, from);
    encoder.integer(Tag.END_SEQ_NO, 0);
    send(true);
  }

  void logout(String text, long now) {
    begin(MsgType.LOGOUT, now);
    if (text != null) {
      encoder.text(Tag.TEXT, text);
    }
    send(true);
  }

  /**
   * Rejects a message, routed back to whom it came from.
   *
   * @param refTag {@link FixSession#NO_TAG}: none to name
   */
  void reject(FixMessage message, RejectReason reason, int refTag, String text, long now) {
    begin(MsgType.REJECT, now);
    routeBack(message);
    encoder.integer(Tag.REF_SEQ_NUM, Math.max(0, message.integer(Tag.MSG_SEQ_NUM)));
    encoder.text(Tag.TEXT, text == null ? reason.text() : text);
    if (refTag != FixSession.NO_TAG) {
      encoder.integer(Tag.REF_TAG_ID, refTag);
    }
    refMsgType(message);
    if (reason.isOf(config.version())) {
      encoder.integer(Tag.SESSION_REJECT_REASON, reason.code());
    }
    send(true);
  }

  void businessReject(FixMessage message, int reason, String text, long now) {
    begin(MsgType.BUSINESS_MESSAGE_REJECT, now);
    routeBack(message);
    encoder.integer(Tag.REF_SEQ_NUM, message.integer(Tag.MSG_SEQ_NUM));
    encoder.text(Tag.TEXT, text);
    refMsgType(message);
    encoder.integer(Tag.BUSINESS_REJECT_REASON, reason);
    send(true);
  }

  private void refMsgType(FixMessage message) {
    if (message.valueLength(0) > 0) {
      encoder.bytes(
          Tag.REF_MSG_TYPE, message.buffer(), message.valueOffset(0), message.valueLength(0));
    }
  }

  /** Who it was on behalf of becomes who it is delivered to, and the other way round. */
  private void routeBack(FixMessage message) {
    route(message, Tag.DELIVER_TO_COMP_ID, Tag.ON_BEHALF_OF_COMP_ID);
    route(message, Tag.DELIVER_TO_SUB_ID, Tag.ON_BEHALF_OF_SUB_ID);
    route(message, Tag.ON_BEHALF_OF_COMP_ID, Tag.DELIVER_TO_COMP_ID);
    route(message, Tag.ON_BEHALF_OF_SUB_ID, Tag.DELIVER_TO_SUB_ID);
    route(message, Tag.DELIVER_TO_LOCATION_ID, Tag.ON_BEHALF_OF_LOCATION_ID);
    route(message, Tag.ON_BEHALF_OF_LOCATION_ID, Tag.DELIVER_TO_LOCATION_ID);
  }

  private void route(FixMessage message, int from, int to) {
    int index = message.find(from);
    if (index >= 0 && message.valueLength(index) > 0) {
      encoder.bytes(to, message.buffer(), message.valueOffset(index), message.valueLength(index));
    }
  }

  /** Stands for the messages from one number up to another, exclusive. */
  void gapFill(long from, long to, long now) {
    header(MsgType.SEQUENCE_RESET, from, now, true);
    subIds();
    encoder.timestamp(Tag.ORIG_SENDING_TIME, now, config.timestampDigits());
    encoder.integer(Tag.NEW_SEQ_NO, to).flag(Tag.GAP_FILL_FLAG, true);
    transmit(encoder.finish());
  }

  /** Sends a kept message again: marked, with the time of now and its first one. */
  void resend(FixMessage kept, long number, long now) {
    header(kept.msgType(), number, now, true);
    int index = 1;
    while (index < kept.fieldCount() && Headers.isHeader(kept.tag(index))) {
      if (!Headers.isOwn(kept.tag(index))) {
        encoder.copy(kept, index);
      }
      index++;
    }
    int time = kept.find(Tag.SENDING_TIME);
    encoder.bytes(
        Tag.ORIG_SENDING_TIME, kept.buffer(), kept.valueOffset(time), kept.valueLength(time));
    for (; index < kept.fieldCount(); index++) {
      encoder.copy(kept, index);
    }
    transmit(encoder.finish());
  }
}
