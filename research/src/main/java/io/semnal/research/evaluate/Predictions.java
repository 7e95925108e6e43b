package io.semnal.research.evaluate;

import io.semnal.inference.signal.Scores;
import io.semnal.research.sample.Samples;
import java.util.Arrays;

/**
 * What a model said of some of the samples.
 *
 * @param rows positions in the samples, ascending
 * @param probabilities by position in {@code rows}: SELL, NEUTRAL, BUY
 */
public record Predictions(Samples samples, int[] rows, double[] probabilities) {
  static final int CLASSES = Samples.CLASSES.size();

  /** Scores a row. */
  @FunctionalInterface
  public interface RowScorer {
    /**
     * @param row may be changed by nobody
     * @param into SELL, NEUTRAL, BUY
     */
    void score(float[] row, double[] into);
  }

  public static Predictions of(Samples samples, int[] rows, RowScorer scorer) {
    double[] all = new double[rows.length * CLASSES];
    double[] one = new double[CLASSES];
    float[] row = new float[samples.columns()];
    for (int i = 0; i < rows.length; i++) {
      samples.copyRow(rows[i], row);
      scorer.score(row, one);
      System.arraycopy(one, 0, all, i * CLASSES, CLASSES);
    }
    return new Predictions(samples, rows, all);
  }

  public int size() {
    return rows.length;
  }

  public double probability(int position, int label) {
    return probabilities[position * CLASSES + label];
  }

  public int label(int position) {
    return samples.label(rows[position]);
  }

  void scores(int position, Scores into) {
    into.clear();
    into.sell = probability(position, Samples.SELL);
    into.neutral = probability(position, Samples.NEUTRAL);
    into.buy = probability(position, Samples.BUY);
  }

  /** The same probabilities, each row given those of another. */
  Predictions dealt(int[] from) {
    double[] other = new double[probabilities.length];
    for (int i = 0; i < from.length; i++) {
      System.arraycopy(probabilities, from[i] * CLASSES, other, i * CLASSES, CLASSES);
    }
    return new Predictions(samples, rows, other);
  }

  /** Those whose label is known. */
  int[] labelled() {
    int[] positions = new int[rows.length];
    int count = 0;
    for (int i = 0; i < rows.length; i++) {
      if (label(i) != Samples.NONE) {
        positions[count++] = i;
      }
    }
    return Arrays.copyOf(positions, count);
  }
}
