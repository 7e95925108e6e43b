package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import java.util.Arrays;

/**
 * Nodes over the last n bars, the present one included. All are NaN while a missing value is in the
 * window, and right again when it has left.
 */
public final class Windows {
  private Windows() {}

  /** How many values in a row have been equal. */
  private static final class Equals implements Stateful {
    private double newest = Double.NaN;
    private int count;

    /** With one that follows. */
    int with(double v) {
      return v == newest ? count + 1 : 1;
    }

    void commit(double v) {
      count = Math.min(with(v), Integer.MAX_VALUE - 1);
      newest = v;
    }

    @Override
    public void state(StateVisitor s) {
      newest = s.of(newest);
      count = s.of(count);
    }
  }

  /** Σx. */
  public static final class Sum extends SeriesNode {
    private final BlockSum window;

    public Sum(Node x, int period) {
      super(period, period, x);
      this.window = new BlockSum(period);
    }

    @Override
    double compute(double v) {
      return window.with(v);
    }

    @Override
    void commit(double v, double value) {
      window.commit(v);
    }

    @Override
    protected void history(StateVisitor s) {
      window.state(s);
    }
  }

  /** Σx / n; of equal values exactly that value. */
  public static final class Mean extends SeriesNode {
    private final int period;
    private final BlockSum window;
    private final Equals equals = new Equals();

    public Mean(Node x, int period) {
      super(period, period, x);
      this.period = period;
      this.window = new BlockSum(period);
    }

    @Override
    double compute(double v) {
      return equals.with(v) >= period ? v : window.with(v) / period;
    }

    @Override
    void commit(double v, double value) {
      window.commit(v);
      equals.commit(v);
    }

    @Override
    protected void history(StateVisitor s) {
      window.state(s);
      equals.state(s);
    }
  }

  /**
   * Weights n, n−1, … 1 from the newest to the oldest, divided by their sum; of equal values
   * exactly that value.
   *
   * <p>By blocks, as {@link BlockSum}: the weighted sums of the ends of the block before, and of
   * the present block with weights from 1, to which its plain sum is added for each value before.
   */
  public static final class LinearlyWeighted extends SeriesNode {
    private final int period;
    private final double share;

    /** Values of the present block below {@link #position}, weighted sums of ends from there. */
    private final double[] parts;

    private final Equals equals = new Equals();
    private int position;
    private double present;
    private double weighted;

    public LinearlyWeighted(Node x, int period) {
      super(period, period, x);
      this.period = period;
      this.share = 2.0 / ((double) period * (period + 1));
      this.parts = new double[Math.max(period - 1, 1)];
      Arrays.fill(parts, period == 1 ? 0 : Double.NaN);
    }

    @Override
    double compute(double v) {
      if (equals.with(v) >= period) {
        return v;
      }
      double before = parts[position] + (period - 1 - position) * present;
      return (before + weighted + period * v) * share;
    }

    @Override
    void commit(double v, double value) {
      equals.commit(v);
      if (period == 1) {
        return;
      }
      parts[position] = v;
      present += v;
      weighted += ++position * v;
      if (position == parts.length) {
        endBlock();
      }
    }

    private void endBlock() {
      double sum = 0;
      double ends = 0;
      for (int i = parts.length - 1; i >= 0; i--) {
        sum += parts[i];
        ends += sum;
        parts[i] = ends;
      }
      position = 0;
      present = 0;
      weighted = 0;
    }

    @Override
    protected void history(StateVisitor s) {
      s.of(parts);
      equals.state(s);
      position = s.of(position);
      present = s.of(present);
      weighted = s.of(weighted);
    }
  }

  /** The value n bars ago; n = 0 is the present one. */
  public static final class Lag extends SeriesNode {
    private final double[] ring;
    private int head;

    public Lag(Node x, int bars) {
      super(bars + 1, bars + 1, x);
      this.ring = new double[bars];
      Arrays.fill(ring, Double.NaN);
    }

    @Override
    boolean movesWithinBar(boolean inputsMove) {
      return inputsMove && ring.length == 0;
    }

    @Override
    double compute(double v) {
      return ring.length == 0 ? v : ring[head];
    }

    @Override
    void commit(double v, double value) {
      if (ring.length == 0) {
        return;
      }
      ring[head] = v;
      head = head + 1 == ring.length ? 0 : head + 1;
    }

    @Override
    protected void history(StateVisitor s) {
      s.of(ring);
      head = s.of(head);
    }
  }
}
