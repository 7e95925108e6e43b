package io.semnal.features.graph;

/**
 * Standard deviation of the last n values around their mean, divided by n (population), in O(1).
 *
 * <p>Runs on sums of d and d², where d is the distance to a centre that is moved to the mean every
 * n closes, and when a bar closes with a mean so far from it that their difference would lose five
 * digits, or with squares so much smaller than before that rounding errors of the past would show:
 * see {@link Moment}. Thus equal values give exactly zero, and a provisional value is always O(1).
 * NaN while a missing value is in the window.
 */
public final class Deviation extends Node {
  /** Below this share of Σd², Σd² − (Σd)²/n has lost five digits. */
  private static final double LOST = 1e-5;

  /** Squares that have fallen below this part of their highest are summed anew. */
  private static final double FADED = 0x1p-40;

  private final Node x;
  private final int period;

  /** 1 / (n − 1). */
  private final double ringShare;

  private final double[] ring;
  private int head;
  private int filled;
  private int missing;
  private double centre;
  private double sum;
  private double sumError;
  private double squares;
  private double squaresError;
  private double peak;

  public Deviation(Node x, int period) {
    super(period, period, x);
    this.x = x;
    this.period = period;
    this.ringShare = 1.0 / (period - 1);
    this.ring = new double[period - 1];
  }

  @Override
  boolean movesWithinBar(boolean inputsMove) {
    return inputsMove;
  }

  @Override
  protected double compute() {
    double v = x.out;
    if (filled < ring.length || missing > 0 || Double.isNaN(v)) {
      return Double.NaN;
    }
    if (ring.length == 0) {
      return 0;
    }
    double d = v - centre;
    double total = squares + d * d + squaresError;
    if (total == 0) {
      return 0;
    }
    double first = sum + d + sumError;
    return Math.sqrt(Math.max(total - first * first / period, 0) / period);
  }

  @Override
  protected void commit() {
    double v = x.out;
    if (ring.length == 0) {
      return;
    }
    if (filled == ring.length) {
      take(ring[head], -1);
    } else {
      filled++;
    }
    ring[head] = v;
    take(v, 1);
    peak = Math.max(peak, squares);
    if (++head == ring.length) {
      head = 0;
      rebuild();
    } else if (filled == ring.length && missing == 0 && isWorn()) {
      rebuild();
    }
  }

  /** Asked for the values that the next window begins with; an overflow counts as worn. */
  private boolean isWorn() {
    double total = squares + squaresError;
    double first = sum + sumError;
    double spread = total - first * first * ringShare;
    return !(spread >= LOST * total && total >= FADED * peak);
  }

  private void take(double v, int sign) {
    if (Double.isNaN(v)) {
      missing += sign;
      return;
    }
    double d = v - centre;
    add(sign * d);
    addSquare(sign * (d * d));
  }

  private void add(double v) {
    double total = sum + v;
    double part = total - sum;
    sumError += (sum - (total - part)) + (v - part);
    sum = total;
  }

  private void addSquare(double v) {
    double total = squares + v;
    double part = total - squares;
    squaresError += (squares - (total - part)) + (v - part);
    squares = total;
  }

  /** Errors and the pull of old prices end here. */
  private void rebuild() {
    centre = Centre.of(ring, 0, filled);
    sum = 0;
    sumError = 0;
    squares = 0;
    squaresError = 0;
    missing = 0;
    for (int i = 0; i < filled; i++) {
      take(ring[i], 1);
    }
    peak = squares;
  }
}
