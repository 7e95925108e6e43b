package io.semnal.protocol;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The Simple Open Framing Header before each SBE message on TCP: message length including these six
 * bytes (uint32, big endian), then the encoding type of SBE 1.0 little endian (uint16, big endian).
 *
 * <p>Source: FIX Simple Open Framing Header 1.0.
 */
public final class Framing {
  /** Bytes of the header. */
  public static final int HEADER = 6;

  /** SBE version 1.0, little endian. */
  public static final int SBE_LITTLE_ENDIAN = 0xEB50;

  private Framing() {}

  /** Writes the header of a frame that carries {@code messageLength} bytes of SBE message. */
  public static void write(MutableDirectBuffer buffer, int offset, int messageLength) {
    buffer.putInt(offset, messageLength + HEADER, ByteOrder.BIG_ENDIAN);
    buffer.putShort(offset + 4, (short) SBE_LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
  }

  /** Length of the whole frame as the header says, unchecked. */
  public static int frameLength(DirectBuffer buffer, int offset) {
    return buffer.getInt(offset, ByteOrder.BIG_ENDIAN);
  }

  public static int encodingType(DirectBuffer buffer, int offset) {
    return buffer.getShort(offset + 4, ByteOrder.BIG_ENDIAN) & 0xFFFF;
  }
}
