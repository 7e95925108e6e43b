package io.semnal.inference.scorer;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semnal.inference.compiled.CompiledScorer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Files from PyTorch, scikit-learn and LightGBM score as their own libraries predicted. */
class TrainedModelsTest {
  private static final Path MODELS =
      Path.of(System.getProperty("semnal.testdata", "missing"), "models");
  private static final double TOLERANCE = 1e-5;

  @TestFactory
  Stream<DynamicTest> scoresAsTheTrainingLibraryPredicts() throws IOException {
    assumeTrue(Files.isDirectory(MODELS), "no test data in " + MODELS);
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> models = Files.newDirectoryStream(MODELS, "*.onnx")) {
      models.forEach(files::add);
    }
    assertThat(files).hasSizeGreaterThanOrEqualTo(16);
    return files.stream()
        .sorted()
        .flatMap(
            file ->
                Stream.of(
                    DynamicTest.dynamicTest(
                        file.getFileName() + " by ONNX Runtime",
                        () -> compare(file, OnnxScorer::open)),
                    DynamicTest.dynamicTest(
                        file.getFileName() + " compiled",
                        () -> compare(file, CompiledScorer::open))));
  }

  /** Makes a scorer of a file for rows of so many features. */
  private interface Opener {
    Scorer open(byte[] onnx, int features, String outputName);
  }

  private static void compare(Path file, Opener opener) throws IOException {
    String stem = file.getFileName().toString().split("\\.")[0];
    List<double[]> inputs = rows(MODELS.resolve(stem + ".inputs.csv"));
    List<double[]> expected = rows(MODELS.resolve(stem + ".expected.csv"));
    assertThat(inputs).hasSameSizeAs(expected).isNotEmpty();
    int features = inputs.getFirst().length;
    try (Scorer scorer = opener.open(Files.readAllBytes(file), features, "")) {
      assertThat(scorer.features()).isEqualTo(features);
      assertThat(scorer.outputs()).isEqualTo(expected.getFirst().length);
      for (int row = 0; row < inputs.size(); row++) {
        write(scorer, inputs.get(row));
        assertThat(scorer.score()).as(scorer.lastError()).isTrue();
        for (int i = 0; i < scorer.outputs(); i++) {
          assertThat(Math.abs(scorer.output(i) - expected.get(row)[i]))
              .as("%s row %d output %d", file.getFileName(), row, i)
              .isLessThan(TOLERANCE);
        }
      }
    }
  }

  static void write(Scorer scorer, double[] row) {
    for (int i = 0; i < row.length; i++) {
      if (scorer.isDouble()) {
        scorer.input().setAtIndex(JAVA_DOUBLE, i, row[i]);
      } else {
        scorer.input().setAtIndex(JAVA_FLOAT, i, (float) row[i]);
      }
    }
  }

  private static List<double[]> rows(Path csv) throws IOException {
    List<double[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(csv)) {
      rows.add(
          Arrays.stream(line.split(",", -1))
              .mapToDouble(cell -> cell.isEmpty() ? Double.NaN : parse(cell))
              .toArray());
    }
    return rows;
  }

  private static double parse(String cell) {
    return cell.equalsIgnoreCase("nan") ? Double.NaN : Double.parseDouble(cell);
  }
}
