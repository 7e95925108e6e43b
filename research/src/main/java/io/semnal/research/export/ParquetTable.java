package io.semnal.research.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.io.LocalOutputFile;

/**
 * Writes a flat table as Parquet: row groups of at most some 16 MiB and 131,072 rows, compressed.
 * While one row group is filled the one before is encoded, compressed and written by a thread of
 * the table's; two groups are held at any time, so that a file of any length is written in the same
 * memory.
 *
 * <p>Times are {@code TIMESTAMP(NANOS, UTC)}, prices {@code DECIMAL(18, 8)}, texts have a
 * dictionary. Pure Java: no Hadoop at run time, no native library.
 */
public final class ParquetTable implements TableWriter {
  private static final long GROUP_BYTES = 16 << 20;
  private static final int MOST_ROWS = 1 << 17;

  private final Path path;
  private final Map<String, String> metadata;
  private final PartialFile file;
  private final ParquetGroups groups;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("parquet-writer").daemon(true).factory());
  private final int groupRows;
  private ColumnBatch[] filling;
  private ColumnBatch[] writing;
  private Future<?> written;
  private int row;
  private long rows;
  private long bytes;

  private ParquetTable(
      Path path, List<TableColumn> columns, Map<String, String> metadata, Compression compression)
      throws IOException {
    this.path = path;
    this.metadata = metadata;
    file = new PartialFile(path);
    long rowBytes = columns.stream().mapToLong(ColumnBatch::bytesPerRow).sum();
    groupRows = (int) Math.max(1, Math.min(MOST_ROWS, GROUP_BYTES / Math.max(1, rowBytes)));
    filling = batches(columns);
    writing = batches(columns);
    groups =
        new ParquetGroups(new LocalOutputFile(file.begin()), columns, compression, GROUP_BYTES);
  }

  private ColumnBatch[] batches(List<TableColumn> columns) {
    return columns.stream().map(c -> new ColumnBatch(c, groupRows)).toArray(ColumnBatch[]::new);
  }

  /**
   * Begins a file.
   *
   * @param metadata the file's key-value metadata, as it is when the table is committed
   */
  public static ParquetTable create(
      Path path, List<TableColumn> columns, Map<String, String> metadata) throws IOException {
    return create(path, columns, metadata, Compression.ZSTD);
  }

  /** The same with another compression than Zstandard. */
  static ParquetTable create(
      Path path, List<TableColumn> columns, Map<String, String> metadata, Compression compression)
      throws IOException {
    return new ParquetTable(path, columns, metadata, compression);
  }

  @Override
  public void setLong(int column, long value) {
    filling[column].set(value);
  }

  @Override
  public void setInt(int column, int value) {
    filling[column].set(value);
  }

  @Override
  public void setDouble(int column, double value) {
    filling[column].set(Double.doubleToRawLongBits(value));
  }

  @Override
  public void setFloat(int column, float value) {
    filling[column].set(Float.floatToRawIntBits(value));
  }

  @Override
  public void setBoolean(int column, boolean value) {
    filling[column].set(value ? 1 : 0);
  }

  @Override
  public void setText(int column, String value) {
    filling[column].setText(value);
  }

  @Override
  public void setNull(int column) {
    filling[column].setNull();
  }

  @Override
  public void endRow() {
    for (ColumnBatch column : filling) {
      column.check();
    }
    for (ColumnBatch column : filling) {
      column.endRow(row);
    }
    rows++;
    if (++row == groupRows) {
      try {
        endGroup();
      } catch (IOException e) {
        throw new UncheckedIOException(path.toString(), e);
      }
    }
  }

  private void endGroup() throws IOException {
    awaitWriter();
    ColumnBatch[] full = filling;
    int count = row;
    filling = writing;
    writing = full;
    row = 0;
    written =
        writer.submit(
            () -> {
              groups.write(full, count);
              for (ColumnBatch column : full) {
                column.clear();
              }
              return null;
            });
  }

  private void awaitWriter() throws IOException {
    if (written == null) {
      return;
    }
    try {
      written.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing " + path, e);
    }
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public void commit() throws IOException {
    if (row > 0) {
      endGroup();
    }
    awaitWriter();
    groups.end();
    ParquetFooter.settle(file.begin(), new LinkedHashMap<>(metadata));
    file.commit();
    bytes = Files.size(path);
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() throws IOException {
    writer.shutdown();
    try {
      if (!writer.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new IOException(path + " is still being written");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing " + path, e);
    } finally {
      try {
        groups.close();
      } finally {
        file.close();
      }
    }
  }

  /** Whether a file's name asks for this format. */
  public static boolean isNamedFor(Path path) {
    return path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
  }
}
