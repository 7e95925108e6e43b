package io.semnal.bench;

import com.sun.management.ThreadMXBean;
import io.semnal.inference.compiled.CompiledScorer;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.scorer.OnnxScorer;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One row of 32 features at a time through the compiled scorer, ONNX Runtime by foreign call, and
 * ONNX Runtime's Java API, in alternating slices of one run: other work on the machine slows all
 * three alike.
 */
final class ScoreBench {
  private static final int ROWS = 1024;
  private static final long SLICE_NANOS = 100_000_000;
  private static final long WARM_UP_NANOS = 1_500_000_000;
  private static final int BATCH = 1000;
  private static final double MLP_TARGET = 8;
  private static final double FEW_TREES_TARGET = 4;
  private static final double MANY_TREES_TARGET = 3;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Report report;
  private final int rounds;
  private final float[][] rows = new float[ROWS][ScoreModels.FEATURES];
  private float sink;

  ScoreBench(Report report, int rounds) {
    this.report = report;
    this.rounds = rounds;
    Random random = new Random(1);
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
  }

  void run() {
    measure("MLP 32-32-16-3", ScoreModels.mlp(), MLP_TARGET);
    measure("100 trees of depth 6", ScoreModels.trees(100), FEW_TREES_TARGET);
    measure("300 trees of depth 6", ScoreModels.trees(300), MANY_TREES_TARGET);
  }

  private void measure(String name, byte[] onnx, double target) {
    OnnxScorer foreign = OnnxScorer.open(onnx, ScoreModels.FEATURES, OnnxWriter.OUTPUT);
    int outputs = foreign.outputs();
    CompiledScorer compiled = CompiledScorer.open(onnx, ScoreModels.FEATURES, OnnxWriter.OUTPUT);
    try (ScoreSubject first = ScoreSubject.of(compiled);
        ScoreSubject second = ScoreSubject.of(foreign);
        ScoreSubject peer =
            ScoreSubject.javaApi(onnx, ScoreModels.FEATURES, OnnxWriter.OUTPUT, outputs)) {
      List<ScoreSubject> subjects = List.of(first, second, peer);
      subjects.forEach(subject -> slice(subject, WARM_UP_NANOS));
      double[][] nanos = new double[subjects.size()][rounds];
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < nanos.length; i++) {
          nanos[i][round] = slice(subjects.get(i), SLICE_NANOS);
        }
      }
      report(name + ", compiled", nanos[0], nanos[2], target, bytes(first));
      report(name + ", ONNX Runtime by foreign call", nanos[1], nanos[2], 1, bytes(second));
      report.add(
          Figure.plain(
              name + ", ONNX Runtime's Java API", bytes(peer), "B/op", Double.NaN, "the peer"));
    }
  }

  private void report(String name, double[] nanos, double[] peer, double target, double bytes) {
    double[] ratios = new double[rounds];
    Arrays.setAll(ratios, i -> peer[i] / nanos[i]);
    report.add(
        Figure.timesFaster(
            target,
            name,
            nanos,
            "ns",
            "Java API",
            peer,
            "one row, " + ROWS + " rows in turn; ratios " + Statistics.range(ratios) + " rounds"));
    report.add(Figure.atMost(0, name + ", allocation", bytes, "B/op", Double.NaN, ""));
  }

  /** Nanoseconds of this thread, on which all of them do all their work, for a score. */
  private double slice(ScoreSubject subject, long nanos) {
    long started = THREADS.getCurrentThreadCpuTime();
    long scored = 0;
    long now = started;
    while (now - started < nanos) {
      for (int i = 0; i < BATCH; i++) {
        sink += subject.score(rows[(int) (scored++ & ROWS - 1)]);
      }
      now = THREADS.getCurrentThreadCpuTime();
    }
    return (double) (now - started) / scored;
  }

  private double bytes(ScoreSubject subject) {
    int scores = 100 * BATCH;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < scores; i++) {
      sink += subject.score(rows[i & ROWS - 1]);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    // What asking for the count itself allocates is some hundred bytes in all.
    return Math.floor((double) allocated / scores);
  }
}
