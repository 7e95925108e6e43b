package io.semnal.fix.codec;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

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
  private static final int MOST_TAG_DIGITS = 9;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long EVEN = 0x00ff00ff00ff00ffL;

  /** Lanes of 16 bits take so many sums of two bytes. */
  private static final int WORDS_PER_FOLD = 120;

  private final int maxBody;
  private int consumed;
  private GarbledReason reason = GarbledReason.NONE;
  private long skipped;
  private int versionEnd;
  private int headerEnd;
  private int bodyLength;

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
    if (at == from || value < 5) {
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

  /**
   * The number in {@code 10=nnn|} after a separator; below zero if that is not what stands there.
   */
  private static int checksumField(DirectBuffer buffer, int at) {
    if (buffer.getByte(at - 1) != SOH
        || buffer.getByte(at) != '1'
        || buffer.getByte(at + 1) != '0'
        || buffer.getByte(at + 2) != '='
        || buffer.getByte(at + 6) != SOH) {
      return -1;
    }
    int hundreds = buffer.getByte(at + 3) - '0';
    int tens = buffer.getByte(at + 4) - '0';
    int ones = buffer.getByte(at + 5) - '0';
    boolean digits =
        hundreds >= 0 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
    return digits ? hundreds * 100 + tens * 10 + ones : -1;
  }

  /** The sum of the bytes, modulo 256. */
  static int checksum(DirectBuffer buffer, int from, int to) {
    int at = from;
    long sum = 0;
    while (to - at >= Long.BYTES) {
      int words = Math.min(WORDS_PER_FOLD, to - at >> 3);
      long lanes = 0;
      for (int i = 0; i < words; i++, at += Long.BYTES) {
        long word = buffer.getLong(at);
        lanes += (word & EVEN) + (word >>> Byte.SIZE & EVEN);
      }
      sum += (lanes & 0xffff) + (lanes >>> 16 & 0xffff) + (lanes >>> 32 & 0xffff) + (lanes >>> 48);
    }
    while (at < to) {
      sum += buffer.getByte(at++) & 0xff;
    }
    return (int) sum & 0xff;
  }

  /**
   * The last byte before {@code end} is a separator and seven more follow it, so that neither loop
   * needs to look for the end.
   */
  private boolean fields(DirectBuffer buffer, int from, int end, FixMessage message) {
    int at = from;
    int dataTag = 0;
    int dataLength = 0;
    while (at < end) {
      int tag = 0;
      int tagStart = at;
      byte c = buffer.getByte(at++);
      boolean negative = c == '-';
      if (negative) {
        tagStart++;
        c = buffer.getByte(at++);
      }
      while (c >= '0' && c <= '9' && at - tagStart <= MOST_TAG_DIGITS) {
        tag = tag * 10 + (c - '0');
        c = buffer.getByte(at++);
      }
      if (c != '=' || at - tagStart < 2) {
        return wrong(GarbledReason.FIELD_FORM);
      }
      int value = at;
      if (tag == dataTag && dataTag != 0) {
        at = value + dataLength;
        if (dataLength > end - 1 - value || buffer.getByte(at) != SOH) {
          return wrong(GarbledReason.DATA_LENGTH);
        }
      } else {
        at = endOfValue(buffer, at);
      }
      dataTag = 0;
      if (DataFields.isLength(tag)) {
        long stated = FixValues.integer(buffer, value, at - value);
        dataTag = stated >= 0 ? DataFields.dataOf(tag) : 0;
        dataLength = (int) Math.min(stated, Integer.MAX_VALUE);
      }
      if (!message.add(negative ? -tag : tag, value, at)) {
        return wrong(GarbledReason.TOO_MANY_FIELDS);
      }
      at++;
    }
    return true;
  }

  private boolean wrong(GarbledReason why) {
    reason = why;
    return false;
  }

  /** Where the next separator is; eight bytes at a time. */
  private static int endOfValue(DirectBuffer buffer, int from) {
    int at = from;
    while (true) {
      long word = buffer.getLong(at, ByteOrder.LITTLE_ENDIAN) ^ ONES;
      long found = word - ONES & ~word & HIGHS;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
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
