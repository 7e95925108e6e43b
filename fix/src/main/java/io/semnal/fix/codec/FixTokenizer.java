package io.semnal.fix.codec;

import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;

/**
 * Cuts a stream of bytes into messages and these into fields, without allocation.
 *
 * <p>A message is whole when BeginString, BodyLength and MsgType are its first three fields, the
 * checksum stands where BodyLength says and is right, and each field has a tag and an equals sign.
 * What began like a message and is none is <em>garbled</em>: to be ignored, says the standard, and
 * reading goes on behind it; where its BodyLength was credible, behind the bytes that it claimed.
 * Bytes before a {@code 8=FIX} are skipped. Every call consumes bytes or asks for more.
 *
 * <p>Holds nothing but the outcome of its last call. One thread.
 */
public final class FixTokenizer {
  /** More bytes are needed. */
  public static final int INCOMPLETE = 0;

  /** There is a message. */
  public static final int MESSAGE = 1;

  /** Something that is no message was skipped; see {@link #reason}. */
  public static final int GARBLED = 2;

  /** The separator. */
  public static final byte SOH = 1;

  /** Body bytes that a message may have unless the maker says otherwise. */
  public static final int MAX_BODY = 64 * 1024;

  private static final int LONGEST_VERSION = 10;
  private static final int MOST_LENGTH_DIGITS = 9;
  private static final int TRAILER = 7;
  private static final int LEAST_BODY = 5;
  private static final int USUAL_DIGITS = 6;

  /** Bytes that the usual header's words take at most. */
  private static final int ENOUGH = 32;

  private static final int MOST_TAG_DIGITS = 9;

  /** A separator, {@code 10=}, three digits, a separator: from the lowest byte. */
  private static final long TRAILER_FORM = 0x01_00_00_00_3d_30_31_01L;

  private static final long TRAILER_MASK = 0xff_00_00_00_ff_ff_ff_ffL;

  /** {@code 8=FIX.4.}, and the three bytes after the version's last digit. */
  private static final long USUAL_START = 0x2e_34_2e_58_49_46_3d_38L;

  private static final int USUAL_LENGTH = 0x3d_39_01;

  /** {@code 35=}. */
  private static final int MSG_TYPE_FORM = 0x3d_35_33;

  private static final int THREE_BYTES = 0xff_ff_ff;
  private static final int USUAL_HEADER = 12;
  private static final long NO_TAG = Long.MIN_VALUE;
  private static final long EQUALS = Words.all('=');
  private static final long SEPARATORS = Words.all(SOH);
  private static final long EVEN = 0x00ff00ff00ff00ffL;

  /** Lanes of 16 bits take the sums of two bytes of so many. */
  private static final int BYTES_PER_FOLD = 960;

  private final int maxBody;
  private int consumed;
  private GarbledReason reason = GarbledReason.NONE;
  private long skipped;
  private int versionEnd;
  private int headerEnd;
  private int bodyLength;
  private int unusualDigits;

  public FixTokenizer() {
    this(MAX_BODY);
  }

  /**
   * @param maxBody the longest BodyLength that is believed
   */
  public FixTokenizer(int maxBody) {
    this.maxBody = maxBody;
  }

  /**
   * Reads what comes first.
   *
   * @param message filled if the result is {@link #MESSAGE}
   * @return {@link #INCOMPLETE}, {@link #MESSAGE} or {@link #GARBLED}; in each case {@link
   *     #consumed} bytes need not be offered again
   */
  public int next(DirectBuffer buffer, int offset, int length, FixMessage message) {
    buffer.boundsCheck(offset, length);
    reason = GarbledReason.NONE;
    int limit = offset + length;
    int start = Scan.messageStart(buffer, offset, limit);
    skipped += start - offset;
    int outcome = read(buffer, start, limit, message);
    consumed += start - offset;
    return outcome;
  }

  /** Sets {@link #consumed} as counted from the start. */
  private int read(DirectBuffer buffer, int start, int limit, FixMessage message) {
    consumed = 0;
    int outcome = header(buffer, start, limit);
    if (outcome != MESSAGE) {
      return outcome;
    }
    int bodyEnd = headerEnd + bodyLength;
    int end = bodyEnd + TRAILER;
    if (limit < end) {
      return INCOMPLETE;
    }
    consumed = bodyEnd - start;
    int stated = checksumField(buffer, bodyEnd);
    if (stated < 0) {
      return garbled(GarbledReason.NO_CHECKSUM);
    }
    consumed = end - start;
    if (checksum(buffer, start, bodyEnd) != stated) {
      return garbled(GarbledReason.WRONG_CHECKSUM);
    }
    message.begin(buffer, start, FixVersion.at(buffer, start + 2, versionEnd - start - 2));
    if (!fields(buffer, headerEnd, bodyEnd, message)) {
      return GARBLED;
    }
    message.end(end - start);
    return MESSAGE;
  }

  /** 8=…|9=…|35= ; on success headerEnd is where 35 begins. */
  private int header(DirectBuffer buffer, int start, int limit) {
    return limit - start >= ENOUGH && isUsual(buffer, start)
        ? MESSAGE
        : anyHeader(buffer, start, limit);
  }

  /** Version 4 and a length that is allowed, as words; everything else goes the long way. */
  private boolean isUsual(DirectBuffer buffer, int start) {
    Object base = buffer.byteArray();
    long address = buffer.addressOffset() + start;
    if (Words.at(base, address) != USUAL_START
        || ((int) (Words.at(base, address + Long.BYTES) >>> Byte.SIZE) & THREE_BYTES)
            != USUAL_LENGTH) {
      return false;
    }
    long word = Words.at(base, address + USUAL_HEADER);
    int digits = Words.before(Words.equal(word, SEPARATORS));
    if (digits == 0 || digits > USUAL_DIGITS) {
      return false;
    }
    long value = Words.digits(word, digits);
    int end = USUAL_HEADER + digits + 1;
    versionEnd = start + USUAL_HEADER - 3;
    headerEnd = start + end;
    bodyLength = (int) value;
    return value >= LEAST_BODY
        && value <= maxBody
        && ((int) Words.at(base, address + end) & THREE_BYTES) == MSG_TYPE_FORM;
  }

  private int anyHeader(DirectBuffer buffer, int start, int limit) {
    int at = start + Scan.PREFIX;
    int versionLimit = start + 2 + LONGEST_VERSION;
    while (at < limit && at < versionLimit && buffer.getByte(at) != SOH) {
      at++;
    }
    if (at >= versionLimit) {
      return garbledHeader(GarbledReason.HEADER_ORDER);
    }
    if (limit - at < 4) {
      return INCOMPLETE;
    }
    versionEnd = at;
    if (buffer.getByte(at + 1) != '9' || buffer.getByte(at + 2) != '=') {
      return garbledHeader(GarbledReason.HEADER_ORDER);
    }
    return length(buffer, at + 3, limit);
  }

  private int length(DirectBuffer buffer, int from, int limit) {
    int at = from;
    int value = 0;
    while (at < limit && buffer.getByte(at) != SOH) {
      int digit = buffer.getByte(at) - '0';
      if (digit < 0 || digit > 9 || at - from >= MOST_LENGTH_DIGITS) {
        return garbledHeader(GarbledReason.BODY_LENGTH);
      }
      value = value * 10 + digit;
      at++;
    }
    if (value > maxBody) {
      return garbledHeader(GarbledReason.TOO_LONG);
    }
    if (limit - at < 4) {
      return INCOMPLETE;
    }
    headerEnd = at + 1;
    bodyLength = value;
    if (at == from || value < LEAST_BODY) {
      return garbledHeader(GarbledReason.BODY_LENGTH);
    }
    if (buffer.getByte(at + 1) != '3'
        || buffer.getByte(at + 2) != '5'
        || buffer.getByte(at + 3) != '=') {
      return garbledHeader(GarbledReason.HEADER_ORDER);
    }
    return MESSAGE;
  }

  /** The length is not to be believed: reading goes on behind the {@code 8=FIX}. */
  private int garbledHeader(GarbledReason why) {
    consumed = Scan.PREFIX;
    return garbled(why);
  }

  private int garbled(GarbledReason why) {
    reason = why;
    return GARBLED;
  }

  /** The number in a {@code 10=nnn} between separators; below zero if something else is there. */
  private static int checksumField(DirectBuffer buffer, int at) {
    long word = Words.at(buffer.byteArray(), buffer.addressOffset() + at - 1);
    if ((word & TRAILER_MASK) != TRAILER_FORM) {
      return -1;
    }
    return (int) Words.digits(word >>> Integer.SIZE, 3);
  }

  /** The sum of the bytes, modulo 256. */
  static int checksum(DirectBuffer buffer, int from, int to) {
    buffer.boundsCheck(from, to - from);
    Object base = buffer.byteArray();
    long at = buffer.addressOffset() + from;
    long end = buffer.addressOffset() + to;
    long sum = 0;
    while (end - at >= Long.BYTES) {
      long stop = at + Math.min(BYTES_PER_FOLD, end - at & -Long.BYTES);
      long lanes = 0;
      for (; at < stop; at += Long.BYTES) {
        long word = UnsafeApi.getLong(base, at);
        lanes += (word & EVEN) + (word >>> Byte.SIZE & EVEN);
      }
      sum += (lanes & 0xffff) + (lanes >>> 16 & 0xffff) + (lanes >>> 32 & 0xffff) + (lanes >>> 48);
    }
    while (at < end) {
      sum += UnsafeApi.getByte(base, at++) & 0xff;
    }
    return (int) sum & 0xff;
  }

  /**
   * The last byte before {@code end} is a separator and seven more follow it, within the buffer, so
   * that whole words can be read from any place before the end, and a search for a separator ends.
   */
  private boolean fields(DirectBuffer buffer, int from, int end, FixMessage message) {
    Object base = buffer.byteArray();
    long address = buffer.addressOffset();
    int[] tags = message.tags;
    long[] spans = message.spans;
    int count = 0;
    int at = from;
    int dataTag = 0;
    int dataLength = 0;
    while (at < end) {
      // From the tag on, not from the value: the search need not wait for the tag.
      int next = endOfValue(base, address, at);
      long word = Words.at(base, address + at);
      int digits = Words.before(Words.equal(word, EQUALS));
      long tag = digits > 0 && digits < Long.BYTES ? Words.digits(word, digits) : NO_TAG;
      if (tag < 0) {
        tag = unusualTag(buffer, at);
        digits = unusualDigits;
      }
      int value = at + digits + 1;
      if (tag == NO_TAG || value > next) {
        return wrong(GarbledReason.FIELD_FORM);
      }
      if (dataTag != 0 && tag == dataTag) {
        next = value + dataLength;
        if (dataLength > end - 1 - value || buffer.getByte(next) != SOH) {
          return wrong(GarbledReason.DATA_LENGTH);
        }
      }
      dataTag = 0;
      if (DataFields.isLength((int) tag)) {
        long stated = FixValues.integer(buffer, value, next - value);
        dataTag = stated >= 0 ? DataFields.dataOf((int) tag) : 0;
        dataLength = (int) Math.min(stated, Integer.MAX_VALUE);
      }
      if (count == tags.length) {
        if (!message.grow()) {
          return wrong(GarbledReason.TOO_MANY_FIELDS);
        }
        tags = message.tags;
        spans = message.spans;
      }
      tags[count] = (int) tag;
      spans[count++] = (long) value << Integer.SIZE | next;
      at = next + 1;
    }
    message.count = count;
    return true;
  }

  /** A tag with a minus or of eight or nine digits; {@link #NO_TAG} if it is none. */
  private long unusualTag(DirectBuffer buffer, int from) {
    int at = from;
    boolean negative = buffer.getByte(at) == '-';
    int start = negative ? ++at : at;
    long tag = 0;
    byte c = buffer.getByte(at++);
    while (c >= '0' && c <= '9' && at - start <= MOST_TAG_DIGITS) {
      tag = tag * 10 + (c - '0');
      c = buffer.getByte(at++);
    }
    unusualDigits = at - 1 - from;
    return c != '=' || at - start < 2 ? NO_TAG : negative ? -tag : tag;
  }

  private boolean wrong(GarbledReason why) {
    reason = why;
    return false;
  }

  /** Where the next separator is; eight bytes at a time. */
  private static int endOfValue(Object base, long address, int from) {
    int at = from;
    while (true) {
      long found = Words.equal(Words.at(base, address + at), SEPARATORS);
      if (found != 0) {
        return at + Words.before(found);
      }
      at += Long.BYTES;
    }
  }

  /** Bytes that the last call is done with; they need not be offered again. */
  public int consumed() {
    return consumed;
  }

  /** Why the last call found something garbled. */
  public GarbledReason reason() {
    return reason;
  }

  /** Bytes that were skipped because no message began there, since this was made. */
  public long skipped() {
    return skipped;
  }
}
