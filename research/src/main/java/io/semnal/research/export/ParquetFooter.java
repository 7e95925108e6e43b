package io.semnal.research.export;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Puts the lists that the library writes in the order of hashes, which differ from process to
 * process, into an order of their own: equal tables are equal files.
 */
final class ParquetFooter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL_BYTES = Integer.BYTES + MAGIC.length;

  private ParquetFooter() {}

  /**
   * Rewrites the footer of a complete file.
   *
   * @param metadata what the key-value metadata shall be
   */
  static void settle(Path file, Map<String, String> metadata) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long tail = channel.size() - TAIL_BYTES;
      long begin = tail - read(channel, tail, Integer.BYTES).getInt();
      FileMetaData footer =
          Util.readFileMetaData(
              new ByteArrayInputStream(read(channel, begin, (int) (tail - begin)).array()));
      footer.setKey_value_metadata(
          metadata.entrySet().stream().map(ParquetFooter::keyValue).toList());
      for (RowGroup group : footer.getRow_groups()) {
        for (ColumnChunk chunk : group.getColumns()) {
          sort(chunk.getMeta_data());
        }
      }
      channel.truncate(begin);
      write(channel, begin, bytes(footer));
    }
  }

  private static KeyValue keyValue(Map.Entry<String, String> entry) {
    KeyValue pair = new KeyValue(entry.getKey());
    pair.setValue(entry.getValue());
    return pair;
  }

  private static void sort(ColumnMetaData chunk) {
    chunk.getEncodings().sort(null);
    List<PageEncodingStats> pages = chunk.getEncoding_stats();
    if (pages != null) {
      pages.sort(
          Comparator.comparing(PageEncodingStats::getPage_type)
              .thenComparing(PageEncodingStats::getEncoding));
    }
  }

  private static ByteBuffer bytes(FileMetaData footer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, out);
    return ByteBuffer.allocate(out.size() + TAIL_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(out.toByteArray())
        .putInt(out.size())
        .put(MAGIC)
        .flip();
  }

  private static ByteBuffer read(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("the file ends within its footer");
      }
    }
    return bytes.flip();
  }

  private static void write(FileChannel channel, long position, ByteBuffer bytes)
      throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes, position + bytes.position());
    }
  }
}
