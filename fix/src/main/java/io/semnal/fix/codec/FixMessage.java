package io.semnal.fix.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;

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

  private static final long POINTS = Words.all('.');

  private final int maxFields;

  /** Filled by the tokenizer. */
  int[] tags;

  /** Where each value begins, in the upper half, and ends. */
  long[] spans;

  int count;
  private DirectBuffer buffer;
  private Object base;
  private long address;
  private int offset;
  private int length;
  private long dayDigits;
  private long day = NONE;
  private FixVersion version;
  private int msgType;

  public FixMessage() {
    this(MAX_FIELDS);
  }

  public FixMessage(int maxFields) {
    this.maxFields = maxFields;
    int first = Math.min(maxFields, 128);
    tags = new int[first];
    spans = new long[first];
  }

  void begin(DirectBuffer source, int start, FixVersion beginString) {
    buffer = source;
    base = source.byteArray();
    address = source.addressOffset();
    offset = start;
    version = beginString;
    msgType = MsgType.UNKNOWN;
    length = 0;
    count = 0;
  }

  /** Makes room for more fields; false: there are too many. */
  boolean grow() {
    if (tags.length >= maxFields) {
      return false;
    }
    int larger = Math.min(maxFields, tags.length * 2);
    tags = Arrays.copyOf(tags, larger);
    spans = Arrays.copyOf(spans, larger);
    return true;
  }

  void end(int wholeLength) {
    length = wholeLength;
    msgType = MsgType.at(buffer, valueOffset(0), valueLength(0));
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
    return (int) (spans[index] >>> Integer.SIZE);
  }

  public int valueLength(int index) {
    long span = spans[index];
    return (int) span - (int) (span >>> Integer.SIZE);
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
    return index < 0 ? NONE : integerOf(spans[index]);
  }

  /** A decimal as a mantissa of exponent −8; {@link #NONE}: absent or malformed. */
  public long decimal(int tag) {
    return decimalAt(find(tag));
  }

  public long decimalAt(int index) {
    return index < 0 ? NONE : decimalOf(spans[index]);
  }

  /** A UTCTimestamp as nanoseconds since the epoch; {@link #NONE}: absent or malformed. */
  public long timestamp(int tag) {
    return timestampAt(find(tag));
  }

  public long timestampAt(int index) {
    return index < 0 ? NONE : timestampOf(spans[index]);
  }

  // A value is followed by eight bytes at least: its separator and the checksum. So whole words can
  // be read from its beginning.

  private long integerOf(long span) {
    int start = (int) (span >>> Integer.SIZE);
    int size = (int) span - start;
    if (size > 0 && size <= Long.BYTES) {
      long value = Words.digits(Words.at(base, address + start), size);
      if (value != Words.NO_DIGITS) {
        return value;
      }
    }
    return FixValues.integer(buffer, start, size);
  }

  /** Up to eight characters, a point among them, in one word; others in a loop. */
  private long decimalOf(long span) {
    int start = (int) (span >>> Integer.SIZE);
    int size = (int) span - start;
    if (size > 1 && size <= Long.BYTES) {
      long word = Words.at(base, address + start);
      int point = Words.before(Words.equal(word, POINTS));
      long value =
          point >= size
              ? Words.digits(word, size)
              : Words.digits(withoutPoint(word, point), size - 1);
      if (value != Words.NO_DIGITS) {
        return value * FixValues.power(FixValues.DECIMALS - Math.max(0, size - 1 - point));
      }
    }
    return FixValues.decimal(buffer, start, size);
  }

  private static long withoutPoint(long word, int point) {
    long before = Words.lowest(word, point);
    return before | (word >>> 8 & ~Words.lowest(-1L, point));
  }

  /** The day of the last one is remembered: it seldom is another. */
  private long timestampOf(long span) {
    int start = (int) (span >>> Integer.SIZE);
    int size = (int) span - start;
    if (size < 17) {
      return NONE;
    }
    long digits = Words.at(base, address + start);
    if (digits != dayDigits) {
      day = FixValues.date(buffer, start, 8);
      dayDigits = digits;
    }
    long time = FixValues.timeOfDay(buffer, start + 9, size - 9);
    return day == NONE || time == NONE || buffer.getByte(start + 8) != '-' ? NONE : day + time;
  }

  /** A single character; 0: absent, or not one. */
  public char character(int tag) {
    return characterAt(find(tag));
  }

  public char characterAt(int index) {
    return index < 0 || valueLength(index) != 1
        ? 0
        : (char) (buffer.getByte(valueOffset(index)) & 0xff);
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
    long at = address + valueOffset(index);
    for (int i = 0; i < text.length(); i++) {
      if ((UnsafeApi.getByte(base, at + i) & 0xff) != text.charAt(i)) {
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
    buffer.getBytes(valueOffset(index), bytes);
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
