package io.semnal.features.graph;

/**
 * Nodes over the last n bars, the present one included. All are NaN while a missing value is in the
 * window, and right again when it has left.
 */
public final class Windows {
  private Windows() {}

  /** Σx. */
  public static final class Sum extends Node {
    private final Node x;
    private final RollingSum window;

    public Sum(Node x, int period) {
      super(period, period, x);
      this.x = x;
      this.window = new RollingSum(period);
    }

    @Override
    protected double compute() {
      return window.with(x.out);
    }

    @Override
    protected void commit() {
      window.commit(x.out);
    }
  }

  /** Σx / n. */
  public static final class Mean extends Node {
    private final Node x;
    private final RollingSum window;

    public Mean(Node x, int period) {
      super(period, period, x);
      this.x = x;
      this.window = new RollingSum(period);
    }

    @Override
    protected double compute() {
      return window.meanWith(x.out);
    }

    @Override
    protected void commit() {
      window.commit(x.out);
    }
  }

  /** Weights n, n−1, … 1 from the newest to the oldest, divided by their sum. */
  public static final class LinearlyWeighted extends Node {
    private final Node x;
    private final int period;
    private final RollingSum window;

    /** Σ of the committed values, the oldest once, the newest n−1 times. */
    private double weighted;

    private double error;
    private int sinceRebuild;

    public LinearlyWeighted(Node x, int period) {
      super(period, period, x);
      this.x = x;
      this.period = period;
      this.window = new RollingSum(period);
    }

    @Override
    protected double compute() {
      double v = x.out;
      if (!window.isReady()) {
        return Double.NaN;
      }
      return (weighted + period * v + error) / (0.5 * period * (period + 1));
    }

    @Override
    protected void commit() {
      double v = x.out;
      boolean wasReady = window.isReady();
      double before = window.with(0);
      window.commit(v);
      if (!wasReady || !window.isReady() || ++sinceRebuild >= period) {
        rebuild();
      } else {
        add(-before);
        add((period - 1) * v);
      }
    }

    private void add(double v) {
      double total = weighted + v;
      double part = total - weighted;
      error += (weighted - (total - part)) + (v - part);
      weighted = total;
    }

    private void rebuild() {
      weighted = 0;
      error = 0;
      sinceRebuild = 0;
      if (window.isReady()) {
        for (int i = 0; i < window.size(); i++) {
          add((i + 1) * window.get(i));
        }
      }
    }
  }

  /** The value n bars ago; n = 0 is the present one. */
  public static final class Lag extends Node {
    private final Node x;
    private final double[] ring;
    private int head;
    private int filled;

    public Lag(Node x, int bars) {
      super(bars + 1, bars + 1, x);
      this.x = x;
      this.ring = new double[bars];
    }

    @Override
    boolean movesWithinBar(boolean inputsMove) {
      return inputsMove && ring.length == 0;
    }

    @Override
    protected double compute() {
      if (ring.length == 0) {
        return x.out;
      }
      return filled == ring.length ? ring[head] : Double.NaN;
    }

    @Override
    protected void commit() {
      if (ring.length == 0) {
        return;
      }
      ring[head] = x.out;
      head = head + 1 == ring.length ? 0 : head + 1;
      filled = Math.min(filled + 1, ring.length);
    }
  }
}
