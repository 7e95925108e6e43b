package io.semnal.inference.compiled;

/**
 * Sigmoid and tanh of many values at once, to the same bits as {@link Elementary} gives one by one:
 * each of its operations in a loop of its own, without branches, so that the compiler can work on
 * several values together. One thread at a time.
 */
final class Curves {
  /** Beyond, sigmoid and tanh are 0 or 1 in float64 whatever the power. */
  private static final double MOST = 700;

  private final double[] rests;
  private final double[] exponents;

  /**
   * @param most values of one call
   */
  Curves(int most) {
    rests = new double[most];
    exponents = new double[most];
  }

  void sigmoid(float[] from, int at, double[] to, int toAt, int n) {
    double[] x = rests;
    for (int i = 0; i < n; i++) {
      x[i] = -from[at + i];
    }
    powers(n);
    for (int i = 0; i < n; i++) {
      to[toAt + i] = 1 / (1 + x[i]);
    }
  }

  void tanh(float[] from, int at, double[] to, int toAt, int n) {
    double[] x = rests;
    for (int i = 0; i < n; i++) {
      x[i] = 2 * Math.abs((double) from[at + i]);
    }
    powers(n);
    for (int i = 0; i < n; i++) {
      to[toAt + i] = 1 - 2 / (x[i] + 1);
    }
    for (int i = 0; i < n; i++) {
      double value = from[at + i];
      double size = to[toAt + i];
      to[toAt + i] =
          Math.abs(value) < Elementary.TANH_SERIES
              ? Elementary.tanh(value)
              : value < 0 ? -size : size;
    }
  }

  /** e to the power of each rest, in place. */
  private void powers(int n) {
    double[] x = rests;
    double[] k = exponents;
    for (int i = 0; i < n; i++) {
      double bounded = Math.max(-MOST, Math.min(MOST, x[i]));
      double whole = Elementary.wholePowers(bounded);
      x[i] = Elementary.rest(bounded, whole);
      k[i] = whole;
    }
    for (int i = 0; i < n; i++) {
      x[i] = Elementary.series(x[i]);
    }
    for (int i = 0; i < n; i++) {
      x[i] *= Elementary.powerOfTwo(k[i]);
    }
  }
}
