package io.semnal.research.evaluate;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The chance that a score is higher for a random positive than for a random negative; a tie counts
 * half (Mann and Whitney).
 */
public final class Auc {
  private Auc() {}

  /**
   * @return NaN where there are no positives or no negatives
   */
  public static double of(double[] scores, boolean[] positive) {
    int n = scores.length;
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .mapToInt(i -> i)
            .toArray();
    double ranks = 0;
    long positives = 0;
    for (int from = 0; from < n; ) {
      int to = from;
      while (to < n && scores[order[to]] == scores[order[from]]) {
        to++;
      }
      // Ranks count from 1; those that tie share their mean.
      double rank = (from + 1 + to) / 2.0;
      for (int i = from; i < to; i++) {
        if (positive[order[i]]) {
          ranks += rank;
          positives++;
        }
      }
      from = to;
    }
    long negatives = n - positives;
    if (positives == 0 || negatives == 0) {
      return Double.NaN;
    }
    return (ranks - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
  }
}
