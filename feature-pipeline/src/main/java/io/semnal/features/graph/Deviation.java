package io.semnal.features.graph;

/**
 * Standard deviation of the last n values around their mean, divided by n (population), in O(1).
 *
 * <p>Runs on sums of d and d², where d is the distance to a recent value of the series. Where the
 * subtraction of the two would cost more than six digits (a window far flatter than its past), the
 * variance is computed afresh from the window, so that equal values give exactly zero and nothing
 * is ever negative. NaN while a missing value is in the window.
 */
public final class Deviation extends Node {
  /** Below this share of Σd², Σd² − (Σd)²/n has lost six digits. */
  private static final double LOST = 1e-6;

  /** A value that outweighs what it leaves behind by this much has left rounding errors there. */
  private static final double OUTWEIGHS = 0x1p40;

  private final Node x;
  private final int period;
  private final double[] ring;
  private int head;
  private int filled;
  private int missing;
  private double centre = Double.NaN;
  private double sum;
  private double sumError;
  private double squares;
  private double squaresError;

  public Deviation(Node x, int period) {
    super(period, period, x);
    this.x = x;
    this.period = period;
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
    double spread = total - first * first / period;
    return Math.sqrt((spread > LOST * total ? spread : afresh(v)) / period);
  }

  @Override
  protected void commit() {
    double v = x.out;
    if (ring.length == 0) {
      return;
    }
    double removed = 0;
    if (filled == ring.length) {
      removed = ring[head] - centre;
      take(ring[head], -1);
    } else {
      filled++;
    }
    ring[head] = v;
    if (Double.isNaN(centre)) {
      centre = v;
    }
    take(v, 1);
    if (++head == ring.length) {
      head = 0;
      rebuild(v);
    } else if (removed * removed > OUTWEIGHS * squares) {
      rebuild(v);
    }
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

  /** Centres on the newest value; errors and the pull of old prices end here. */
  private void rebuild(double newest) {
    if (!Double.isNaN(newest)) {
      centre = newest;
    }
    sum = 0;
    sumError = 0;
    squares = 0;
    squaresError = 0;
    missing = 0;
    for (int i = 0; i < filled; i++) {
      take(ring[i], 1);
    }
  }

  /** Σ(x − mean)², two passes around the newest value. */
  private double afresh(double v) {
    double mean = 0;
    for (double other : ring) {
      mean += other - v;
    }
    mean /= period;
    double result = mean * mean;
    for (double other : ring) {
      double d = other - v - mean;
      result += d * d;
    }
    return result;
  }
}
