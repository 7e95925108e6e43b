package io.semnal.fix.codec;

import org.agrona.DirectBuffer;

/** Finds where a message may begin. */
final class Scan {
  /** Bytes of {@code 8=FIX}. */
  static final int PREFIX = 5;

  private static final byte[] BEGIN = {'8', '=', 'F', 'I', 'X'};

  private Scan() {}

  /**
   * The first place from which {@code 8=FIX} stands, or as much of it as there are bytes; the limit
   * if there is none.
   */
  static int messageStart(DirectBuffer buffer, int offset, int limit) {
    int at = offset;
    while (at < limit && !startsAt(buffer, at, limit)) {
      at++;
    }
    return at;
  }

  private static boolean startsAt(DirectBuffer buffer, int at, int limit) {
    int bytes = Math.min(PREFIX, limit - at);
    for (int i = 0; i < bytes; i++) {
      if (buffer.getByte(at + i) != BEGIN[i]) {
        return false;
      }
    }
    return true;
  }
}
