package io.semnal.inference.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a model was made, as far as its maker says so.
 *
 * @param learner for example {@code xgboost}
 * @param parameters of the learner
 * @param seed of everything that was drawn
 * @param trials sets of parameters that were tried before this one was chosen
 * @param metrics on rows that it was not fitted on, by name
 * @param data what it was fitted on: a name and the SHA-256 of each file, or a text that says how
 *     the data was made
 * @param deciles of its inputs and outputs in training: what later rows are held against
 */
public record ModelTraining(
    String learner,
    SortedMap<String, Double> parameters,
    long seed,
    int trials,
    SortedMap<String, Double> metrics,
    SortedMap<String, String> data,
    List<Deciles> deciles) {

  /**
   * The spread of one column or output.
   *
   * @param name a column of the card, or {@code score.} and a class
   * @param missing share of values that were missing
   * @param edges nine values between which a tenth of the rows lies each; empty where all were
   *     missing
   */
  public record Deciles(String name, double missing, List<Double> edges) {
    public Deciles {
      edges = List.copyOf(edges);
    }

    /** Of values in any order, NaN = missing. */
    public static Deciles of(String name, double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int present = sorted.length;
      // NaN sorts last.
      while (present > 0 && Double.isNaN(sorted[present - 1])) {
        present--;
      }
      List<Double> edges = new ArrayList<>();
      for (int tenth = 1; tenth < 10 && present > 0; tenth++) {
        edges.add((double) (float) sorted[(int) ((long) present * tenth / 10)]);
      }
      double missing = sorted.length == 0 ? 0 : 1.0 - (double) present / sorted.length;
      return new Deciles(name, missing, edges);
    }
  }

  public ModelTraining {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    data = Collections.unmodifiableSortedMap(new TreeMap<>(data));
    deciles = List.copyOf(deciles);
  }
}
