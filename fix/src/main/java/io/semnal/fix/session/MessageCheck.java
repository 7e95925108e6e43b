package io.semnal.fix.session;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.dictionary.FixDictionary;
import io.semnal.fix.dictionary.RejectReason;

/** Finds what is wrong with an inbound message. One thread. */
final class MessageCheck {
  private static final int[] REQUIRED = {Tag.SENDER_COMP_ID, Tag.TARGET_COMP_ID, Tag.SENDING_TIME};

  private final SessionConfig config;
  private final FixDictionary dictionary;
  private int tag;

  MessageCheck(SessionConfig config) {
    this.config = config;
    dictionary = config.dictionary();
  }

  /** What is wrong with its form; null: nothing. {@link #tag} says where. */
  RejectReason message(FixMessage message) {
    if (dictionary != null) {
      RejectReason fault = dictionary.check(message);
      tag = dictionary.faultTag();
      return fault;
    }
    for (int required : REQUIRED) {
      int index = message.find(required);
      if (index < 0 || message.valueLength(index) == 0) {
        tag = required;
        return index < 0 ? RejectReason.REQUIRED_TAG_MISSING : RejectReason.NO_VALUE;
      }
    }
    return null;
  }

  /** The tag that the last fault is about; {@link FixSession#NO_TAG}: none. */
  int tag() {
    return tag;
  }

  /** Whether it comes from whom it should, to whom, and now; null: it does. */
  RejectReason identity(FixMessage message, long now) {
    if (!message.equals(Tag.SENDER_COMP_ID, config.target())
        || !message.equals(Tag.TARGET_COMP_ID, config.sender())) {
      return RejectReason.COMP_ID;
    }
    long sent = message.timestamp(Tag.SENDING_TIME);
    long most = config.maxLatencyNanos();
    if (sent == FixMessage.NONE || most > 0 && Math.abs(now - sent) > most) {
      return RejectReason.SENDING_TIME;
    }
    return null;
  }
}
