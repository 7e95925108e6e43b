package io.semnal.research.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.research.export.TableColumn.Type;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DuckDB reads files of every compression, and finds the one that was asked for. */
class CompressionTest {
  private static final int ROWS = 150_000;
  private static final List<TableColumn> COLUMNS =
      List.of(
          TableColumn.of("n", Type.INT64),
          TableColumn.of("steps", Type.UINT64),
          TableColumn.of("noise", Type.UINT64),
          TableColumn.of("symbol", Type.TEXT));

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Compression.class)
  void everyRowReadsBack(Compression compression) throws IOException, SQLException {
    Path file = write(compression);
    String name = compression.codec().name();
    assertThat(
            DuckDb.rows(
                "SELECT DISTINCT compression FROM parquet_metadata('%s') WHERE path_in_schema ="
                        .formatted(file)
                    + " 'steps'"))
        .containsExactly(name);
    assertThat(
            DuckDb.rows(
                ("SELECT count(*), sum(CASE WHEN steps = 1000 * (n // 500) AND symbol = 'S' || (n %%"
                        + " 7) THEN 1 ELSE 0 END), bit_xor(noise) FROM '%s'")
                    .formatted(file)))
        .containsExactly(ROWS + "|" + ROWS + "|" + noise());
  }

  /** Random numbers would only grow: their pages stay as they are. */
  @ParameterizedTest
  @EnumSource(Compression.class)
  void pagesThatDoNotShrinkAreNotCompressed(Compression compression)
      throws IOException, SQLException {
    assertThat(
            DuckDb.rows(
                ("SELECT DISTINCT compression FROM parquet_metadata('%s') WHERE path_in_schema ="
                        + " 'noise'")
                    .formatted(write(compression))))
        .containsExactly("UNCOMPRESSED");
  }

  @Test
  void eachTakesLessRoomThanNone() throws IOException {
    Map<Compression, Long> sizes = new EnumMap<>(Compression.class);
    for (Compression compression : Compression.values()) {
      sizes.put(compression, Files.size(write(compression)));
    }
    long none = sizes.remove(Compression.NONE);
    assertThat(sizes.values()).allMatch(size -> size < none);
  }

  /** Also what cannot be compressed fits into the room that is asked for. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 17, 4_096, 65_536, 1_000_003})
  void gzipIsReadByTheJdk(int length) throws IOException {
    GzipCompressor gzip = new GzipCompressor();
    for (boolean random : new boolean[] {true, false}) {
      byte[] in = new byte[length + 5];
      if (random) {
        new Random(length).nextBytes(in);
      }
      byte[] out = new byte[gzip.maxCompressedLength(length) + 3];
      int size = gzip.compress(in, 5, length, out, 3, out.length - 3);
      byte[] back = new GZIPInputStream(new ByteArrayInputStream(out, 3, size)).readAllBytes();
      assertThat(back).isEqualTo(Arrays.copyOfRange(in, 5, in.length));
    }
  }

  private static String noise() {
    Random random = new Random(5);
    long xor = 0;
    for (int i = 0; i < ROWS; i++) {
      xor ^= random.nextLong();
    }
    return Long.toUnsignedString(xor);
  }

  private Path write(Compression compression) throws IOException {
    Path file = folder.resolve(compression + ".parquet");
    Random random = new Random(5);
    try (TableWriter table = TableFormat.PARQUET.create(file, COLUMNS, Map.of(), compression)) {
      for (int i = 0; i < ROWS; i++) {
        table.setLong(0, i);
        table.setLong(1, 1000L * (i / 500));
        table.setLong(2, random.nextLong());
        table.setText(3, "S" + i % 7);
        table.endRow();
      }
      table.commit();
    }
    return file;
  }
}
