package io.semnal.fix.session;

import io.semnal.fix.codec.Tag;
import io.semnal.fix.codec.TagSet;

/** Which tags belong to a message's header. */
final class Headers {
  /** Of the standard header of any version; 8, 9 and 35 stand apart. */
  private static final TagSet HEADER =
      TagSet.of(
          Tag.MSG_TYPE,
          34,
          43,
          49,
          50,
          52,
          56,
          57,
          90,
          91,
          97,
          115,
          116,
          122,
          128,
          129,
          142,
          143,
          144,
          145,
          212,
          213,
          347,
          369,
          370,
          627,
          628,
          629,
          630,
          1128,
          1129,
          1156);

  /** Those that the session writes itself. */
  private static final TagSet OWN =
      TagSet.of(
          Tag.MSG_TYPE,
          Tag.MSG_SEQ_NUM,
          Tag.POSS_DUP_FLAG,
          Tag.SENDER_COMP_ID,
          Tag.SENDER_SUB_ID,
          Tag.SENDING_TIME,
          Tag.TARGET_COMP_ID,
          Tag.ORIG_SENDING_TIME);

  private Headers() {}

  static boolean isHeader(int tag) {
    return HEADER.contains(tag);
  }

  static boolean isOwn(int tag) {
    return OWN.contains(tag);
  }
}
