package io.semnal.research.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.MessageType;

/**
 * Writes row groups to a file column by column: a column of a group is one page, and a dictionary
 * before it where values repeat, compressed where that makes them smaller.
 */
final class ParquetGroups implements AutoCloseable {
  private final MessageType schema;
  private final ParquetFileWriter file;
  private final ColumnEncoder encoder = new ColumnEncoder();
  private final PageCodec codec;

  ParquetGroups(OutputFile out, List<TableColumn> columns, Compression compression, long groupBytes)
      throws IOException {
    codec = new PageCodec(compression);
    schema = ParquetSchema.of(columns);
    file =
        new ParquetFileWriter(
            out,
            schema,
            ParquetFileWriter.Mode.OVERWRITE,
            groupBytes,
            0,
            null,
            ParquetProperties.builder().build());
    file.start();
  }

  void write(ColumnBatch[] columns, int rows) throws IOException {
    file.startBlock(rows);
    for (int i = 0; i < columns.length; i++) {
      write(columns[i], schema.getColumns().get(i), rows);
    }
    file.endBlock();
  }

  private void write(ColumnBatch batch, ColumnDescriptor descriptor, int rows) throws IOException {
    EncodedColumn column = encoder.encode(batch, rows);
    ByteBuffer page = buffer(column.page());
    boolean shrinks = codec.shrinks(page);
    file.startColumn(descriptor, rows, shrinks ? codec.codec() : CompressionCodecName.UNCOMPRESSED);
    if (column.dictionary() != null) {
      ByteBuffer words = buffer(column.dictionary());
      file.writeDictionaryPage(
          new DictionaryPage(
              shrinks ? codec.compress(words) : BytesInput.from(words),
              words.remaining(),
              column.words(),
              Encoding.PLAIN));
    }
    int size = page.remaining();
    file.writeDataPage(
        rows,
        size,
        shrinks ? codec.compress(page) : BytesInput.from(page),
        ColumnStatistics.of(batch, descriptor.getPrimitiveType(), rows),
        rows,
        // Of levels, which take no bytes where no row can repeat or lack a value.
        Encoding.RLE,
        Encoding.RLE,
        column.encoding());
    file.endColumn();
  }

  private static ByteBuffer buffer(BytesInput bytes) {
    return bytes.toByteBuffer(HeapByteBufferAllocator.getInstance(), buffer -> {});
  }

  /** Writes the footer. */
  void end() throws IOException {
    file.end(Map.of());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
