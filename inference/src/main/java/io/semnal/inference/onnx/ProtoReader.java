package io.semnal.inference.onnx;

import io.semnal.inference.registry.ModelRefusedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one Protocol Buffers message field by field, and trusts nothing in it: a length is checked
 * against the bytes that are there before anything is allocated.
 *
 * <p>Encoding: <a href="https://protobuf.dev/programming-guides/encoding/">protobuf.dev</a>.
 */
final class ProtoReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;
  private static final int MAX_DEPTH = 24;

  private final ByteBuffer bytes;
  private final int end;
  private final int depth;
  private int position;
  private int field;
  private int wireType;

  /** Where the field's number stands. */
  private int fieldStart;

  ProtoReader(byte[] bytes) {
    this(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 0, bytes.length, 0);
  }

  private ProtoReader(ByteBuffer bytes, int start, int end, int depth) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.depth = depth;
  }

  /** Goes to the next field; false at the end. What was not read of the last must be skipped. */
  boolean next() {
    if (position == end) {
      return false;
    }
    fieldStart = position;
    long tag = varint();
    field = (int) (tag >>> 3);
    wireType = (int) tag & 7;
    if (tag >>> 32 != 0 || field == 0) {
      throw damaged("a field has no number");
    }
    return true;
  }

  int field() {
    return field;
  }

  void skip() {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> take(Long.BYTES);
      case FIXED32 -> take(Integer.BYTES);
      case LENGTH_DELIMITED -> take(length());
      default -> throw damaged("wire type " + wireType + " is unknown");
    }
  }

  /** Skips the field; its bytes as they stand, with number and length. */
  byte[] skipped() {
    skip();
    byte[] copy = new byte[position - fieldStart];
    bytes.get(fieldStart, copy);
    return copy;
  }

  long integer() {
    require(VARINT);
    return varint();
  }

  float real() {
    require(FIXED32);
    return bytes.getFloat(take(Float.BYTES));
  }

  String text() {
    byte[] raw = bytes();
    return new String(raw, StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    require(LENGTH_DELIMITED);
    int length = length();
    int start = take(length);
    byte[] copy = new byte[length];
    bytes.get(start, copy);
    return copy;
  }

  ProtoReader message() {
    require(LENGTH_DELIMITED);
    if (depth == MAX_DEPTH) {
      throw damaged("messages are nested deeper than " + MAX_DEPTH);
    }
    int length = length();
    int start = take(length);
    return new ProtoReader(bytes, start, start + length, depth + 1);
  }

  /** Adds this field's values, packed or single, to a list. */
  void integers(Longs to) {
    if (wireType == VARINT) {
      to.add(varint());
      return;
    }
    ProtoReader packed = packed();
    while (packed.position < packed.end) {
      to.add(packed.varint());
    }
  }

  void reals(Reals to) {
    if (wireType == FIXED32) {
      to.add(bytes.getFloat(take(Float.BYTES)));
      return;
    }
    ProtoReader packed = packed();
    while (packed.position < packed.end) {
      to.add(bytes.getFloat(packed.take(Float.BYTES)));
    }
  }

  void doubles(Reals to) {
    if (wireType == FIXED64) {
      to.add(bytes.getDouble(take(Double.BYTES)));
      return;
    }
    ProtoReader packed = packed();
    while (packed.position < packed.end) {
      to.add(bytes.getDouble(packed.take(Double.BYTES)));
    }
  }

  private ProtoReader packed() {
    require(LENGTH_DELIMITED);
    int length = length();
    int start = take(length);
    return new ProtoReader(bytes, start, start + length, depth);
  }

  private void require(int expected) {
    if (wireType != expected) {
      throw damaged("field " + field + " has wire type " + wireType + ", not " + expected);
    }
  }

  private int length() {
    long length = varint();
    if (length < 0 || length > end - position) {
      throw damaged(
          "field "
              + field
              + " at byte "
              + fieldStart
              + " says it holds "
              + Long.toUnsignedString(length)
              + " bytes, there are "
              + (end - position)
              + " left");
    }
    return (int) length;
  }

  private int take(int count) {
    if (count > end - position) {
      throw damaged("it ends within a value");
    }
    int start = position;
    position += count;
    return start;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = bytes.get(take(1));
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw damaged("an integer is longer than 64 bits");
  }

  ModelRefusedException damaged(String reason) {
    return new ModelRefusedException("the file is damaged or no ONNX model: " + reason);
  }

  /** A growing list of long. */
  static final class Longs {
    private long[] values = new long[4];
    private int size;

    void add(long value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = value;
    }

    int size() {
      return size;
    }

    long[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }

  /** A growing list of double, which holds every float32 exactly. */
  static final class Reals {
    private double[] values = new double[4];
    private int size;

    void add(double value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = value;
    }

    int size() {
      return size;
    }

    double[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
