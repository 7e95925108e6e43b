package io.semnal.research.export;

import java.util.Arrays;

/**
 * The different numbers of a column batch, in the order in which they come: prices and sizes repeat
 * far more often than they differ, and a position takes a fraction of a number's bytes. Gives up on
 * a batch whose numbers hardly repeat. Made once, used for one batch after the other.
 */
final class NumberDictionary {
  /** More different numbers than this are not worth a dictionary. */
  static final int MOST = 1 << 14;

  /** Each number must stand for at least so many values. */
  private static final int LEAST_REPEATS = 4;

  private static final int SLOTS = MOST << 2;
  private static final int SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SLOTS);
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final int[] codeBySlot = new int[SLOTS];
  private final long[] numbers = new long[MOST];
  private int[] codes = {};
  private int size;

  /**
   * Takes in a batch.
   *
   * @return whether it has few enough numbers; if not, the rest says nothing
   */
  boolean take(ColumnBatch batch) {
    int count = batch.values();
    int most = Math.min(MOST, count / LEAST_REPEATS);
    if (codes.length < count) {
      codes = new int[count];
    }
    Arrays.fill(codeBySlot, 0);
    size = 0;
    long[] bits = batch.bits();
    for (int i = 0; i < count; i++) {
      int code = code(bits[i], most);
      if (code < 0) {
        return false;
      }
      codes[i] = code;
    }
    return size > 0;
  }

  private int code(long number, int most) {
    int slot = (int) ((number * MIX) >>> SHIFT);
    while (codeBySlot[slot] != 0) {
      int code = codeBySlot[slot] - 1;
      if (numbers[code] == number) {
        return code;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (size == most) {
      return -1;
    }
    numbers[size] = number;
    codeBySlot[slot] = ++size;
    return size - 1;
  }

  /** How many different numbers there are. */
  int size() {
    return size;
  }

  /** The different numbers, from 0 to {@link #size()}. */
  long[] numbers() {
    return numbers;
  }

  /** For each value the position of its number. */
  int[] codes() {
    return codes;
  }
}
