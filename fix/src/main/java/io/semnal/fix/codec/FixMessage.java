package io.semnal.fix.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * A view of one whole message: its fields in their order, read in place. Valid until the buffer it
 * was read from changes or is read from again. The first field is MsgType (35); BeginString,
 * BodyLength and CheckSum are not among the fields. One thread.
 */
public final class FixMessage {
  /** See {@link FixValues#NONE}. */
  public static final long NONE = FixValues.NONE;

  /** Fields that a message may have unless its maker says otherwise. */
  public static final int MAX_FIELDS = 4096;

  private final int maxFields;
  private int[] tags;
  private int[] starts;
  private int[] ends;
  private int count;
  private DirectBuffer buffer;
  private int offset;
  private int length;
  private FixVersion version;
  private int msgType;

  public FixMessage() {
    this(MAX_FIELDS);
  }

  public FixMessage(int maxFields) {
    this.maxFields = maxFields;
    int first = Math.min(maxFields, 128);
    tags = new int[first];
    starts = new int[first];
    ends = new int[first];
  }

  void begin(DirectBuffer source, int start, FixVersion beginString) {
    buffer = source;
    offset = start;
    version = beginString;
    msgType = MsgType.UNKNOWN;
    length = 0;
    count = 0;
  }

  /** False: there are too many. */
  boolean add(int tag, int start, int end) {
    int i = count;
    if (i == tags.length && !grow()) {
      return false;
    }
    tags[i] = tag;
    starts[i] = start;
    ends[i] = end;
    count = i + 1;
    return true;
  }

  private boolean grow() {
    if (tags.length >= maxFields) {
      return false;
    }
    int larger = Math.min(maxFields, tags.length * 2);
    tags = Arrays.copyOf(tags, larger);
    starts = Arrays.copyOf(starts, larger);
    ends = Arrays.copyOf(ends, larger);
    return true;
  }

  void end(int wholeLength) {
    length = wholeLength;
    msgType = MsgType.at(buffer, starts[0], ends[0] - starts[0]);
  }

  /** Where the fields' bytes are. */
  public DirectBuffer buffer() {
    return buffer;
  }

  /** Where the message begins, at its 8. */
  public int offset() {
    return offset;
  }

  /** Bytes of the whole message, checksum included. */
  public int length() {
    return length;
  }

  /** The session protocol of its BeginString; null: another one. */
  public FixVersion version() {
    return version;
  }

  /** See {@link MsgType}. */
  public int msgType() {
    return msgType;
  }

  /** How many fields there are between BodyLength and CheckSum. */
  public int fieldCount() {
    return count;
  }

  public int tag(int index) {
    return tags[index];
  }

  public int valueOffset(int index) {
    return starts[index];
  }

  public int valueLength(int index) {
    return ends[index] - starts[index];
  }

  /** The index of the first field of that tag; −1: there is none. */
  public int find(int tag) {
    return find(tag, 0, count);
  }

  /** The index of the first field of that tag from one index up to another, exclusive; or −1. */
  public int find(int tag, int from, int to) {
    int[] all = tags;
    for (int i = from; i < to; i++) {
      if (all[i] == tag) {
        return i;
      }
    }
    return -1;
  }

  public boolean has(int tag) {
    return find(tag) >= 0;
  }

  /** An integer; {@link #NONE}: absent or malformed. */
  public long integer(int tag) {
    return integerAt(find(tag));
  }

  public long integerAt(int index) {
    return index < 0 ? NONE : FixValues.integer(buffer, starts[index], valueLength(index));
  }

  /** A decimal as a mantissa of exponent −8; {@link #NONE}: absent or malformed. */
  public long decimal(int tag) {
    return decimalAt(find(tag));
  }

  public long decimalAt(int index) {
    return index < 0 ? NONE : FixValues.decimal(buffer, starts[index], valueLength(index));
  }

  /** A UTCTimestamp as nanoseconds since the epoch; {@link #NONE}: absent or malformed. */
  public long timestamp(int tag) {
    return timestampAt(find(tag));
  }

  public long timestampAt(int index) {
    return index < 0 ? NONE : FixValues.timestamp(buffer, starts[index], valueLength(index));
  }

  /** A single character; 0: absent, or not one. */
  public char character(int tag) {
    return characterAt(find(tag));
  }

  public char characterAt(int index) {
    return index < 0 || valueLength(index) != 1 ? 0 : (char) (buffer.getByte(starts[index]) & 0xff);
  }

  /** Whether it is there and {@code Y}. */
  public boolean isYes(int tag) {
    return character(tag) == 'Y';
  }

  /** Whether it is there and equals that ASCII text. */
  public boolean equals(int tag, CharSequence text) {
    return equalsAt(find(tag), text);
  }

  public boolean equalsAt(int index, CharSequence text) {
    if (index < 0 || valueLength(index) != text.length()) {
      return false;
    }
    int at = starts[index];
    for (int i = 0; i < text.length(); i++) {
      if ((buffer.getByte(at + i) & 0xff) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** A copy of the value's bytes as Latin-1 text; null: absent. Allocates. */
  public String text(int tag) {
    return textAt(find(tag));
  }

  public String textAt(int index) {
    if (index < 0) {
      return null;
    }
    byte[] bytes = new byte[valueLength(index)];
    buffer.getBytes(starts[index], bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** The message with its separators as {@code |}, for a log or a test. Allocates. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char c = (char) (buffer.getByte(offset + i) & 0xff);
      text.append(c == FixTokenizer.SOH ? '|' : c);
    }
    return text.toString();
  }
}
