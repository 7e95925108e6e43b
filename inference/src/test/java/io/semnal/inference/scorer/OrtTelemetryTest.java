package io.semnal.inference.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.inference.onnx.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrtTelemetryTest {
  private static final int LONG = 64 * 1024;

  /** A process of its own: the environment is set once, and a crash would take the tests along. */
  @Test
  void scoresWithoutReportingWhateverTheCommandLine(@TempDir Path home) throws Exception {
    Path output = Files.createTempFile("semnal-scores", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "--enable-native-access=ALL-UNNAMED",
              "-XX:-UsePerfData",
              "-Dpadding=" + "x".repeat(LONG),
              "-cp",
              System.getProperty("java.class.path"),
              Scores.class.getName());
      builder.environment().put("HOME", home.toString());
      builder.environment().remove("XDG_CACHE_HOME");
      builder.environment().remove(OrtTelemetry.VARIABLE);
      // The library itself keeps quiet where it believes to run in a build.
      List.of("CI", "TF_BUILD", "GITHUB_ACTIONS").forEach(builder.environment()::remove);
      Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(output)).isZero();
      assertThat(Files.readString(output)).contains("scored true").contains("files []");
      assertThat(files(home)).isEmpty();
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  /** Scores a row and says which of the library's own files are open. */
  static final class Scores {
    private Scores() {}

    public static void main(String[] args) throws IOException {
      byte[] onnx =
          OnnxWriter.logistic(
              new double[][] {{1, 0}, {0, 1}, {1, 1}},
              new double[3],
              List.of("SELL", "NEUTRAL", "BUY"));
      try (Scorer scorer = OnnxScorer.open(onnx, 2, "")) {
        System.out.println("scored " + scorer.score());
        System.out.println("files " + openedByTheLibrary());
      }
    }

    private static List<String> openedByTheLibrary() throws IOException {
      Path descriptors = Path.of("/proc/self/fd");
      if (!Files.isDirectory(descriptors)) {
        return List.of();
      }
      try (Stream<Path> links = Files.list(descriptors)) {
        return links.map(Scores::target).filter(name -> name.endsWith("onnxruntime.db")).toList();
      }
    }

    private static String target(Path link) {
      try {
        return Files.readSymbolicLink(link).toString();
      } catch (IOException e) {
        return ""; // Closed in between: the listing's own descriptor.
      }
    }
  }
}
