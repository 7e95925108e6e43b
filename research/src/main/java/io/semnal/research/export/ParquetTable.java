package io.semnal.research.export;

import io.airlift.compress.zstd.ZstdCompressor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a flat table as Parquet: row groups of some 16 MiB, one page a column, Zstandard. It holds
 * one row group at a time, so that a file of any length is written in the same memory.
 *
 * <p>Times are {@code TIMESTAMP(NANOS, UTC)}, prices {@code DECIMAL(18, 8)}, texts have a
 * dictionary. Pure Java: no Hadoop, no native library.
 */
public final class ParquetTable implements TableWriter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int GROUP_BYTES = 16 << 20;
  private static final int MOST_ROWS = 1 << 17;
  private static final int CODEC_ZSTD = 6;
  private static final int DATA_PAGE = 0;
  private static final int DICTIONARY_PAGE = 2;
  private static final String CREATED_BY = "semnal version 0.1.0";

  private final ParquetColumn[] columns;
  private final int groupRows;
  private final Map<String, String> metadata;
  private final ParquetFooter footer;
  private final PartialFile file;
  private final Path path;
  private final OutputStream out;
  private final ZstdCompressor compressor = new ZstdCompressor();
  private byte[] compressed = {};
  private long position;
  private long rows;
  private int rowsInGroup;
  private boolean closed;

  private ParquetTable(Path path, List<TableColumn> columns, Map<String, String> metadata)
      throws IOException {
    this.path = path;
    this.metadata = new LinkedHashMap<>(metadata);
    groupRows = groupRows(columns);
    this.columns =
        columns.stream().map(c -> new ParquetColumn(c, groupRows)).toArray(ParquetColumn[]::new);
    footer = new ParquetFooter(List.copyOf(columns), CODEC_ZSTD);
    file = new PartialFile(path);
    out = new BufferedOutputStream(file.open(), 1 << 16);
    write(MAGIC, MAGIC.length);
  }

  /**
   * Begins a file.
   *
   * @param metadata the file's key-value metadata
   */
  public static ParquetTable create(
      Path path, List<TableColumn> columns, Map<String, String> metadata) throws IOException {
    return new ParquetTable(path, columns, metadata);
  }

  private static int groupRows(List<TableColumn> columns) {
    int rowBytes = 0;
    for (TableColumn column : columns) {
      rowBytes += Math.max(Integer.BYTES, ParquetColumn.bytes(column.type()));
    }
    return Math.clamp(GROUP_BYTES / Math.max(1, rowBytes) & ~7, 1 << 10, MOST_ROWS);
  }

  @Override
  public void setLong(int column, long value) {
    columns[column].setLong(value);
  }

  @Override
  public void setInt(int column, int value) {
    columns[column].setInt(value);
  }

  @Override
  public void setDouble(int column, double value) {
    columns[column].setLong(Double.doubleToRawLongBits(value));
  }

  @Override
  public void setFloat(int column, float value) {
    columns[column].setInt(Float.floatToRawIntBits(value));
  }

  @Override
  public void setBoolean(int column, boolean value) {
    columns[column].setBit(value);
  }

  @Override
  public void setText(int column, String value) {
    columns[column].setText(value);
  }

  @Override
  public void setNull(int column) {
    columns[column].setNull();
  }

  @Override
  public void endRow() {
    for (ParquetColumn column : columns) {
      column.endRow();
    }
    rows++;
    if (++rowsInGroup == groupRows) {
      try {
        flush();
      } catch (IOException e) {
        throw new UncheckedIOException(path.toString(), e);
      }
    }
  }

  @Override
  public long rows() {
    return rows;
  }

  private void flush() throws IOException {
    List<ParquetFooter.Chunk> chunks = new ArrayList<>();
    for (ParquetColumn column : columns) {
      chunks.add(flush(column));
      column.clear();
    }
    footer.add(new ParquetFooter.Group(rowsInGroup, chunks));
    rowsInGroup = 0;
  }

  private ParquetFooter.Chunk flush(ParquetColumn column) throws IOException {
    long dictionaryOffset = -1;
    long begin = position;
    long uncompressed = 0;
    if (column.usesDictionary()) {
      byte[] page = column.dictionaryPage();
      dictionaryOffset = position;
      uncompressed += page(DICTIONARY_PAGE, column.dictionarySize(), 0, page, page.length);
    }
    long dataOffset = position;
    byte[] page = column.isPlainFixed() ? column.fixed() : column.data();
    int length = column.isPlainFixed() ? column.fixedLength() : page.length;
    uncompressed += page(DATA_PAGE, column.rows(), column.encoding(), page, length);
    boolean ranged = column.hasRange() && !column.isEmpty();
    return new ParquetFooter.Chunk(
        dictionaryOffset,
        dataOffset,
        column.rows(),
        column.nulls(),
        uncompressed,
        position - begin,
        column.encoding(),
        ranged ? column.least() : null,
        ranged ? column.most() : null);
  }

  /**
   * @return bytes of the page with its header, uncompressed
   */
  private long page(int type, int values, int encoding, byte[] page, int length)
      throws IOException {
    int most = compressor.maxCompressedLength(length);
    if (compressed.length < most) {
      compressed = new byte[most];
    }
    int size = compressor.compress(page, 0, length, compressed, 0, compressed.length);
    ThriftWriter header = new ThriftWriter();
    header.i32(1, type);
    header.i32(2, length);
    header.i32(3, size);
    header.struct(type == DATA_PAGE ? 5 : 7);
    header.i32(1, values);
    header.i32(2, encoding);
    if (type == DATA_PAGE) {
      header.i32(3, ParquetColumn.RLE);
      header.i32(4, ParquetColumn.RLE);
    }
    header.end();
    byte[] bytes = header.finish();
    write(bytes, bytes.length);
    write(compressed, size);
    return bytes.length + (long) length;
  }

  private void write(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    position += length;
  }

  @Override
  public void commit() throws IOException {
    if (rowsInGroup > 0) {
      flush();
    }
    byte[] end = footer.encode(metadata, CREATED_BY);
    write(end, end.length);
    byte[] length = new byte[Integer.BYTES];
    for (int i = 0; i < length.length; i++) {
      length[i] = (byte) (end.length >>> i * Byte.SIZE);
    }
    write(length, length.length);
    write(MAGIC, MAGIC.length);
    out.close();
    closed = true;
    file.commit();
  }

  @Override
  public long bytes() {
    return position;
  }

  @Override
  public void close() throws IOException {
    try {
      if (!closed) {
        out.close();
      }
    } finally {
      file.close();
    }
  }

  /** Whether a file's name asks for this format. */
  public static boolean isNamedFor(Path path) {
    return path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
  }
}
