package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No file harms the process that looks at it: each is refused with a sentence, or scores. */
class HostileFilesTest {
  private static final Path MODELS =
      Path.of(System.getProperty("semnal.testdata", "missing"), "models");
  private static final int SECONDS = 5;
  private static final int CRAFTED = 17;

  @TempDir Path folder;

  @Test
  void areRefusedAndTheProcessLives() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HostileFiles.class.getName(),
                Integer.toString(SECONDS)));
    command.addAll(originals());
    Path out = folder.resolve("out.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(out);
    assertThat(ended).as("ends: " + said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    List<String> lines = said.lines().filter(line -> line.contains(": ")).toList();
    assertThat(lines).hasSizeGreaterThan(CRAFTED);
    assertThat(lines).noneMatch(line -> line.endsWith("ACCEPTED"));
    assertThat(said).containsPattern(HostileFiles.DONE + "[1-9]\\d* refused");
  }

  private static List<String> originals() throws IOException {
    List<String> files = new ArrayList<>();
    if (Files.isDirectory(MODELS)) {
      try (DirectoryStream<Path> models = Files.newDirectoryStream(MODELS, "*.onnx")) {
        models.forEach(model -> files.add(model.toString()));
      }
    }
    return files;
  }
}
