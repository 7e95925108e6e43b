package io.semnal.journal.last;

import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The value of a key in the last-value map: a message of the journal as it stands there, its length
 * before it and a checksum before both, so that a copy taken in the middle of a write is known.
 */
final class LastFrame {
  /** Bytes of every value; the longest block of a message that is kept is shorter. */
  static final int BYTES = 256;

  private static final int LENGTH = Integer.BYTES;
  private static final int MESSAGE = 2 * Integer.BYTES;

  private final byte[] bytes = new byte[BYTES];
  private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
  private final CRC32C checksum = new CRC32C();

  /** Takes over as much of a message as a value holds: variable data at its end may be cut off. */
  byte[] write(long key, DirectBuffer message, int offset, int length) {
    int kept = Math.min(length, BYTES - MESSAGE);
    buffer.putInt(LENGTH, kept, ByteOrder.LITTLE_ENDIAN);
    message.getBytes(offset, bytes, MESSAGE, kept);
    buffer.putInt(0, checksum(bytes, key, kept), ByteOrder.LITTLE_ENDIAN);
    return bytes;
  }

  /** The message in a value, or {@code null} if the value is damaged. */
  byte[] read(long key, byte[] value) {
    if (value.length != BYTES) {
      return null;
    }
    UnsafeBuffer read = new UnsafeBuffer(value);
    int length = read.getInt(LENGTH, ByteOrder.LITTLE_ENDIAN);
    if (length < 0
        || length > BYTES - MESSAGE
        || read.getInt(0, ByteOrder.LITTLE_ENDIAN) != checksum(value, key, length)) {
      return null;
    }
    byte[] message = new byte[length];
    System.arraycopy(value, MESSAGE, message, 0, length);
    return message;
  }

  private int checksum(byte[] value, long key, int length) {
    checksum.reset();
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      checksum.update((int) (key >>> shift));
    }
    checksum.update(value, LENGTH, length + Integer.BYTES);
    return (int) checksum.getValue();
  }
}
