package io.semnal.research.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The kinds of files that a table can be written as. */
public enum TableFormat {
  CSV,
  PARQUET;

  /** What a file's name asks for: Parquet where it ends in {@code .parquet}, else CSV. */
  public static TableFormat of(Path path) {
    return ParquetTable.isNamedFor(path) ? PARQUET : CSV;
  }

  /**
   * Begins a file.
   *
   * @param metadata as it is when the table is committed
   */
  public TableWriter create(Path path, List<TableColumn> columns, Map<String, String> metadata)
      throws IOException {
    return create(path, columns, metadata, Compression.ZSTD);
  }

  /**
   * The same.
   *
   * @param compression of Parquet; a CSV is not compressed
   */
  public TableWriter create(
      Path path, List<TableColumn> columns, Map<String, String> metadata, Compression compression)
      throws IOException {
    return this == PARQUET
        ? ParquetTable.create(path, columns, metadata, compression)
        : CsvTable.create(path, columns, metadata);
  }
}
