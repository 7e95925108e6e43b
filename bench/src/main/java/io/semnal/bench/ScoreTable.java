package io.semnal.bench;

import com.sun.management.ThreadMXBean;
import io.semnal.inference.compiled.CompiledScorer;
import io.semnal.inference.compiled.UnsupportedModelException;
import io.semnal.inference.scorer.OnnxScorer;
import io.semnal.inference.scorer.Scorer;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Models from training libraries through both scorers, as a Markdown table: the largest difference
 * from the library's own predictions, and the time of a score.
 *
 * <p>A folder holds {@code NAME[.EXPORTER].onnx}, {@code NAME.inputs.csv} and {@code
 * NAME.expected.csv}.
 */
final class ScoreTable {
  private static final long WARM_UP_NANOS = 700_000_000;
  private static final long SLICE_NANOS = 100_000_000;
  private static final int ROUNDS = 5;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Report report;
  private final Path folder;
  private double sink;

  ScoreTable(Report report, Path folder) {
    this.report = report;
    this.folder = folder;
  }

  void run() throws IOException {
    report.say(
        "| model | compiled: largest difference | ns | ONNX Runtime: largest difference | ns |");
    report.say("|---|---|---|---|---|");
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> models = Files.newDirectoryStream(folder, "*.onnx")) {
      models.forEach(files::add);
    }
    for (Path file : files.stream().sorted().toList()) {
      row(file);
    }
  }

  private void row(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".onnx", "");
    String stem = name.split("\\.")[0];
    List<double[]> inputs = rows(folder.resolve(stem + ".inputs.csv"));
    List<double[]> expected = rows(folder.resolve(stem + ".expected.csv"));
    byte[] onnx = Files.readAllBytes(file);
    int features = inputs.getFirst().length;
    String compiled;
    try (CompiledScorer scorer = CompiledScorer.open(onnx, features, "")) {
      compiled = measured(scorer, inputs, expected);
    } catch (UnsupportedModelException e) {
      compiled = e.getMessage() + " | – |";
    }
    try (OnnxScorer scorer = OnnxScorer.open(onnx, features, "")) {
      report.say("| " + name + " | " + compiled + " " + measured(scorer, inputs, expected));
    }
  }

  private String measured(Scorer scorer, List<double[]> inputs, List<double[]> expected) {
    double largest = 0;
    for (int row = 0; row < inputs.size(); row++) {
      score(scorer, inputs.get(row));
      for (int i = 0; i < scorer.outputs(); i++) {
        largest = Math.max(largest, Math.abs(scorer.output(i) - expected.get(row)[i]));
      }
    }
    slice(scorer, inputs, WARM_UP_NANOS);
    double[] nanos = new double[ROUNDS];
    Arrays.setAll(nanos, round -> slice(scorer, inputs, SLICE_NANOS));
    return String.format(Locale.ROOT, "%.1e | %,.0f |", largest, Statistics.median(nanos));
  }

  private double slice(Scorer scorer, List<double[]> inputs, long nanos) {
    long started = THREADS.getCurrentThreadCpuTime();
    long scored = 0;
    while (THREADS.getCurrentThreadCpuTime() - started < nanos) {
      for (double[] row : inputs) {
        score(scorer, row);
        sink += scorer.output(0);
        scored++;
      }
    }
    return (double) (THREADS.getCurrentThreadCpuTime() - started) / scored;
  }

  private static void score(Scorer scorer, double[] row) {
    for (int i = 0; i < row.length; i++) {
      scorer.input().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) row[i]);
    }
    if (!scorer.score()) {
      throw new IllegalStateException(scorer.lastError());
    }
  }

  private static List<double[]> rows(Path csv) throws IOException {
    List<double[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(csv)) {
      rows.add(Arrays.stream(line.split(",", -1)).mapToDouble(ScoreTable::number).toArray());
    }
    return rows;
  }

  private static double number(String cell) {
    return cell.isEmpty() || cell.equalsIgnoreCase("nan") ? Double.NaN : Double.parseDouble(cell);
  }
}
