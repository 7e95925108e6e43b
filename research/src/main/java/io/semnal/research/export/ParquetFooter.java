package io.semnal.research.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What stands at the end of a Parquet file: schema, row groups, key-value metadata.
 *
 * @see <a
 *     href="https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift">
 *     parquet.thrift</a>, whose field numbers these are
 */
final class ParquetFooter {
  private static final int BOOLEAN = 0;
  private static final int INT32 = 1;
  private static final int INT64 = 2;
  private static final int FLOAT = 4;
  private static final int DOUBLE = 5;
  private static final int BYTE_ARRAY = 6;
  private static final int CONVERTED_UTF8 = 0;
  private static final int CONVERTED_DECIMAL = 5;
  private static final int PRICE_SCALE = 8;
  private static final int PRICE_PRECISION = 18;

  /** A column of one row group as it lies in the file; dictionary offset -1 = it has none. */
  record Chunk(
      long dictionaryOffset,
      long dataOffset,
      long values,
      long nulls,
      long uncompressed,
      long compressed,
      int encoding,
      byte[] least,
      byte[] most) {}

  /** A group of rows with its columns. */
  record Group(long rows, List<Chunk> chunks) {}

  private final List<TableColumn> columns;
  private final int codec;
  private final List<Group> groups = new ArrayList<>();
  private long rows;

  ParquetFooter(List<TableColumn> columns, int codec) {
    this.columns = columns;
    this.codec = codec;
  }

  void add(Group group) {
    groups.add(group);
    rows += group.rows();
  }

  byte[] encode(Map<String, String> metadata, String createdBy) {
    ThriftWriter out = new ThriftWriter();
    out.i32(1, 2);
    schema(out);
    out.i64(3, rows);
    out.structs(4, groups.size());
    for (int i = 0; i < groups.size(); i++) {
      group(out, groups.get(i), i);
    }
    out.structs(5, metadata.size());
    metadata.forEach(
        (key, value) -> {
          out.begin();
          out.text(1, key);
          out.text(2, value);
          out.end();
        });
    out.text(6, createdBy);
    out.structs(7, columns.size());
    for (int i = 0; i < columns.size(); i++) {
      out.begin();
      out.empty(1);
      out.end();
    }
    return out.finish();
  }

  private void schema(ThriftWriter out) {
    out.structs(2, columns.size() + 1);
    out.begin();
    out.text(4, "schema");
    out.i32(5, columns.size());
    out.end();
    for (TableColumn column : columns) {
      out.begin();
      out.i32(1, physical(column.type()));
      out.i32(3, column.nullable() ? 1 : 0);
      out.text(4, column.name());
      logical(out, column.type());
      out.end();
    }
  }

  private static int physical(TableColumn.Type type) {
    return switch (type) {
      case TIMESTAMP, PRICE, INT64 -> INT64;
      case INT32 -> INT32;
      case FLOAT64 -> DOUBLE;
      case FLOAT32 -> FLOAT;
      case BOOLEAN -> BOOLEAN;
      case TEXT -> BYTE_ARRAY;
    };
  }

  private static void logical(ThriftWriter out, TableColumn.Type type) {
    switch (type) {
      case TIMESTAMP -> {
        out.struct(10);
        out.struct(8);
        out.bool(1, true);
        out.struct(2);
        out.empty(3);
        out.end();
        out.end();
        out.end();
      }
      case PRICE -> {
        out.i32(6, CONVERTED_DECIMAL);
        out.i32(7, PRICE_SCALE);
        out.i32(8, PRICE_PRECISION);
        out.struct(10);
        out.struct(5);
        out.i32(1, PRICE_SCALE);
        out.i32(2, PRICE_PRECISION);
        out.end();
        out.end();
      }
      case TEXT -> {
        out.i32(6, CONVERTED_UTF8);
        out.struct(10);
        out.empty(1);
        out.end();
      }
      default -> {
        // The physical type says it all.
      }
    }
  }

  private void group(ThriftWriter out, Group group, int ordinal) {
    long uncompressed = group.chunks().stream().mapToLong(Chunk::uncompressed).sum();
    long compressed = group.chunks().stream().mapToLong(Chunk::compressed).sum();
    out.begin();
    out.structs(1, columns.size());
    for (int i = 0; i < columns.size(); i++) {
      chunk(out, columns.get(i), group.chunks().get(i));
    }
    out.i64(2, uncompressed);
    out.i64(3, group.rows());
    out.i64(5, begin(group.chunks().getFirst()));
    out.i64(6, compressed);
    if (ordinal <= Short.MAX_VALUE) {
      out.i16(7, ordinal);
    }
    out.end();
  }

  private static long begin(Chunk chunk) {
    return chunk.dictionaryOffset() < 0 ? chunk.dataOffset() : chunk.dictionaryOffset();
  }

  private void chunk(ThriftWriter out, TableColumn column, Chunk chunk) {
    boolean dictionary = chunk.dictionaryOffset() >= 0;
    out.begin();
    out.i64(2, begin(chunk));
    out.struct(3);
    out.i32(1, physical(column.type()));
    if (dictionary) {
      out.ints(2, ParquetColumn.PLAIN, ParquetColumn.RLE, chunk.encoding());
    } else {
      out.ints(2, ParquetColumn.RLE, chunk.encoding());
    }
    out.texts(3, column.name());
    out.i32(4, codec);
    out.i64(5, chunk.values());
    out.i64(6, chunk.uncompressed());
    out.i64(7, chunk.compressed());
    out.i64(9, chunk.dataOffset());
    if (dictionary) {
      out.i64(11, chunk.dictionaryOffset());
    }
    out.struct(12);
    out.i64(3, chunk.nulls());
    if (chunk.least() != null) {
      out.binary(5, chunk.most());
      out.binary(6, chunk.least());
    }
    out.end();
    out.end();
    out.end();
  }
}
