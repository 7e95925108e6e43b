package io.semnal.protocol.session;

import io.semnal.protocol.Framing;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import org.agrona.DirectBuffer;

/**
 * Splits a stream of bytes into frames, believing nothing that the peer says about lengths. See
 * {@link Framing} for the header.
 */
public final class Frames {
  /** The shortest frame: framing header and SBE header. */
  public static final int SHORTEST = Framing.HEADER + MessageLayout.HEADER;

  /** {@link #next}: the frame is not complete yet. */
  public static final int INCOMPLETE = 0;

  /** {@link #next}: the length is impossible, or the encoding is not SBE 1.0 little endian. */
  public static final int MALFORMED = -ErrorCode.MALFORMED.value();

  /** {@link #next}: the frame is longer than allowed. */
  public static final int TOO_LARGE = -ErrorCode.FRAME_TOO_LARGE.value();

  private static final int LENGTH_BYTES = 4;

  private Frames() {}

  /**
   * Looks at the frame that begins at {@code offset}. A bad header is told as soon as its bytes are
   * there, without waiting for the rest.
   *
   * @param available bytes that are there from {@code offset} on; none beyond is read
   * @param maxFrame most bytes of a frame, its header included
   * @return the length of the complete frame, header included; or {@link #INCOMPLETE}, {@link
   *     #MALFORMED}, {@link #TOO_LARGE}: minus the error code's value. After an error the stream
   *     cannot be read on.
   */
  public static int next(DirectBuffer buffer, int offset, int available, int maxFrame) {
    if (available < LENGTH_BYTES) {
      return INCOMPLETE;
    }
    long length = Framing.frameLength(buffer, offset) & 0xFFFF_FFFFL;
    if (length < SHORTEST) {
      return MALFORMED;
    }
    if (length > maxFrame) {
      return TOO_LARGE;
    }
    if (available < Framing.HEADER) {
      return INCOMPLETE;
    }
    if (Framing.encodingType(buffer, offset) != Framing.SBE_LITTLE_ENDIAN) {
      return MALFORMED;
    }
    return available < length ? INCOMPLETE : (int) length;
  }
}
