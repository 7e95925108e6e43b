package io.semnal.fix.store;

import org.agrona.DirectBuffer;

/**
 * A 32-bit sum over a record's number and bytes that tells a torn record from a whole one. FNV-1a
 * over eight bytes at a time, folded: quick, and without the objects that {@code CRC32C} wants; it
 * need not withstand an adversary.
 */
final class RecordChecksum {
  private static final long BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  int of(long seq, DirectBuffer bytes, int offset, int length) {
    long hash = mix(mix(BASIS, seq), length);
    int at = offset;
    int end = offset + length;
    for (; end - at >= Long.BYTES; at += Long.BYTES) {
      hash = mix(hash, bytes.getLong(at));
    }
    for (; at < end; at++) {
      hash = mix(hash, bytes.getByte(at));
    }
    return (int) (hash ^ hash >>> Integer.SIZE);
  }

  private static long mix(long hash, long word) {
    long mixed = (hash ^ word) * PRIME;
    return mixed ^ mixed >>> 29;
  }
}
