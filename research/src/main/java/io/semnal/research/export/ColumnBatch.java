package io.semnal.research.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;

/**
 * One column's values of the rows of one row group: bits of numbers, or positions of texts among
 * the different ones. Values lie close together; which rows have one is said beside them.
 */
final class ColumnBatch {
  private final TableColumn column;
  private final long[] bits;
  private final int[] codes;
  private final boolean[] present;
  private final Map<String, Integer> codeByText = new HashMap<>();
  private final List<Binary> texts = new ArrayList<>();
  private String lastText;
  private int lastCode;
  private long pending;
  private boolean isSet;
  private int values;

  ColumnBatch(TableColumn column, int rows) {
    this.column = column;
    boolean text = column.type() == TableColumn.Type.TEXT;
    bits = text ? new long[0] : new long[rows];
    codes = text ? new int[rows] : new int[0];
    present = column.nullable() ? new boolean[rows] : new boolean[0];
  }

  /** Bytes that a row takes here. */
  static int bytesPerRow(TableColumn column) {
    int value = column.type() == TableColumn.Type.TEXT ? Integer.BYTES : Long.BYTES;
    return column.nullable() ? value + 1 : value;
  }

  TableColumn column() {
    return column;
  }

  void set(long value) {
    pending = value;
    isSet = true;
  }

  void setText(String text) {
    // The same object most of the time: symbols and names are kept by whoever writes rows.
    if (!text.equals(lastText) || texts.isEmpty()) {
      lastCode = code(text);
      lastText = text;
    }
    set(lastCode);
  }

  private int code(String text) {
    Integer known = codeByText.get(text);
    if (known != null) {
      return known;
    }
    int code = texts.size();
    codeByText.put(text, code);
    texts.add(Binary.fromString(text));
    return code;
  }

  void setNull() {
    isSet = false;
  }

  /**
   * @throws IllegalStateException if the column is not nullable and was not set
   */
  void check() {
    if (!isSet && !column.nullable()) {
      throw new IllegalStateException("column '" + column.name() + "' was not set");
    }
  }

  /** Takes what was set as the value of a row, from 0 on. */
  void endRow(int row) {
    if (present.length > 0) {
      present[row] = isSet;
      if (!isSet) {
        return;
      }
    }
    if (codes.length > 0) {
      codes[values] = (int) pending;
    } else {
      bits[values] = pending;
    }
    values++;
    isSet = false;
  }

  /** How many rows have a value. */
  int values() {
    return values;
  }

  long[] bits() {
    return bits;
  }

  int[] codes() {
    return codes;
  }

  boolean[] present() {
    return present;
  }

  /** Different texts, by their code. */
  List<Binary> texts() {
    return texts;
  }

  void clear() {
    values = 0;
    if (!texts.isEmpty()) {
      codeByText.clear();
      texts.clear();
      lastText = null;
    }
    Arrays.fill(present, false);
  }
}
