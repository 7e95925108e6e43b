package io.semnal.research.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.research.export.DuckDb;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million rows pass through a heap that could not hold them. */
class MillionRowsTest {
  @TempDir private Path folder;

  @Test
  void areWrittenInAHeapOf64MiB() throws IOException, InterruptedException, SQLException {
    Path out = folder.resolve("million.parquet");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(a -> a.startsWith("--add") || a.startsWith("--enable") || a.startsWith("--sun"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            MillionRows.class.getName(),
            out.toString(),
            "8"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(
            DuckDb.rows(
                ("SELECT count(*), count(DISTINCT available_at), count_if(isnan(\"ema(9)\")),"
                        + " count_if(warm) > 990000 FROM '%s'")
                    .formatted(out)))
        .containsExactly("1000000|1000000|8|true");
  }
}
