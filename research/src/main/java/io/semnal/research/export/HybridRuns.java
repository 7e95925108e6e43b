package io.semnal.research.export;

import java.io.ByteArrayOutputStream;

/** Parquet's hybrid of run lengths and bit packing: levels and positions in a dictionary. */
final class HybridRuns {
  private static final int GROUP = 8;

  private HybridRuns() {}

  /** Bits of the largest of {@code count} values from 0, at least one. */
  static int width(int count) {
    return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(count - 1));
  }

  static void encode(int[] values, int count, int width, ByteArrayOutputStream out) {
    int at = 0;
    while (at < count) {
      int run = run(values, at, count);
      if (run >= GROUP) {
        varint(run << 1, out);
        for (int shift = 0; shift < width; shift += Byte.SIZE) {
          out.write(values[at] >>> shift);
        }
        at += run;
      } else {
        int end = at;
        do {
          end += GROUP;
        } while (end < count && run(values, end, count) < GROUP);
        varint((end - at) / GROUP << 1 | 1, out);
        pack(values, at, end, count, width, out);
        at = end;
      }
    }
  }

  private static int run(int[] values, int from, int count) {
    int at = from + 1;
    while (at < count && values[at] == values[from]) {
      at++;
    }
    return at - from;
  }

  /** Lowest bits first; zeros behind the last value. */
  private static void pack(
      int[] values, int from, int to, int count, int width, ByteArrayOutputStream out) {
    long bits = 0;
    int held = 0;
    for (int i = from; i < to; i++) {
      bits |= (long) (i < count ? values[i] : 0) << held;
      held += width;
      while (held >= Byte.SIZE) {
        out.write((int) bits);
        bits >>>= Byte.SIZE;
        held -= Byte.SIZE;
      }
    }
  }

  private static void varint(int value, ByteArrayOutputStream out) {
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      out.write(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
