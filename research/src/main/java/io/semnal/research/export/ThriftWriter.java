package io.semnal.research.export;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes structures in Thrift's compact protocol, as far as Parquet needs it.
 *
 * @see <a
 *     href="https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md">the
 *     protocol</a>
 */
final class ThriftWriter {
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int I8 = 3;
  private static final int I16 = 4;
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int STRUCT = 12;
  private static final int LONG_LIST = 15;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final int[] lastIds = new int[16];
  private int depth;

  void i8(int id, int value) {
    field(id, I8);
    out.write(value);
  }

  void i16(int id, int value) {
    field(id, I16);
    varint(zigzag(value));
  }

  void i32(int id, int value) {
    field(id, I32);
    varint(zigzag(value));
  }

  void i64(int id, long value) {
    field(id, I64);
    varint(zigzag(value));
  }

  void bool(int id, boolean value) {
    field(id, value ? TRUE : FALSE);
  }

  void text(int id, String value) {
    binary(id, value.getBytes(StandardCharsets.UTF_8));
  }

  void binary(int id, byte[] value) {
    field(id, BINARY);
    bytes(value);
  }

  /** A list of structures follows: each between {@link #begin} and {@link #end}. */
  void structs(int id, int size) {
    list(id, STRUCT, size);
  }

  void ints(int id, int... values) {
    list(id, I32, values.length);
    for (int value : values) {
      varint(zigzag(value));
    }
  }

  void texts(int id, String... values) {
    list(id, BINARY, values.length);
    for (String value : values) {
      bytes(value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A structure as a field; ends with {@link #end}. */
  void struct(int id) {
    field(id, STRUCT);
    begin();
  }

  /** A structure without fields, as unions have them. */
  void empty(int id) {
    struct(id);
    end();
  }

  /** A structure as an element of a list. */
  void begin() {
    lastIds[++depth] = 0;
  }

  void end() {
    out.write(0);
    depth--;
  }

  /** What was written, the outermost structure ended. */
  byte[] finish() {
    out.write(0);
    return out.toByteArray();
  }

  private void field(int id, int type) {
    int step = id - lastIds[depth];
    if (step > 0 && step < LONG_LIST + 1) {
      out.write(step << 4 | type);
    } else {
      out.write(type);
      varint(zigzag(id));
    }
    lastIds[depth] = id;
  }

  private void list(int id, int type, int size) {
    field(id, LIST);
    if (size < LONG_LIST) {
      out.write(size << 4 | type);
    } else {
      out.write(LONG_LIST << 4 | type);
      varint(size);
    }
  }

  private void bytes(byte[] value) {
    varint(value.length);
    out.writeBytes(value);
  }

  private static long zigzag(long value) {
    return value << 1 ^ value >> 63;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
