package io.semnal.inference.registry;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.semnal.inference.scorer.Scorer;

/** Scores rows outside an engine: by a command, or to check a model. */
public final class RowScores {
  private RowScores() {}

  /**
   * @param row as many values as the scorer has features
   * @return the scores, by output
   * @throws ModelRefusedException where the scorer fails, with what it says
   */
  public static double[] of(Scorer scorer, double[] row) {
    write(scorer, row);
    if (!scorer.score()) {
      throw new ModelRefusedException("scoring a row fails: " + scorer.lastError());
    }
    double[] scores = new double[scorer.outputs()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = scorer.output(i);
    }
    return scores;
  }

  /** The same of every row. */
  public static double[][] of(Scorer scorer, double[][] rows) {
    double[][] scores = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      scores[i] = of(scorer, rows[i]);
    }
    return scores;
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

  /**
   * The largest difference of a score: absolute up to 1, of larger ones in relation to the first's
   * size; infinite where one of the two is NaN.
   */
  public static double largestDifference(double[][] expected, double[][] actual) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      for (int k = 0; k < expected[i].length; k++) {
        largest = Math.max(largest, difference(expected[i][k], actual[i][k]));
      }
    }
    return largest;
  }

  static double difference(double expected, double actual) {
    if (Double.compare(expected, actual) == 0) {
      return 0;
    }
    double difference = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }
}
