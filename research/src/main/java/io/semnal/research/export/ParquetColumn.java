package io.semnal.research.export;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of one column in the row group that is being filled, as Parquet wants them: plain
 * little-endian, bits, or positions in a dictionary.
 */
final class ParquetColumn {
  /** Parquet's {@code Encoding}. */
  static final int PLAIN = 0;

  static final int RLE = 3;
  static final int RLE_DICTIONARY = 8;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** A dictionary with more entries per row than this saves nothing. */
  private static final double MOST_DISTINCT = 0.5;

  final TableColumn definition;

  /** Bytes of a value; 0 where values are bits or texts. */
  final int width;

  private final byte[] fixed;
  private final int[] positions;

  /** 1 where the row has a value. */
  private final int[] levels;

  private final Map<String, Integer> dictionary = new HashMap<>();
  private final List<byte[]> entries = new ArrayList<>();
  private int count;
  private int rows;
  private boolean isSet;
  private long least;
  private long most;

  ParquetColumn(TableColumn definition, int capacity) {
    this.definition = definition;
    width = bytes(definition.type());
    fixed = new byte[width > 0 ? capacity * width : isBits() ? (capacity + 7) / 8 : 0];
    positions = isText() ? new int[capacity] : new int[0];
    levels = definition.nullable() ? new int[capacity] : new int[0];
    clear();
  }

  static int bytes(TableColumn.Type type) {
    return switch (type) {
      case TIMESTAMP, PRICE, INT64, FLOAT64 -> Long.BYTES;
      case INT32, FLOAT32 -> Integer.BYTES;
      case BOOLEAN, TEXT -> 0;
    };
  }

  private boolean isBits() {
    return definition.type() == TableColumn.Type.BOOLEAN;
  }

  private boolean isText() {
    return definition.type() == TableColumn.Type.TEXT;
  }

  void setLong(long value) {
    LONG.set(fixed, count * Long.BYTES, value);
    isSet = true;
  }

  void setInt(int value) {
    INT.set(fixed, count * Integer.BYTES, value);
    isSet = true;
  }

  void setBit(boolean value) {
    int mask = 1 << (count & 7);
    fixed[count >> 3] = (byte) (value ? fixed[count >> 3] | mask : fixed[count >> 3] & ~mask);
    isSet = true;
  }

  void setText(String value) {
    Integer known = dictionary.get(value);
    if (known == null) {
      known = entries.size();
      dictionary.put(value, known);
      entries.add(value.getBytes(StandardCharsets.UTF_8));
    }
    positions[count] = known;
    isSet = true;
  }

  void setNull() {
    isSet = false;
  }

  void endRow() {
    if (!isSet && !definition.nullable()) {
      throw new IllegalStateException("column '" + definition.name() + "' was not set");
    }
    if (definition.nullable()) {
      levels[rows] = isSet ? 1 : 0;
    }
    rows++;
    if (isSet) {
      if (hasRange()) {
        long value = (long) LONG.get(fixed, count * Long.BYTES);
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      count++;
      isSet = false;
    }
  }

  /** Rows of the group, empty ones included. */
  int rows() {
    return rows;
  }

  int nulls() {
    return rows - count;
  }

  /** Whether the smallest and the largest value are kept, and there are any. */
  boolean hasRange() {
    return switch (definition.type()) {
      case TIMESTAMP, PRICE, INT64 -> true;
      default -> false;
    };
  }

  boolean isEmpty() {
    return count == 0;
  }

  byte[] least() {
    return plain(least);
  }

  byte[] most() {
    return plain(most);
  }

  private static byte[] plain(long value) {
    byte[] bytes = new byte[Long.BYTES];
    LONG.set(bytes, 0, value);
    return bytes;
  }

  boolean usesDictionary() {
    return isText() && entries.size() <= Math.max(16, count * MOST_DISTINCT);
  }

  int dictionarySize() {
    return entries.size();
  }

  byte[] dictionaryPage() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    entries.forEach(entry -> text(entry, out));
    return out.toByteArray();
  }

  int encoding() {
    return usesDictionary() ? RLE_DICTIONARY : PLAIN;
  }

  /** Length of what {@link #data} holds, if that is the values as they were set. */
  int fixedLength() {
    return width > 0 ? count * width : (count + 7) / 8;
  }

  /** Whether the page is {@link #fixed} as it is. */
  boolean isPlainFixed() {
    return !isText() && !definition.nullable();
  }

  byte[] fixed() {
    return fixed;
  }

  /** The data page of a text or nullable column. */
  byte[] data() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (definition.nullable()) {
      ByteArrayOutputStream encoded = new ByteArrayOutputStream();
      HybridRuns.encode(levels, rows, 1, encoded);
      littleEndian(encoded.size(), out);
      out.writeBytes(encoded.toByteArray());
    }
    if (!isText()) {
      out.write(fixed, 0, fixedLength());
    } else if (usesDictionary()) {
      int bits = HybridRuns.width(entries.size());
      out.write(bits);
      HybridRuns.encode(positions, count, bits, out);
    } else {
      for (int i = 0; i < count; i++) {
        text(entries.get(positions[i]), out);
      }
    }
    return out.toByteArray();
  }

  private static void text(byte[] bytes, ByteArrayOutputStream out) {
    littleEndian(bytes.length, out);
    out.writeBytes(bytes);
  }

  private static void littleEndian(int value, ByteArrayOutputStream out) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write(value >>> shift);
    }
  }

  /** Begins the next row group. */
  void clear() {
    count = 0;
    rows = 0;
    isSet = false;
    least = Long.MAX_VALUE;
    most = Long.MIN_VALUE;
    dictionary.clear();
    entries.clear();
    if (isBits()) {
      Arrays.fill(fixed, (byte) 0);
    }
  }
}
