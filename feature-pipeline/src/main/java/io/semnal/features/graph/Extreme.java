package io.semnal.features.graph;

import java.util.Arrays;

/**
 * Highest or lowest of the last n values, or how many bars ago it was. Among equals the newest
 * counts. NaN while a missing value is in the window.
 *
 * <p>Amortised O(1) by blocks (van Herk 1992, Gil and Werman 1993): of the last full block of n − 1
 * values the best from each position to its end is known, of the present block the best so far; a
 * window is an end of the one and the beginning of the other. Against a queue of candidates no
 * branch depends on the data, and branches foretold wrongly cost more than all else here.
 */
public final class Extreme extends Node {
  /** Which one. */
  public enum Kind {
    HIGHEST,
    LOWEST,
    BARS_SINCE_HIGHEST,
    BARS_SINCE_LOWEST
  }

  private final Node x;
  private final int period;

  /** +1 seeks the highest, −1 the lowest. */
  private final double sign;

  private final boolean age;

  /** The present block's values, by position. */
  private final double[] block;

  /** The best of the block before, from each position to its end; nothing at its end. */
  private final double[] rest;

  /** Where in the block before that best stood; unused where no age is asked for. */
  private final int[] restAt;

  /** Where the next value goes; what the block before still gives to the window begins here. */
  private int position;

  /** The best of the present block and where it stands. */
  private double best = Double.NEGATIVE_INFINITY;

  private int bestAt;
  private long bar;
  private long lastMissing = Long.MIN_VALUE / 2;

  public Extreme(Kind kind, Node x, int period) {
    super(period, period, x);
    this.x = x;
    this.period = period;
    this.sign = kind == Kind.HIGHEST || kind == Kind.BARS_SINCE_HIGHEST ? 1 : -1;
    this.age = kind == Kind.BARS_SINCE_HIGHEST || kind == Kind.BARS_SINCE_LOWEST;
    this.block = new double[period - 1];
    this.rest = new double[period];
    this.restAt = new int[age ? period : 0];
    Arrays.fill(rest, Double.NEGATIVE_INFINITY);
  }

  @Override
  protected double compute() {
    double v = sign * x.out;
    if (bar < period - 1 || bar - lastMissing < period || Double.isNaN(v)) {
      return Double.NaN;
    }
    double before = rest[position];
    if (age) {
      return age(v, before);
    }
    double committed = best >= before ? best : before;
    return sign * (v >= committed ? v : committed);
  }

  private double age(double v, double before) {
    if (v >= best && v >= before) {
      return 0;
    }
    return best >= before ? position - bestAt : position + period - 1 - restAt[position];
  }

  @Override
  protected void commit() {
    double v = sign * x.out;
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
      if (age) {
        restAt[i] = mostAt;
      }
    }
    position = 0;
    best = Double.NEGATIVE_INFINITY;
  }
}
