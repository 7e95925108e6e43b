package io.semnal.features.graph;

/**
 * Statistics over the last n values, the present one included, in two passes around the newest
 * value so that nothing cancels. O(n). NaN while a missing value is in the window.
 */
public final class Statistics {
  private Statistics() {}

  /** Third and fourth moment of the values, by the population's own deviation; 0 where flat. */
  public static final class Moment extends Node {
    private final Node x;
    private final int period;
    private final int order;
    private final RollingSum window;

    /**
     * @param order 3: skewness; 4: kurtosis in excess of the normal distribution's 3
     */
    public Moment(Node x, int period, int order) {
      super(period, period, x);
      this.x = x;
      this.period = period;
      this.order = order;
      this.window = new RollingSum(period);
    }

    @Override
    protected double compute() {
      double v = x.out;
      if (!window.isReady() || Double.isNaN(v)) {
        return Double.NaN;
      }
      double mean = 0;
      for (int i = 0; i < period - 1; i++) {
        mean += window.get(i) - v;
      }
      mean /= period;
      double second = mean * mean;
      double third = -mean * mean * mean;
      double fourth = second * second;
      for (int i = 0; i < period - 1; i++) {
        double d = window.get(i) - v - mean;
        double square = d * d;
        second += square;
        third += square * d;
        fourth += square * square;
      }
      if (second == 0) {
        return 0;
      }
      double variance = second / period;
      return order == 3
          ? third / period / (variance * Math.sqrt(variance))
          : fourth / period / (variance * variance) - 3;
    }

    @Override
    protected void commit() {
      window.commit(x.out);
    }
  }

  /** How one series moves with another: correlation, or slope of the first on the second. */
  public static final class Joint extends Node {
    private final Node x;
    private final Node y;
    private final int period;
    private final boolean slope;
    private final RollingSum xs;
    private final RollingSum ys;

    /**
     * @param slope cov(x, y) / var(y) instead of the correlation
     */
    public Joint(Node x, Node y, int period, boolean slope) {
      super(period, period, x, y);
      this.x = x;
      this.y = y;
      this.period = period;
      this.slope = slope;
      this.xs = new RollingSum(period);
      this.ys = new RollingSum(period);
    }

    @Override
    protected double compute() {
      double vx = x.out;
      double vy = y.out;
      if (!xs.isReady() || !ys.isReady() || Double.isNaN(vx) || Double.isNaN(vy)) {
        return Double.NaN;
      }
      double meanX = 0;
      double meanY = 0;
      for (int i = 0; i < period - 1; i++) {
        meanX += xs.get(i) - vx;
        meanY += ys.get(i) - vy;
      }
      meanX /= period;
      meanY /= period;
      double xx = meanX * meanX;
      double yy = meanY * meanY;
      double xy = meanX * meanY;
      for (int i = 0; i < period - 1; i++) {
        double dx = xs.get(i) - vx - meanX;
        double dy = ys.get(i) - vy - meanY;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
      }
      if (yy == 0 || xx == 0) {
        return 0;
      }
      return slope ? xy / yy : xy / (Math.sqrt(xx) * Math.sqrt(yy));
    }

    @Override
    protected void commit() {
      xs.commit(x.out);
      ys.commit(y.out);
    }
  }

  /** Percentage of the n values before the present one that are less than it. */
  public static final class Rank extends Node {
    private final Node x;
    private final int period;
    private final RollingSum window;

    public Rank(Node x, int period) {
      super(period + 1, period + 1, x);
      this.x = x;
      this.period = period;
      this.window = new RollingSum(period + 1);
    }

    @Override
    protected double compute() {
      double v = x.out;
      if (!window.isReady() || Double.isNaN(v)) {
        return Double.NaN;
      }
      int below = 0;
      for (int i = 0; i < period; i++) {
        if (window.get(i) < v) {
          below++;
        }
      }
      return 100.0 * below / period;
    }

    @Override
    protected void commit() {
      window.commit(x.out);
    }
  }
}
