package io.semnal.research.evaluate;

import io.semnal.research.learn.LogLoss;
import io.semnal.research.sample.Samples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How much a column matters: by how much the log loss rises when its values are dealt to other rows
 * (Breiman, 2001). Columns that say the same share their worth.
 *
 * @param rise of the log loss; below 0 the column did harm
 */
public record Importance(String column, double rise) {
  private static final int MOST_ROWS = 5_000;
  private static final long SEED = 104_729;

  /** By falling rise. */
  public static List<Importance> of(
      Predictions predictions, List<String> columns, Predictions.RowScorer scorer) {
    Samples samples = predictions.samples();
    int[] labelled = predictions.labelled();
    SplittableRandom random = new SplittableRandom(SEED);
    int[] order = Baselines.permutation(labelled.length, random);
    int count = Math.min(MOST_ROWS, labelled.length);
    int[] rows = new int[count];
    double before = 0;
    for (int i = 0; i < count; i++) {
      int position = labelled[order[i]];
      rows[i] = predictions.rows()[position];
      before += LogLoss.ofOne(predictions.probability(position, predictions.label(position)));
    }
    List<Importance> all = new ArrayList<>();
    float[] row = new float[samples.columns()];
    double[] scores = new double[Predictions.CLASSES];
    for (int column = 0; column < columns.size(); column++) {
      int[] from = Baselines.permutation(count, random);
      double after = 0;
      for (int i = 0; i < count; i++) {
        samples.copyRow(rows[i], row);
        row[column] = samples.feature(rows[from[i]], column);
        scorer.score(row, scores);
        after += LogLoss.ofOne(scores[samples.label(rows[i])]);
      }
      all.add(new Importance(columns.get(column), (after - before) / count));
    }
    all.sort(Comparator.comparingDouble(Importance::rise).reversed());
    return all;
  }
}
