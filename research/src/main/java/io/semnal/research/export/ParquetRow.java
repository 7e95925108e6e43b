package io.semnal.research.export;

import java.util.Arrays;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** The row that is being filled: bits of numbers, texts, and which columns have a value. */
final class ParquetRow {
  private final TableColumn[] columns;
  private final long[] bits;
  private final Binary[] texts;
  private final boolean[] isSet;

  ParquetRow(List<TableColumn> columns) {
    this.columns = columns.toArray(TableColumn[]::new);
    bits = new long[columns.size()];
    texts = new Binary[columns.size()];
    isSet = new boolean[columns.size()];
  }

  void set(int column, long value) {
    bits[column] = value;
    isSet[column] = true;
  }

  void setText(int column, String value) {
    texts[column] = Binary.fromString(value);
    isSet[column] = true;
  }

  void setNull(int column) {
    isSet[column] = false;
  }

  /**
   * @throws IllegalStateException naming a column that is not nullable and was not set
   */
  void check() {
    for (int i = 0; i < columns.length; i++) {
      if (!isSet[i] && !columns[i].nullable()) {
        throw new IllegalStateException("column '" + columns[i].name() + "' was not set");
      }
    }
  }

  void write(RecordConsumer consumer) {
    consumer.startMessage();
    for (int i = 0; i < columns.length; i++) {
      if (isSet[i]) {
        consumer.startField(columns[i].name(), i);
        write(consumer, i);
        consumer.endField(columns[i].name(), i);
      }
    }
    consumer.endMessage();
  }

  private void write(RecordConsumer consumer, int column) {
    long value = bits[column];
    switch (columns[column].type()) {
      case TIMESTAMP, PRICE, INT64 -> consumer.addLong(value);
      case INT32 -> consumer.addInteger((int) value);
      case FLOAT64 -> consumer.addDouble(Double.longBitsToDouble(value));
      case FLOAT32 -> consumer.addFloat(Float.intBitsToFloat((int) value));
      case BOOLEAN -> consumer.addBoolean(value != 0);
      case TEXT -> consumer.addBinary(texts[column]);
    }
  }

  void clear() {
    Arrays.fill(isSet, false);
  }
}
