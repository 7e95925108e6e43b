package io.semnal.research.export;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
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
 * before it where texts repeat.
 */
final class ParquetGroups implements AutoCloseable {
  private static final CompressionCodecName CODEC = CompressionCodecName.ZSTD;

  private final MessageType schema;
  private final ParquetFileWriter file;
  private final ColumnEncoder encoder = new ColumnEncoder();
  private final ZstdCodec codec = new ZstdCodec();

  ParquetGroups(OutputFile out, List<TableColumn> columns, long groupBytes) throws IOException {
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
      ColumnDescriptor descriptor = schema.getColumns().get(i);
      file.startColumn(descriptor, rows, CODEC);
      write(columns[i], descriptor, rows);
      file.endColumn();
    }
    file.endBlock();
  }

  private void write(ColumnBatch batch, ColumnDescriptor descriptor, int rows) throws IOException {
    BytesInput levels = encoder.levels(batch, rows);
    BytesInput values;
    Encoding encoding;
    if (isRepetitive(batch)) {
      BytesInput dictionary = ColumnEncoder.dictionary(batch);
      file.writeDictionaryPage(
          new DictionaryPage(
              codec.compress(dictionary),
              (int) dictionary.size(),
              batch.texts().size(),
              Encoding.PLAIN));
      values = ColumnEncoder.codes(batch);
      encoding = Encoding.RLE_DICTIONARY;
    } else {
      values = encoder.plain(batch);
      encoding = Encoding.PLAIN;
    }
    BytesInput page = levels.size() == 0 ? values : BytesInput.concat(levels, values);
    file.writeDataPage(
        rows,
        (int) page.size(),
        codec.compress(page),
        ColumnStatistics.of(batch, descriptor.getPrimitiveType(), rows),
        rows,
        // Of levels, which take no bytes where no row can repeat or lack a value.
        Encoding.RLE,
        Encoding.RLE,
        encoding);
  }

  /** Texts of which most are different take more bytes with a dictionary than without. */
  private static boolean isRepetitive(ColumnBatch batch) {
    return batch.column().type() == TableColumn.Type.TEXT
        && ColumnEncoder.dictionaryBytes(batch) + batch.values()
            < ColumnEncoder.plainTextBytes(batch);
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
