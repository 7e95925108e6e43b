package io.semnal.fix.dictionary;

import io.semnal.fix.codec.FixVersion;

/** Why a message is refused: SessionRejectReason (373), with the text that goes with it. */
public enum RejectReason {
  INVALID_TAG(0, "Invalid tag number"),
  REQUIRED_TAG_MISSING(1, "Required tag missing"),
  TAG_NOT_OF_TYPE(2, "Tag not defined for this message type"),
  UNDEFINED_TAG(3, "Undefined Tag"),
  NO_VALUE(4, "Tag specified without a value"),
  INCORRECT_VALUE(5, "Value is incorrect (out of range) for this tag"),
  INCORRECT_FORMAT(6, "Incorrect data format for value"),
  SIGNATURE(8, "Signature problem"),
  COMP_ID(9, "CompID problem"),
  SENDING_TIME(10, "SendingTime accuracy problem"),
  INVALID_MSG_TYPE(11, "Invalid MsgType"),
  REPEATED_TAG(13, "Tag appears more than once"),
  TAG_ORDER(14, "Tag specified out of required order"),
  GROUP_ORDER(15, "Repeating group fields out of order"),
  GROUP_COUNT(16, "Incorrect NumInGroup count for repeating group");

  /** The largest that FIX.4.2 knows. */
  private static final int LAST_OF_FIX42 = 11;

  private final int code;
  private final String text;

  RejectReason(int code, String text) {
    this.code = code;
    this.text = text;
  }

  public int code() {
    return code;
  }

  public String text() {
    return text;
  }

  /** Whether that version has a code for it. */
  public boolean isOf(FixVersion version) {
    return version != FixVersion.FIX42 || code <= LAST_OF_FIX42;
  }
}
