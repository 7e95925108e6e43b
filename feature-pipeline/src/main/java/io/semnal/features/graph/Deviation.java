package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import java.util.Arrays;

/**
 * Standard deviation of the last n values around their mean, divided by n (population), in O(1).
 *
 * <p>Runs on sums of d and d², where d is the distance to a centre, by blocks as {@link BlockSum}:
 * nothing is taken away from a sum. The centre is moved to the mean every n closes, and when a bar
 * closes with a mean so far from it that their difference would lose five digits. Thus equal values
 * give exactly zero, and a provisional value is always O(1). NaN while a missing value is in the
 * window.
 */
public final class Deviation extends SeriesNode {
  /** Below this share of Σd², Σd² − (Σd)²/n has lost five digits. */
  private static final double LOST = 1e-5;

  private final int length;

  /** 1 / n. */
  private final double share;

  /** 1 / (n − 1). */
  private final double ringShare;

  private final double[] ring;

  /** Of the block before: Σd and Σd² from each position to its end. */
  private final double[] sums;

  private final double[] squares;
  private int position;
  private double centre;

  /** Σd and Σd² of the present block. */
  private double presentSum;

  private double presentSquares;

  /** Σd and Σd² of what the next window begins with. */
  private double sum = Double.NaN;

  private double square = Double.NaN;

  /** Closes since a value was missing. */
  private int known;

  public Deviation(Node x, int period) {
    super(period, period, x);
    share = 1.0 / period;
    length = period - 1;
    ringShare = 1.0 / length;
    ring = new double[length];
    sums = new double[length];
    squares = new double[length];
    Arrays.fill(sums, Double.NaN);
    Arrays.fill(squares, Double.NaN);
  }

  @Override
  boolean movesWithinBar(boolean inputsMove) {
    return inputsMove;
  }

  @Override
  double compute(double v) {
    if (length == 0) {
      return v - v;
    }
    double d = v - centre;
    double total = square + d * d;
    if (total == 0) {
      return 0;
    }
    double first = sum + d;
    return Math.sqrt(Math.max(total - first * first * share, 0) * share);
  }

  @Override
  void commit(double v, double value) {
    if (length == 0) {
      return;
    }
    double d = v - centre;
    ring[position] = v;
    presentSum += d;
    presentSquares += d * d;
    known = Double.isNaN(v) ? 0 : Math.min(known, length) + 1;
    if (++position == length) {
      position = 0;
      rebuild();
      return;
    }
    sum = sums[position] + presentSum;
    square = squares[position] + presentSquares;
    if (known >= length && isWorn()) {
      rebuild();
    }
  }

  /** An overflow counts as worn. */
  private boolean isWorn() {
    return !(square - sum * sum * ringShare >= LOST * square);
  }

  /** Moves the centre to the mean; the pull of old prices ends here. */
  private void rebuild() {
    centre = Centre.of(ring, 0, length);
    double first = 0;
    double second = 0;
    for (int i = length - 1; i >= position; i--) {
      double d = ring[i] - centre;
      first += d;
      second += d * d;
      sums[i] = first;
      squares[i] = second;
    }
    presentSum = 0;
    presentSquares = 0;
    for (int i = 0; i < position; i++) {
      double d = ring[i] - centre;
      presentSum += d;
      presentSquares += d * d;
    }
    sum = sums[position] + presentSum;
    square = squares[position] + presentSquares;
  }

  @Override
  protected void history(StateVisitor s) {
    s.of(ring);
    s.of(sums);
    s.of(squares);
    position = s.of(position);
    centre = s.of(centre);
    presentSum = s.of(presentSum);
    presentSquares = s.of(presentSquares);
    sum = s.of(sum);
    square = s.of(square);
    known = s.of(known);
  }
}
