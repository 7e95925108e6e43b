package io.semnal.fix.codec;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes one message at a time into a buffer of its own that is used again and again: fields in the
 * order of the calls, then BodyLength in front and CheckSum behind.
 *
 * <p>A value never breaks the message: a separator in text is written as {@code ?}. Grows up to its
 * limit; beyond that the message is refused at {@link #finish}. One thread.
 */
public final class FixEncoder {
  private static final byte SOH = FixTokenizer.SOH;

  /** Room in front for {@code 8=FIXT.1.1|9=1234567|}. */
  private static final int FRONT = 24;

  private static final int TRAILER = 7;
  private static final int LONGEST_NUMBER = 24;

  private final FixVersion version;
  private final int limit;
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
  private final TimestampWriter timestamps = new TimestampWriter();
  private byte[] bytes = buffer.byteArray();
  private int at;
  private int offset;
  private boolean tooLong;

  /**
   * @param limit bytes of the longest message
   */
  public FixEncoder(FixVersion version, int limit) {
    this.version = version;
    this.limit = limit;
  }

  /** Begins a message; what was in the buffer is gone. */
  public FixEncoder begin(int msgType) {
    at = FRONT;
    tooLong = false;
    tag(Tag.MSG_TYPE, 4);
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      int c = msgType >>> shift & 0xff;
      if (c != 0) {
        bytes[at++] = (byte) c;
      }
    }
    return end();
  }

  /**
   * Begins fields alone, without a message around them: written once, put into the messages of many
   * sessions by {@link #fields}.
   */
  public FixEncoder beginFields() {
    at = FRONT;
    tooLong = false;
    return this;
  }

  /** Bytes of the fields begun by {@link #beginFields}; −1: they are longer than the limit. */
  public int fieldsLength() {
    return tooLong ? -1 : at - FRONT;
  }

  /** Copies the fields begun by {@link #beginFields}. */
  public void getFields(byte[] to, int index) {
    System.arraycopy(bytes, FRONT, to, index, at - FRONT);
  }

  /** Whole fields as another encoder wrote them. */
  public FixEncoder fields(byte[] source, int from, int length) {
    if (room(length)) {
      System.arraycopy(source, from, bytes, at, length);
      at += length;
    }
    return this;
  }

  /**
   * Completes the message, which then stands in {@link #buffer} from {@link #offset}.
   *
   * @return its length; −1: it was longer than the limit
   */
  public int finish() {
    if (tooLong || !room(TRAILER)) {
      return -1;
    }
    front(at - FRONT);
    int sum = FixTokenizer.checksum(buffer, offset, at);
    bytes[at++] = '1';
    bytes[at++] = '0';
    bytes[at++] = '=';
    bytes[at++] = (byte) ('0' + sum / 100);
    bytes[at++] = (byte) ('0' + sum / 10 % 10);
    bytes[at++] = (byte) ('0' + sum % 10);
    bytes[at++] = SOH;
    return at - offset;
  }

  private void front(int bodyLength) {
    int p = FRONT;
    bytes[--p] = SOH;
    int rest = bodyLength;
    do {
      bytes[--p] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    bytes[--p] = '=';
    bytes[--p] = '9';
    bytes[--p] = SOH;
    byte[] name = version.bytes();
    p -= name.length;
    System.arraycopy(name, 0, bytes, p, name.length);
    bytes[--p] = '=';
    bytes[--p] = '8';
    offset = p;
  }

  /** Where the finished message is. */
  public DirectBuffer buffer() {
    return buffer;
  }

  public int offset() {
    return offset;
  }

  public FixEncoder integer(int tag, long value) {
    if (tag(tag, LONGEST_NUMBER)) {
      number(value);
      end();
    }
    return this;
  }

  public FixEncoder character(int tag, char value) {
    if (tag(tag, 1)) {
      bytes[at++] = plain(value);
      end();
    }
    return this;
  }

  /** {@code Y} or {@code N}. */
  public FixEncoder flag(int tag, boolean value) {
    return character(tag, value ? 'Y' : 'N');
  }

  /** ASCII text; other characters and separators are written as {@code ?}. */
  public FixEncoder text(int tag, CharSequence value) {
    int length = value.length();
    if (tag(tag, length)) {
      for (int i = 0; i < length; i++) {
        bytes[at++] = plain(value.charAt(i));
      }
      end();
    }
    return this;
  }

  private static byte plain(char c) {
    return c < ' ' || c > '~' ? (byte) '?' : (byte) c;
  }

  /** Bytes that hold no separator: one is written as {@code ?}. */
  public FixEncoder bytes(int tag, DirectBuffer source, int from, int length) {
    if (tag(tag, length)) {
      source.getBytes(from, bytes, at, length);
      for (int i = at; i < at + length; i++) {
        if (bytes[i] == SOH) {
          bytes[i] = '?';
        }
      }
      at += length;
      end();
    }
    return this;
  }

  /** A length field and its data field, which may hold any bytes. */
  public FixEncoder data(int lengthTag, int dataTag, DirectBuffer source, int from, int length) {
    integer(lengthTag, length);
    if (tag(dataTag, length)) {
      source.getBytes(from, bytes, at, length);
      at += length;
      end();
    }
    return this;
  }

  /** A field of another message, byte for byte, be it data or not. */
  public FixEncoder copy(FixMessage source, int index) {
    int length = source.valueLength(index);
    if (tag(source.tag(index), length)) {
      source.buffer().getBytes(source.valueOffset(index), bytes, at, length);
      at += length;
      end();
    }
    return this;
  }

  /**
   * A decimal from a mantissa of exponent −8.
   *
   * @param decimals written at least; more if there are more that are not zero
   */
  public FixEncoder decimal(int tag, long mantissa, int decimals) {
    if (!tag(tag, LONGEST_NUMBER)) {
      return this;
    }
    long unit = 100_000_000L;
    if (mantissa < 0) {
      bytes[at++] = '-';
    }
    number(Math.abs(mantissa / unit));
    long fraction = Math.abs(mantissa % unit);
    if (decimals > 0 || fraction > 0) {
      bytes[at++] = '.';
      for (int i = 0; i < FixValues.DECIMALS && (i < decimals || fraction > 0); i++) {
        unit /= 10;
        bytes[at++] = (byte) ('0' + fraction / unit);
        fraction %= unit;
      }
    }
    return end();
  }

  /**
   * A UTCTimestamp.
   *
   * @param nanos since the epoch, not negative
   * @param digits of the second's fraction: 0, 3, 6 or 9
   */
  public FixEncoder timestamp(int tag, long nanos, int digits) {
    if (tag(tag, TimestampWriter.LONGEST)) {
      at = timestamps.write(bytes, at, nanos, digits);
      end();
    }
    return this;
  }

  private void number(long value) {
    if (value < 0) {
      bytes[at++] = '-';
    }
    long rest = value;
    int digits = digits(value);
    for (int i = at + digits - 1; i >= at; i--) {
      bytes[i] = (byte) ('0' + Math.abs(rest % 10));
      rest /= 10;
    }
    at += digits;
  }

  private static int digits(long value) {
    int digits = 1;
    for (long rest = value / 10; rest != 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** Writes {@code tag=} if there is room for the value too. */
  private boolean tag(int tag, int valueLength) {
    if (!room(LONGEST_NUMBER + valueLength)) {
      return false;
    }
    number(tag);
    bytes[at++] = '=';
    return true;
  }

  private FixEncoder end() {
    bytes[at++] = SOH;
    return this;
  }

  private boolean room(int length) {
    if (tooLong || length > limit + FRONT + TRAILER - at) {
      tooLong = true;
      return false;
    }
    if (at + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(at + length, bytes.length * 2));
      buffer.wrap(bytes);
    }
    return true;
  }
}
