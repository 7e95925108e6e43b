package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import java.util.Arrays;

/**
 * How many bars ago the highest or lowest of the last n values was; among equals the newest counts.
 * NaN while a missing value is in the window. By blocks, as {@link Extreme}.
 */
public final class ExtremeAge extends SeriesNode {
  private final int period;

  /** +1 seeks the highest, −1 the lowest. */
  private final double sign;

  /** The present block's values, by position. */
  private final double[] block;

  /** The best of the block before, from each position to its end; nothing at its end. */
  private final double[] rest;

  /** Where in the block before that best stood. */
  private final int[] restAt;

  /** Where the next value goes; what the block before still gives to the window begins here. */
  private int position;

  /** The best of the present block and where it stands. */
  private double best = Double.NEGATIVE_INFINITY;

  private int bestAt;
  private long bar;
  private long lastMissing = Long.MIN_VALUE / 2;

  public ExtremeAge(Extreme.Kind kind, Node x, int period) {
    super(period, period, x);
    this.period = period;
    this.sign = kind == Extreme.Kind.HIGHEST ? 1 : -1;
    this.block = new double[period - 1];
    this.rest = new double[period];
    this.restAt = new int[period];
    Arrays.fill(rest, Double.NEGATIVE_INFINITY);
  }

  @Override
  double compute(double x) {
    double v = sign * x;
    if (bar < period - 1 || bar - lastMissing < period || Double.isNaN(v)) {
      return Double.NaN;
    }
    double before = rest[position];
    if (v >= best && v >= before) {
      return 0;
    }
    return best >= before ? position - bestAt : position + period - 1 - restAt[position];
  }

  @Override
  void commit(double x, double value) {
    double v = sign * x;
    bar++;
    if (Double.isNaN(v)) {
      lastMissing = bar - 1;
      v = Double.NEGATIVE_INFINITY;
    }
    if (period == 1) {
      return;
    }
    block[position] = v;
    bestAt = v >= best ? position : bestAt;
    best = v >= best ? v : best;
    if (++position == block.length) {
      endBlock();
    }
  }

  private void endBlock() {
    double most = Double.NEGATIVE_INFINITY;
    int mostAt = position;
    for (int i = position - 1; i >= 0; i--) {
      double v = block[i];
      mostAt = v > most ? i : mostAt;
      most = v > most ? v : most;
      rest[i] = most;
      restAt[i] = mostAt;
    }
    position = 0;
    best = Double.NEGATIVE_INFINITY;
  }

  @Override
  protected void history(StateVisitor s) {
    s.of(block);
    s.of(rest);
    s.of(restAt);
    position = s.of(position);
    best = s.of(best);
    bestAt = s.of(bestAt);
    bar = s.of(bar);
    lastMissing = s.of(lastMissing);
  }
}
