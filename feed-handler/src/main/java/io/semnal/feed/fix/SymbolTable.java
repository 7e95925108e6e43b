package io.semnal.feed.fix;

import io.semnal.fix.codec.FixMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Finds an instrument by a venue's name for it, in place: an open hash table of bytes. One thread;
 * looking up allocates nothing.
 */
final class SymbolTable {
  /** No instrument has that name. */
  static final int UNKNOWN = -1;

  private byte[][] names = new byte[64][];
  private int[] values = new int[64];
  private int size;

  /** Gives an instrument a name; a later one for the same name wins. */
  void put(String name, int value) {
    if (2 * size >= names.length) {
      grow();
    }
    put(name.getBytes(StandardCharsets.ISO_8859_1), value);
  }

  private void put(byte[] name, int value) {
    int mask = names.length - 1;
    int at = spread(Arrays.hashCode(name)) & mask;
    while (names[at] != null && !Arrays.equals(names[at], name)) {
      at = at + 1 & mask;
    }
    size += names[at] == null ? 1 : 0;
    names[at] = name;
    values[at] = value;
  }

  private void grow() {
    byte[][] oldNames = names;
    int[] oldValues = values;
    names = new byte[2 * oldNames.length][];
    values = new int[names.length];
    size = 0;
    for (int i = 0; i < oldNames.length; i++) {
      if (oldNames[i] != null) {
        put(oldNames[i], oldValues[i]);
      }
    }
  }

  /** The instrument that a field names; {@link #UNKNOWN} also without the field. */
  int find(FixMessage message, int index) {
    return index < 0
        ? UNKNOWN
        : find(message.buffer(), message.valueOffset(index), message.valueLength(index));
  }

  int find(DirectBuffer buffer, int offset, int length) {
    int hash = 1;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + buffer.getByte(offset + i);
    }
    int mask = names.length - 1;
    int at = spread(hash) & mask;
    while (names[at] != null) {
      if (matches(names[at], buffer, offset, length)) {
        return values[at];
      }
      at = at + 1 & mask;
    }
    return UNKNOWN;
  }

  private static boolean matches(byte[] name, DirectBuffer buffer, int offset, int length) {
    if (name.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (name[i] != buffer.getByte(offset + i)) {
        return false;
      }
    }
    return true;
  }

  private static int spread(int hash) {
    return hash * 0x9e3779b9 >>> 8;
  }
}
