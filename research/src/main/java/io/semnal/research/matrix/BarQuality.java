package io.semnal.research.matrix;

import io.semnal.protocol.sbe.BarFlagsDecoder;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** The schema's {@code BarFlags} as text: {@code gap|late}, or {@code ok}. */
final class BarQuality {
  private static final int FLAGS = 1 << 16;

  private final String[] known = new String[FLAGS];
  private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Short.BYTES]);
  private final BarFlagsDecoder decoder = new BarFlagsDecoder();

  String text(int flags) {
    int bits = flags & (FLAGS - 1);
    String text = known[bits];
    if (text == null) {
      text = spell(bits);
      known[bits] = text;
    }
    return text;
  }

  private String spell(int bits) {
    if (bits == 0) {
      return "ok";
    }
    buffer.putShort(0, (short) bits, ByteOrder.LITTLE_ENDIAN);
    StringBuilder names = new StringBuilder();
    decoder.wrap(buffer, 0).appendTo(names);
    return names.substring(1, names.length() - 1).replace(',', '|');
  }
}
