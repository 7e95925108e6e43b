package io.semnal.inference.compiled;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.inference.scorer.OnnxScorer;
import io.semnal.inference.scorer.Scorer;
import java.util.Random;

/** Runs a model through both scorers and compares what they say. */
final class Peers {
  private static final float[] EXTREMES = {
    0f, -0f, 1f, -1f, 1e-8f, -1e-8f, 30f, -30f, 88.5f, -104f, 1e6f, -1e6f
  };

  private Peers() {}

  /** A way to make a row. */
  interface Rows {
    void fill(float[] row, int number);
  }

  /** Gaussian values, now and then an extreme one. */
  static Rows gaussian(Random random, double scale, boolean extremes) {
    return (row, number) -> {
      for (int i = 0; i < row.length; i++) {
        boolean extreme = extremes && random.nextInt(6) == 0;
        row[i] =
            extreme
                ? EXTREMES[random.nextInt(EXTREMES.length)]
                : (float) (random.nextGaussian() * scale);
      }
    };
  }

  /** Both score all rows alike, to a tolerance that is relative for scores beyond 1. */
  static double assertAgree(byte[] onnx, int features, int count, double tolerance, Rows rows) {
    double largest = 0;
    try (CompiledScorer compiled = CompiledScorer.open(onnx, features, "");
        OnnxScorer runtime = OnnxScorer.open(onnx, features, "")) {
      assertThat(compiled.features()).isEqualTo(runtime.features());
      assertThat(compiled.outputs()).isEqualTo(runtime.outputs());
      assertThat(compiled.outputName()).isEqualTo(runtime.outputName());
      float[] row = new float[compiled.features()];
      for (int number = 0; number < count; number++) {
        rows.fill(row, number);
        score(compiled, row);
        score(runtime, row);
        for (int i = 0; i < runtime.outputs(); i++) {
          double expected = runtime.output(i);
          double actual = compiled.output(i);
          if (Double.isFinite(expected) && Double.isFinite(actual)) {
            double difference = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
            largest = Math.max(largest, difference);
            assertThat(difference)
                .as("output %d of row %d: %s, expected %s", i, number, actual, expected)
                .isLessThanOrEqualTo(tolerance);
          } else {
            assertThat(Double.valueOf(actual))
                .as("output %d of row %d", i, number)
                .isEqualTo(Double.valueOf(expected));
          }
        }
      }
    }
    return largest;
  }

  static void score(Scorer scorer, float[] row) {
    for (int i = 0; i < row.length; i++) {
      if (scorer.isDouble()) {
        scorer.input().setAtIndex(JAVA_DOUBLE, i, row[i]);
      } else {
        scorer.input().setAtIndex(JAVA_FLOAT, i, row[i]);
      }
    }
    assertThat(scorer.score()).as(scorer.lastError()).isTrue();
  }

  static float[] reals(Random random, int count, double scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return values;
  }
}
