package io.semnal.fix.codec;

import java.nio.ByteOrder;
import org.agrona.UnsafeApi;

/**
 * Reads eight bytes at a time where they are, the first in the lowest byte, and finds and converts
 * what is in them without a loop. Nothing here checks bounds: whoever calls has. Techniques:
 * Hacker's Delight on finding a zero byte; Lee and Lemire on eight digits.
 */
final class Words {
  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long ZEROS = 0x3030303030303030L;
  private static final long OVER_NINE = 0x7676767676767676L;

  /** What {@link #digits} gives for anything but digits. */
  static final long NO_DIGITS = -1;

  private Words() {}

  static long at(Object base, long address) {
    long word = UnsafeApi.getLong(base, address);
    return LITTLE ? word : Long.reverseBytes(word);
  }

  /** Eight times that byte. */
  static long all(int value) {
    return ONES * value;
  }

  /**
   * Marks bytes of the word that equal those of the pattern; the lowest mark is exact.
   *
   * @param pattern see {@link #all}
   */
  static long equal(long word, long pattern) {
    long difference = word ^ pattern;
    return difference - ONES & ~difference & HIGHS;
  }

  /** The number of bytes below the lowest mark; 8: there is none. */
  static int before(long marks) {
    return Long.numberOfTrailingZeros(marks) >>> 3;
  }

  /** The lowest bytes alone; 0 to 8 of them. */
  static long lowest(long word, int bytes) {
    return bytes == 0 ? 0 : word & -1L >>> 64 - (bytes << 3);
  }

  /**
   * The number that the lowest bytes write.
   *
   * @param count 1 to 8
   * @return {@link #NO_DIGITS}: not all of them are digits
   */
  static long digits(long word, int count) {
    long values = (word ^ ZEROS) << 64 - (count << 3);
    if (((values + OVER_NINE | values) & HIGHS) != 0) {
      return NO_DIGITS;
    }
    long pairs = values * 10 + (values >>> 8);
    return (pairs & 0x000000ff000000ffL) * 0x000f424000000064L
            + (pairs >>> 16 & 0x000000ff000000ffL) * 0x0000271000000001L
        >>> 32;
  }
}
