package io.semnal.research.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.research.export.TableColumn.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB reads what was written. */
class ParquetTableTest {
  private static final List<TableColumn> COLUMNS =
      List.of(
          TableColumn.of("time", Type.TIMESTAMP),
          TableColumn.nullable("price", Type.PRICE),
          TableColumn.of("count", Type.INT64),
          TableColumn.nullable("small", Type.INT32),
          TableColumn.of("value", Type.FLOAT64),
          TableColumn.nullable("single", Type.FLOAT32),
          TableColumn.of("flag", Type.BOOLEAN),
          TableColumn.nullable("maybe", Type.BOOLEAN),
          TableColumn.of("symbol", Type.TEXT),
          TableColumn.nullable("note", Type.TEXT));

  @TempDir private Path folder;

  @Test
  void everyTypeReadsBackOverSeveralRowGroups() throws IOException, SQLException {
    Path file = folder.resolve("t.parquet");
    List<String> expected = write(file, 140_000, 7);
    // This version of DuckDB reads times of UTC to the microsecond.
    String select =
        "SELECT epoch_us(\"time\"), price, \"count\", small, value, single, flag, maybe, symbol,"
            + " note FROM '%s'";
    List<String> actual = DuckDb.rows(select.formatted(file));
    assertThat(actual).hasSize(expected.size());
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i)).as("row %s", i).isEqualTo(expected.get(i));
    }
  }

  @Test
  void schemaSaysWhatTheColumnsAre() throws IOException, SQLException {
    Path file = folder.resolve("t.parquet");
    write(file, 10, 1);
    assertThat(
            DuckDb.rows(
                "SELECT name, type, repetition_type, logical_type FROM parquet_schema('%s')"
                    .formatted(file)))
        .contains(
            "time|INT64|REQUIRED|TimestampType(isAdjustedToUTC=1, unit=TimeUnit(MILLIS=<null>,"
                + " MICROS=<null>, NANOS=NanoSeconds()))",
            "price|INT64|OPTIONAL|DecimalType(scale=8, precision=18)",
            "small|INT32|OPTIONAL|null",
            "value|DOUBLE|REQUIRED|null",
            "single|FLOAT|OPTIONAL|null",
            "flag|BOOLEAN|REQUIRED|null",
            "symbol|BYTE_ARRAY|REQUIRED|StringType()");
  }

  @Test
  void symbolsHaveADictionaryAndTimesTheirRange() throws IOException, SQLException {
    Path file = folder.resolve("t.parquet");
    write(file, 140_000, 3);
    assertThat(
            DuckDb.rows(
                ("SELECT DISTINCT path_in_schema, compression, encodings FROM"
                        + " parquet_metadata('%s') WHERE path_in_schema IN ('symbol', 'time')"
                        + " ORDER BY 1")
                    .formatted(file)))
        .containsExactly(
            "symbol|ZSTD|PLAIN, RLE, RLE_DICTIONARY", "time|ZSTD|RLE, DELTA_BINARY_PACKED");
    assertThat(
            DuckDb.rows(
                ("SELECT count(*) > 1, bool_and(row_group_num_rows <= 131072), sum(num_values),"
                        + " min(stats_min_value), bool_and(stats_max_value IS NOT NULL) FROM"
                        + " parquet_metadata('%s') WHERE path_in_schema = 'time'")
                    .formatted(file)))
        .singleElement()
        .asString()
        .startsWith("true|true|140000|")
        .endsWith("|true");
    assertThat(DuckDb.rows("SELECT count(*) FROM '%s' WHERE \"count\" = 77".formatted(file)))
        .containsExactly("1");
  }

  @Test
  void metadataIsInTheFile() throws IOException, SQLException {
    Path file = folder.resolve("t.parquet");
    write(file, 1, 1);
    assertThat(
            DuckDb.rows(
                "SELECT decode(key), decode(value) FROM parquet_kv_metadata('%s')".formatted(file)))
        .containsExactly("semnal.set|fx-core", "semnal.columns|[\"rsi(14)\",\"é\"]");
  }

  @Test
  void anEmptyTableIsATable() throws IOException, SQLException {
    Path file = folder.resolve("t.parquet");
    write(file, 0, 1);
    assertThat(DuckDb.rows("SELECT count(*) FROM '%s'".formatted(file))).containsExactly("0");
  }

  @Test
  void manyDifferentTextsNeedNoDictionary() throws IOException, SQLException {
    Path file = folder.resolve("t.parquet");
    List<TableColumn> columns = List.of(TableColumn.of("id", Type.TEXT));
    try (ParquetTable table = ParquetTable.create(file, columns, Map.of())) {
      for (int i = 0; i < 1_000; i++) {
        table.setText(0, "id-" + i);
        table.endRow();
      }
      table.commit();
    }
    assertThat(
            DuckDb.rows(
                ("SELECT count(DISTINCT id), min(id), (SELECT first(encodings) FROM"
                        + " parquet_metadata('%1$s')) FROM '%1$s'")
                    .formatted(file)))
        .containsExactly("1000|id-0|PLAIN, RLE");
  }

  @Test
  void nothingAppearsUnderTheNameUntilItIsCommitted() throws IOException {
    Path file = folder.resolve("t.parquet");
    try (ParquetTable table = ParquetTable.create(file, COLUMNS, Map.of())) {
      assertThat(file).doesNotExist();
      table.setLong(0, 1);
      assertThatThrownBy(table::endRow)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("'count' was not set");
    }
    assertThat(folder).isEmptyDirectory();
  }

  /** Hashes of objects differ there, as they may between any two processes. */
  @Test
  void anotherProcessWritesTheSameBytesAndSaysNothing() throws IOException, InterruptedException {
    Path here = folder.resolve("here.parquet");
    Path there = folder.resolve("there.parquet");
    write(here, 2_000, 5);
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:hashCode=0",
                "-Xmx64m",
                // Of the compressor, whose use of Unsafe the launcher's flags allow.
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                ParquetTableTest.class.getName(),
                there.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
    assertThat(there).hasSameBinaryContentAs(here);
  }

  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]), 2_000, 5);
  }

  /** Numbers that repeat and numbers that do not, differences of any size and sign. */
  @Property(tries = 60)
  void numbersReadBackHoweverOftenTheyRepeat(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3_000) int distinct)
      throws IOException, SQLException {
    Path temporary = Files.createTempDirectory("numbers");
    Path file = temporary.resolve("t.parquet");
    Random random = new Random(seed);
    List<String> expected = new ArrayList<>();
    List<TableColumn> columns =
        List.of(
            TableColumn.of("n", Type.INT64),
            TableColumn.of("d", Type.FLOAT64),
            TableColumn.nullable("p", Type.PRICE));
    int shift = random.nextInt(64);
    long[] bits = random.longs(distinct).toArray();
    try (ParquetTable table = ParquetTable.create(file, columns, Map.of())) {
      for (int i = 0; i < 2_000; i++) {
        long number = random.nextLong() >> shift;
        double real = Double.longBitsToDouble(bits[random.nextInt(distinct)]);
        table.setLong(0, number);
        table.setDouble(1, real);
        String price = "null";
        if (random.nextInt(3) > 0) {
          long mantissa = Math.floorMod(bits[random.nextInt(distinct)], 1_000_000_000L);
          table.setLong(2, mantissa);
          price = Decimals.price(mantissa, 8);
        }
        table.endRow();
        expected.add(number + "|" + real + "|" + price);
      }
      table.commit();
    }
    assertThat(DuckDb.rows("SELECT * FROM '%s'".formatted(file))).isEqualTo(expected);
    Files.delete(file);
    Files.delete(temporary);
  }

  /** Against DuckDB's decoder, for runs and widths of every kind. */
  @Property(tries = 60)
  void positionsReadBackWhateverTheirRuns(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 600) int distinct)
      throws IOException, SQLException {
    Path temporary = Files.createTempDirectory("runs");
    Path file = temporary.resolve("t.parquet");
    Random random = new Random(seed);
    List<String> expected = new ArrayList<>();
    List<TableColumn> columns = List.of(TableColumn.nullable("s", Type.TEXT));
    try (ParquetTable table = ParquetTable.create(file, columns, Map.of())) {
      while (expected.size() < 3 * distinct + random.nextInt(50)) {
        String value = random.nextInt(5) == 0 ? null : "v" + random.nextInt(distinct);
        for (int run = 1 + random.nextInt(random.nextBoolean() ? 3 : 30); run > 0; run--) {
          if (value != null) {
            table.setText(0, value);
          }
          table.endRow();
          expected.add(String.valueOf(value));
        }
      }
      table.commit();
    }
    assertThat(DuckDb.rows("SELECT s FROM '%s'".formatted(file))).isEqualTo(expected);
    Files.delete(file);
    Files.delete(temporary);
  }

  /** Rows as DuckDB's driver prints them. */
  private static List<String> write(Path file, int rows, long seed) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("semnal.set", "fx-core");
    metadata.put("semnal.columns", "[\"rsi(14)\",\"é\"]");
    Random random = new Random(seed);
    List<String> expected = new ArrayList<>(rows);
    try (ParquetTable table = ParquetTable.create(file, COLUMNS, metadata)) {
      for (int i = 0; i < rows; i++) {
        long time = 1_400_000_000_000_000_000L + i * 1_000_000_007L;
        table.setLong(0, time);
        String price = "null";
        if (i % 3 != 0) {
          table.setLong(1, 138_000_000L + i);
          price = Decimals.price(138_000_000L + i, 8);
        }
        table.setLong(2, i);
        String small = random.nextBoolean() ? "null" : Integer.toString(random.nextInt());
        if (!small.equals("null")) {
          table.setInt(3, Integer.parseInt(small));
        }
        double value = i % 11 == 0 ? Double.NaN : random.nextGaussian();
        table.setDouble(4, value);
        float single = i % 13 == 0 ? Float.NaN : (float) value;
        boolean hasSingle = i % 5 != 0;
        if (hasSingle) {
          table.setFloat(5, single);
        }
        boolean flag = random.nextInt(4) == 0;
        table.setBoolean(6, flag);
        boolean hasMaybe = random.nextBoolean();
        if (hasMaybe) {
          table.setBoolean(7, flag);
        }
        table.setText(8, i % 100 < 60 ? "EURUSD" : "GBPUSD");
        String note = i % 1000 < 900 ? "null" : "note \"" + i % 7 + "\", ü";
        if (!note.equals("null")) {
          table.setText(9, note);
        } else {
          table.setNull(9);
        }
        table.endRow();
        expected.add(
            String.join(
                "|",
                Long.toString(time / 1_000),
                price,
                Integer.toString(i),
                small,
                Double.toString(value),
                hasSingle ? Float.toString(single) : "null",
                Boolean.toString(flag),
                hasMaybe ? Boolean.toString(flag) : "null",
                i % 100 < 60 ? "EURUSD" : "GBPUSD",
                note));
      }
      table.commit();
      assertThat(table.bytes()).isEqualTo(Files.size(file));
    }
    return expected;
  }
}
