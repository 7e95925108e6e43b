package io.semnal.gateway.json;

import io.semnal.protocol.MessageLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one JSON object at a time into its own growing array of UTF-8 bytes. 64-bit numbers go out
 * as strings, because a JSON reader may hold numbers as doubles; prices as exact decimals.
 */
final class JsonText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private byte[] bytes = new byte[1024];
  private int length;
  private boolean first;

  /** The bytes written since {@link #begin}; valid until the next one. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  JsonText begin(String type) {
    length = 0;
    put('{');
    first = true;
    return text("type", type);
  }

  void end() {
    put('}');
  }

  private void name(String name) {
    room(name.length() + 4);
    if (!first) {
      put(',');
    }
    first = false;
    put('"');
    ascii(name);
    put('"');
    put(':');
  }

  /** A string; {@code null} becomes JSON null. */
  JsonText text(String name, String value) {
    name(name);
    value(value);
    return this;
  }

  private void value(String value) {
    if (value == null) {
      ascii("null");
      return;
    }
    put('"');
    for (int i = 0; i < value.length(); i++) {
      character(value, i);
    }
    put('"');
  }

  private void character(String value, int i) {
    char c = value.charAt(i);
    if (c == '"' || c == '\\') {
      put('\\');
      put(c);
    } else if (c >= 0x20 && c < 0x7F) {
      put(c);
    } else {
      // Everything else as an escape of its UTF-16 unit: plain ASCII on the wire.
      ascii("\\u");
      for (int shift = 12; shift >= 0; shift -= 4) {
        put(HEX[(c >> shift) & 0xF]);
      }
    }
  }

  /** A 64-bit number, as a string. */
  JsonText int64(String name, long value) {
    name(name);
    put('"');
    decimal(value);
    put('"');
    return this;
  }

  /** A 64-bit number without a sign, as a string. */
  JsonText uint64(String name, long value) {
    return value >= 0 ? int64(name, value) : text(name, Long.toUnsignedString(value));
  }

  /** Nanoseconds since the epoch, as a string; null if absent. */
  JsonText time(String name, long nanos) {
    if (nanos == MessageLayout.ABSENT) {
      return text(name, null);
    }
    return int64(name, nanos);
  }

  /** A small number, as a number. */
  JsonText int32(String name, long value) {
    name(name);
    decimal(value);
    return this;
  }

  JsonText bool(String name, boolean value) {
    name(name);
    ascii(value ? "true" : "false");
    return this;
  }

  /** A double; null unless finite. */
  JsonText real(String name, double value) {
    name(name);
    ascii(Double.isFinite(value) ? Double.toString(value) : "null");
    return this;
  }

  /**
   * A price as a decimal string with at least so many decimals and as many as it takes to be exact;
   * null if absent.
   */
  JsonText price(String name, long mantissa, int decimals) {
    if (mantissa == MessageLayout.ABSENT) {
      return text(name, null);
    }
    name(name);
    put('"');
    if (mantissa < 0) {
      put('-');
    }
    long magnitude = Math.abs(mantissa);
    decimal(magnitude / MessageLayout.PRICE_SCALE);
    long fraction = magnitude % MessageLayout.PRICE_SCALE;
    long scale = MessageLayout.PRICE_SCALE / 10;
    for (int i = 0; i < decimals || fraction != 0; i++) {
      if (i == 0) {
        put('.');
      }
      put('0' + (int) (fraction / scale));
      fraction %= scale;
      scale /= 10;
    }
    put('"');
    return this;
  }

  /** The names of the bits that are set, as an array. */
  JsonText flags(String name, int bits, String[] names) {
    name(name);
    put('[');
    boolean comma = false;
    for (int i = 0; i < names.length; i++) {
      if ((bits & (1 << i)) != 0) {
        if (comma) {
          put(',');
        }
        comma = true;
        value(names[i]);
      }
    }
    put(']');
    return this;
  }

  /** Floats, little endian, as an array of numbers; null where one is not finite. */
  JsonText floats(String name, byte[] littleEndian, int length) {
    name(name);
    put('[');
    for (int i = 0; i + Float.BYTES <= length; i += Float.BYTES) {
      if (i > 0) {
        put(',');
      }
      float value =
          Float.intBitsToFloat(
              (littleEndian[i] & 0xFF)
                  | (littleEndian[i + 1] & 0xFF) << 8
                  | (littleEndian[i + 2] & 0xFF) << 16
                  | littleEndian[i + 3] << 24);
      ascii(Float.isFinite(value) ? Float.toString(value) : "null");
    }
    put(']');
    return this;
  }

  JsonText hex(String name, byte[] value) {
    name(name);
    put('"');
    for (byte b : value) {
      put(HEX[(b >> 4) & 0xF]);
      put(HEX[b & 0xF]);
    }
    put('"');
    return this;
  }

  private void decimal(long value) {
    if (value == Long.MIN_VALUE) {
      ascii("-9223372036854775808");
      return;
    }
    if (value < 0) {
      put('-');
      value = -value;
    }
    int digits = 1;
    for (long v = value; v >= 10; v /= 10) {
      digits++;
    }
    room(digits);
    int at = length + digits;
    length = at;
    do {
      bytes[--at] = (byte) ('0' + value % 10);
      value /= 10;
    } while (value != 0);
  }

  private void ascii(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
  }

  private void put(int b) {
    room(1);
    bytes[length++] = (byte) b;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
