package io.semnal.research.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.research.export.TableColumn.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTableTest {
  @TempDir private Path folder;

  @Test
  void writesRowsThatReadBackAndMetadataBesideThem() throws IOException {
    Path file = folder.resolve("t.csv");
    List<TableColumn> columns =
        List.of(
            TableColumn.of("time", Type.TIMESTAMP),
            TableColumn.nullable("price", Type.PRICE),
            TableColumn.of("macd(12,26,9)", Type.FLOAT64),
            TableColumn.of("f", Type.FLOAT32),
            TableColumn.of("warm", Type.BOOLEAN),
            TableColumn.of("note", Type.TEXT));
    try (CsvTable table =
        CsvTable.create(file, columns, Map.of("set", "a", "columns", "[\"x\",\"y\"]"))) {
      table.setLong(0, 1_398_902_400_000_000_000L);
      table.setLong(1, 138_705_000L);
      table.setDouble(2, 0.1 + 0.2);
      table.setFloat(3, 0.1f);
      table.setBoolean(4, true);
      table.setText(5, "say \"hi\", he");
      table.endRow();
      table.setLong(0, 1_398_902_400_000_000_001L);
      table.setDouble(2, Double.NaN);
      table.setFloat(3, Float.NaN);
      table.setBoolean(4, false);
      table.setText(5, "OK");
      table.endRow();
      assertThat(file).doesNotExist();
      table.commit();
      assertThat(table.bytes()).isEqualTo(Files.size(file));
    }
    assertThat(Files.readString(file))
        .isEqualTo(
            """
            time,price,"macd(12,26,9)",f,warm,note
            2014-05-01T00:00:00Z,1.38705,0.30000000000000004,0.1,true,"say ""hi"", he"
            2014-05-01T00:00:00.000000001Z,,,,false,OK
            """);
    assertThat(Files.readString(folder.resolve("t.csv.meta.json")))
        .contains("\"set\" : \"a\"", "\"columns\" : [ \"x\", \"y\" ]");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Property
  void printsTimesAsInstantDoes(@ForAll long nanos) {
    StringBuilder text = new StringBuilder();
    new CsvTime().append(nanos, text);
    Instant instant =
        Instant.ofEpochSecond(
            Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    assertThat(text).hasToString(instant.toString());
  }
}
