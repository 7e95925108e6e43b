package io.semnal.features.graph;

/** Where sums of distances are measured from. */
final class Centre {
  private Centre() {}

  /** Mean of those that are not missing; of equal values exactly that value. */
  static double of(double[] values, int from, int to) {
    double base = 0;
    double sum = 0;
    int known = 0;
    for (int i = from; i < to; i++) {
      double v = values[i];
      if (!Double.isNaN(v)) {
        base = known == 0 ? v : base;
        sum += v - base;
        known++;
      }
    }
    return known == 0 ? 0 : base + sum / known;
  }
}
