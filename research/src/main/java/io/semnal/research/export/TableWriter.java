package io.semnal.research.export;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Rows of a table on their way to a file, in bounded memory: set the columns, then end the row. The
 * file appears under its name when it is committed, whole; one thread.
 */
public interface TableWriter extends AutoCloseable {
  /** Of TIMESTAMP, PRICE, QUANTITY, INT64 and UINT64. */
  void setLong(int column, long value);

  void setInt(int column, int value);

  /** NaN is a value. */
  void setDouble(int column, double value);

  /** NaN is a value. */
  void setFloat(int column, float value);

  void setBoolean(int column, boolean value);

  void setText(int column, String value);

  /** Leaves a nullable column empty in this row, as does setting nothing. */
  void setNull(int column);

  /**
   * Ends the row.
   *
   * @throws IllegalStateException naming a column that is not nullable and was not set
   * @throws UncheckedIOException if the file cannot be written
   */
  void endRow();

  /** Rows ended. */
  long rows();

  /** Completes the file and gives it its name; an older one of that name is replaced. */
  void commit() throws IOException;

  /** Bytes of the committed file. */
  long bytes();

  /** Removes what was written unless it was committed. */
  @Override
  void close() throws IOException;
}
