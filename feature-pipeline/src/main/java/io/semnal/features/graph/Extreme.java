package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import java.util.Arrays;

/**
 * Highest or lowest of the last n values. NaN while a missing value is in the window.
 *
 * <p>Amortised O(1) by blocks (van Herk 1992, Gil and Werman 1993): of the last full block of n − 1
 * values the best from each position to its end is known, of the present block the best so far; a
 * window is an end of the one and the beginning of the other. Against a queue of candidates no
 * branch depends on the data, and branches foretold wrongly cost more than all else here. So {@link
 * Math#max} too must stand where a comparison would do: the compiler makes a branch of that.
 */
public final class Extreme extends SeriesNode {
  /** Which one. */
  public enum Kind {
    HIGHEST,
    LOWEST
  }

  /** +1 seeks the highest, −1 the lowest. */
  private final double sign;

  private final boolean single;

  /** Values of the present block below {@link #position}, the best of ends from there. */
  private final double[] parts;

  private int position;

  /** The best of the present block. */
  private double present = Double.NEGATIVE_INFINITY;

  public Extreme(Kind kind, Node x, int period) {
    super(period, period, x);
    this.sign = kind == Kind.HIGHEST ? 1 : -1;
    this.single = period == 1;
    this.parts = new double[Math.max(period - 1, 1)];
    Arrays.fill(parts, single ? Double.NEGATIVE_INFINITY : Double.NaN);
  }

  @Override
  double compute(double x) {
    return sign * Math.max(sign * x, Math.max(present, parts[position]));
  }

  @Override
  void commit(double x, double value) {
    if (single) {
      return;
    }
    double v = sign * x;
    parts[position] = v;
    present = Math.max(present, v);
    if (++position == parts.length) {
      endBlock();
    }
  }

  private void endBlock() {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = parts.length - 1; i >= 0; i--) {
      most = Math.max(most, parts[i]);
      parts[i] = most;
    }
    position = 0;
    present = Double.NEGATIVE_INFINITY;
  }

  @Override
  protected void history(StateVisitor s) {
    s.of(parts);
    position = s.of(position);
    present = s.of(present);
  }
}
