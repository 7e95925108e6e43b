package io.semnal.inference.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.inference.onnx.OnnxWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrtLibraryTest {
  @TempDir Path temporary;

  /** Scores one row in a process of its own. */
  static final class OneRow {
    private OneRow() {}

    public static void main(String[] args) {
      byte[] onnx = OnnxWriter.logistic(new double[2][3], new double[2], List.of("SELL", "BUY"));
      try (OnnxScorer scorer = OnnxScorer.open(onnx, 3, "")) {
        if (!scorer.score() || scorer.output(0) != 0.5) {
          throw new AssertionError(scorer.lastError());
        }
      }
    }
  }

  @Test
  void processesThatStartAtOnceAllScoreAndLeaveNothing() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(start(i));
    }
    for (int i = 0; i < processes.size(); i++) {
      assertThat(processes.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(processes.get(i).exitValue()).as(Files.readString(said(i))).isZero();
    }
    try (Stream<Path> left = Files.list(temporary.resolve("t"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void saysWhyWhereTheTemporaryDirectoryIsUnusable() throws Exception {
    Path missing = temporary.resolve("t").resolve("missing");
    Process process = start(9, missing);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertThat(Files.readString(said(9)))
        .contains("ModelRefusedException: ONNX Runtime 1.29.0 cannot be used")
        .contains("its library cannot be copied to " + missing)
        .contains("choose another with -Djava.io.tmpdir=");
  }

  @Test
  void removesWhatKilledProcessesLeftButNotWhatIsStillInUse() throws IOException {
    Path old = copy("semnal-onnxruntime-1", Instant.now().minusSeconds(7200));
    Path fresh = copy("semnal-onnxruntime-2", Instant.now());
    Path foreign = copy("other-3", Instant.now().minusSeconds(7200));
    OrtLibrary.removeAbandoned(temporary, Instant.now().minusSeconds(3600));
    assertThat(old).doesNotExist();
    assertThat(fresh).isDirectoryContaining("glob:**.so");
    assertThat(foreign).isDirectoryContaining("glob:**.so");
  }

  @Test
  void namesPlatformsAsTheJarDoes() {
    assertThat(OrtLibrary.platform("Linux", "amd64")).isEqualTo("linux-x64");
    assertThat(OrtLibrary.platform("Linux", "aarch64")).isEqualTo("linux-aarch64");
    assertThat(OrtLibrary.platform("Mac OS X", "aarch64")).isEqualTo("osx-aarch64");
    assertThat(OrtLibrary.platform("Windows 11", "amd64")).isEqualTo("win-x64");
    for (String platform : List.of("linux-x64", "linux-aarch64", "osx-aarch64", "win-x64")) {
      String resource = "/ai/onnxruntime/native/" + platform + "/" + OrtLibrary.fileName(platform);
      assertThat(getClass().getResource(resource)).as(resource).isNotNull();
    }
  }

  @Test
  void isTheVersionThatThePomPins() throws IOException {
    String pom = Files.readString(Path.of(System.getProperty("semnal.root"), "pom.xml"));
    assertThat(pom).contains("<onnxruntime.version>" + OrtApi.VERSION + "</onnxruntime.version>");
    assertThat(OnnxScorer.runtimeVersion()).isEqualTo(OrtApi.VERSION);
  }

  private Path copy(String name, Instant modified) throws IOException {
    Path directory = Files.createDirectory(temporary.resolve(name));
    Files.write(directory.resolve("libonnxruntime.so"), new byte[10]);
    Files.setLastModifiedTime(directory, FileTime.from(modified));
    return directory;
  }

  private Process start(int number) throws IOException {
    return start(number, Files.createDirectories(temporary.resolve("t")));
  }

  private Process start(int number, Path tmpdir) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of(System.getProperty("semnal.root"), "scripts", "jvm.flags"));
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Djava.io.tmpdir=" + tmpdir);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(OneRow.class.getName());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(said(number).toFile())
        .start();
  }

  private Path said(int number) {
    return temporary.resolve("said" + number + ".txt");
  }
}
