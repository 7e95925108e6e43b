package io.semnal.fix.dictionary;

import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.TagSet;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Says whether a message is as its version of FIX wants it: the order of header, body and trailer,
 * its type, required fields, and of each field its number, value, form, enumeration and place, and
 * the counts of repeating groups.
 *
 * <p>Fields of a type of message are known for the session's messages and for those that acceptance
 * scripts use; in other types any field that is defined may stand. Looking allocates nothing. One
 * thread.
 */
public final class FixDictionary {
  /** A fault that is about no tag. */
  public static final int NO_TAG = Integer.MIN_VALUE;

  /** From here on tags are the users' own. */
  private static final int FIRST_USER_TAG = 5000;

  private final FieldType[] types;
  private final Int2ObjectHashMap<String[]> enumerations;
  private final Int2ObjectHashMap<MessageRule> messages;
  private final Int2ObjectHashMap<GroupRule> groups;
  private final TagSet header;
  private final TagSet trailer;
  private final int[] requiredHeader;
  private final boolean userTags;
  private int faultTag = NO_TAG;

  private FixDictionary(DictionaryFile file, boolean userTags) {
    types = file.types();
    enumerations = file.enumerations();
    messages = file.messages();
    groups = file.groups();
    header = file.header().fields();
    trailer = file.trailer().fields();
    requiredHeader = file.header().required();
    this.userTags = userTags;
  }

  /**
   * The dictionary of a version: FIX.4.2 or FIX.4.4.
   *
   * @param userTags whether tags from 5000 on are welcome in every message
   */
  public static FixDictionary of(FixVersion version, boolean userTags) {
    String name =
        switch (version) {
          case FIX42 -> "fix42.dict";
          case FIX44 -> "fix44.dict";
          case FIX43, FIXT11 ->
              throw new IllegalArgumentException(
                  "there is no dictionary of " + version.beginString());
        };
    return new FixDictionary(DictionaryFile.resource(name), userTags);
  }

  /** What is wrong first; null: nothing. {@link #faultTag} says with which field. */
  public RejectReason check(FixMessage message) {
    faultTag = NO_TAG;
    RejectReason fault = order(message);
    if (fault != null) {
      return fault;
    }
    MessageRule rule = messages.get(message.msgType());
    if (rule == null) {
      return RejectReason.INVALID_MSG_TYPE;
    }
    fault = required(message, requiredHeader);
    if (fault == null) {
      fault = required(message, rule.required());
    }
    return fault == null ? fields(message, rule) : fault;
  }

  /** The tag of the last fault; {@link #NO_TAG}: it is about none. */
  public int faultTag() {
    return faultTag;
  }

  private RejectReason fault(RejectReason reason, int tag) {
    faultTag = tag;
    return reason;
  }

  /** Header, then body, then trailer. */
  private RejectReason order(FixMessage message) {
    int part = 0;
    for (int i = 0; i < message.fieldCount(); i++) {
      int tag = message.tag(i);
      int own = header.contains(tag) ? 0 : trailer.contains(tag) ? 2 : 1;
      if (own < part) {
        return fault(RejectReason.TAG_ORDER, tag);
      }
      part = own;
    }
    return null;
  }

  private RejectReason required(FixMessage message, int[] tags) {
    for (int tag : tags) {
      if (!message.has(tag)) {
        return fault(RejectReason.REQUIRED_TAG_MISSING, tag);
      }
    }
    return null;
  }

  private RejectReason fields(FixMessage message, MessageRule rule) {
    int i = 0;
    while (i < message.fieldCount()) {
      RejectReason fault = field(message, i, rule, null);
      if (fault != null) {
        return fault;
      }
      GroupRule group = rule.fields() == null ? null : groups.get(message.tag(i));
      if (group == null) {
        i++;
      } else {
        int end = groupEnd(message, i + 1, group);
        fault = group(message, i, end, group, rule);
        if (fault != null) {
          return fault;
        }
        i = end;
      }
    }
    return null;
  }

  private RejectReason field(FixMessage message, int index, MessageRule rule, GroupRule inside) {
    int tag = message.tag(index);
    boolean user = userTags && tag >= FIRST_USER_TAG;
    FieldType type = tag > 0 && tag < types.length ? types[tag] : null;
    if (type == null && !user) {
      return fault(RejectReason.INVALID_TAG, tag);
    }
    if (message.valueLength(index) == 0) {
      return fault(RejectReason.NO_VALUE, tag);
    }
    if (user && type == null) {
      return null;
    }
    if (!type.accepts(message, index)) {
      return fault(RejectReason.INCORRECT_FORMAT, tag);
    }
    if (!isEnumerated(message, index, tag)) {
      return fault(RejectReason.INCORRECT_VALUE, tag);
    }
    return inside == null ? place(message, index, tag, rule) : null;
  }

  private RejectReason place(FixMessage message, int index, int tag, MessageRule rule) {
    boolean framing = header.contains(tag) || trailer.contains(tag);
    if (!framing && rule.fields() != null && !rule.fields().contains(tag)) {
      return fault(RejectReason.TAG_NOT_OF_TYPE, tag);
    }
    boolean once = framing || rule.fields() != null;
    if (once && message.find(tag, 0, index) >= 0) {
      return fault(RejectReason.REPEATED_TAG, tag);
    }
    return null;
  }

  private boolean isEnumerated(FixMessage message, int index, int tag) {
    String[] values = enumerations.get(tag);
    if (values == null) {
      return true;
    }
    for (String value : values) {
      if (message.equalsAt(index, value)) {
        return true;
      }
    }
    return false;
  }

  /** The first index that is no member's. */
  private static int groupEnd(FixMessage message, int from, GroupRule group) {
    int at = from;
    while (at < message.fieldCount() && group.members().contains(message.tag(at))) {
      at++;
    }
    return at;
  }

  private RejectReason group(
      FixMessage message, int count, int end, GroupRule group, MessageRule rule) {
    int entries = 0;
    for (int i = count + 1; i < end; i++) {
      RejectReason fault = field(message, i, rule, group);
      if (fault != null) {
        return fault;
      }
      entries += message.tag(i) == group.delimiter() ? 1 : 0;
    }
    if (entries != message.integerAt(count)) {
      return fault(RejectReason.GROUP_COUNT, message.tag(count));
    }
    return entries > 0 && message.tag(count + 1) != group.delimiter()
        ? fault(RejectReason.GROUP_ORDER, message.tag(count + 1))
        : null;
  }
}
