package io.semnal.inference.compiled;

import io.semnal.inference.onnx.TreeTable;
import io.semnal.inference.onnx.TreeTable.Mode;
import java.util.Arrays;

/**
 * Integers in the order of float64 values, as far as the thresholds of trees can tell these apart:
 * twice the number of a feature's thresholds below a value, plus one where it equals the next.
 */
final class Ranks {
  /** Above all numbers. */
  private static final int MISSING = 0x7FC00000;

  /** By feature, ascending, each once; both zeros are one. */
  private final double[][] thresholds;

  Ranks(TreeTable table, int features) {
    int[] counts = new int[features];
    for (int node = 0; node < table.size(); node++) {
      if (isCompared(table, node)) {
        counts[table.feature(node)]++;
      }
    }
    thresholds = new double[features][];
    for (int i = 0; i < features; i++) {
      thresholds[i] = new double[counts[i]];
    }
    for (int node = 0; node < table.size(); node++) {
      if (isCompared(table, node)) {
        int feature = table.feature(node);
        thresholds[feature][--counts[feature]] = table.threshold(node) + 0.0;
      }
    }
    for (int i = 0; i < features; i++) {
      thresholds[i] = Arrays.stream(thresholds[i]).sorted().distinct().toArray();
    }
  }

  private static boolean isCompared(TreeTable table, int node) {
    return table.mode(node) != Mode.LEAF && !Double.isNaN(table.threshold(node));
  }

  void read(double[] row, int[] ranks) {
    for (int i = 0; i < thresholds.length; i++) {
      ranks[i] = of(i, row[i]);
    }
  }

  int of(int feature, double value) {
    if (value != value) {
      return MISSING;
    }
    double[] sorted = thresholds[feature];
    int from = 0;
    int to = sorted.length;
    while (from < to) {
      int middle = from + to >>> 1;
      if (sorted[middle] < value) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return 2 * from + (from < sorted.length && sorted[from] == value ? 1 : 0);
  }
}
