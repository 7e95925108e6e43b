package io.semnal.gateway;

import java.util.Arrays;

/** A set of small ids (instruments, strategies) that answers in one step. */
final class IdSet {
  private long[] bits = new long[1];

  void add(int id) {
    int word = id >> 6;
    if (word >= bits.length) {
      bits = Arrays.copyOf(bits, Math.max(word + 1, bits.length * 2));
    }
    bits[word] |= 1L << id;
  }

  boolean contains(int id) {
    int word = id >> 6;
    return word >= 0 && word < bits.length && (bits[word] & (1L << id)) != 0;
  }

  void remove(int id) {
    int word = id >> 6;
    if (word < bits.length) {
      bits[word] &= ~(1L << id);
    }
  }

  /** The least id at or above {@code from}, or -1. */
  int next(int from) {
    int word = from >> 6;
    if (word >= bits.length) {
      return -1;
    }
    long left = bits[word] & (-1L << from);
    while (left == 0) {
      if (++word == bits.length) {
        return -1;
      }
      left = bits[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(left);
  }
}
