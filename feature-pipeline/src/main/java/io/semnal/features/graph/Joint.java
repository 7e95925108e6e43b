package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * How one series moves with another over the last n bars, in O(1): correlation, or slope of the
 * first on the second; 0 where one of them is flat. NaN while a missing value is in the window.
 *
 * <p>Runs on sums of products of distances to a centre of each series, in two doubles each; built
 * anew every n closes or every {@link #LONGEST}, and wherever a mean has moved away from its centre
 * by more than {@link Moment#FAR} deviations or the squares have faded.
 */
public final class Joint extends Node {
  /** Squares that have fallen below this part of their highest are summed anew. */
  private static final double FADED = 0x1p-26;

  /** A short window needs no new sums each time its ring has gone round. */
  private static final int LONGEST = 256;

  private final Node x;
  private final Node y;
  private final double share;
  private final double ringShare;
  private final boolean slope;
  private final double[] xs;
  private final double[] ys;

  /** Closes between two rebuilds. */
  private final int longest;

  private final CompensatedSum sumX = new CompensatedSum();
  private final CompensatedSum sumY = new CompensatedSum();
  private final CompensatedSum squaresX = new CompensatedSum();
  private final CompensatedSum squaresY = new CompensatedSum();
  private final CompensatedSum products = new CompensatedSum();
  private int head;
  private int filled;
  private int missing;
  private double centreX;
  private double centreY;
  private double peakX;
  private double peakY;
  private int age;

  /**
   * @param slope cov(x, y) / var(y) instead of the correlation
   */
  public Joint(Node x, Node y, int period, boolean slope) {
    super(period, period, x, y);
    this.x = x;
    this.y = y;
    this.share = 1.0 / period;
    this.ringShare = 1.0 / (period - 1);
    this.slope = slope;
    this.xs = new double[period - 1];
    this.ys = new double[period - 1];
    this.longest = Math.max(period, LONGEST);
    this.age = longest;
  }

  @Override
  protected double compute() {
    double vx = x.out;
    double vy = y.out;
    if (filled < xs.length || missing > 0 || Double.isNaN(vx) || Double.isNaN(vy)) {
      return Double.NaN;
    }
    double dx = vx - centreX;
    double dy = vy - centreY;
    double meanX = (sumX.value() + dx) * share;
    double meanY = (sumY.value() + dy) * share;
    double xx = (squaresX.value() + dx * dx) * share - meanX * meanX;
    double yy = (squaresY.value() + dy * dy) * share - meanY * meanY;
    if (xs.length == 0 || !(xx > 0 && yy > 0)) {
      return 0;
    }
    double xy = (products.value() + dx * dy) * share - meanX * meanY;
    if (slope) {
      return xy / yy;
    }
    return Math.max(-1, Math.min(1, xy / (Math.sqrt(xx) * Math.sqrt(yy))));
  }

  @Override
  protected void commit() {
    if (xs.length == 0) {
      return;
    }
    if (filled == xs.length) {
      take(xs[head], ys[head], -1);
    } else {
      filled++;
    }
    xs[head] = x.out;
    ys[head] = y.out;
    take(x.out, y.out, 1);
    head = head + 1 == xs.length ? 0 : head + 1;
    age++;
    peakX = Math.max(peakX, squaresX.value());
    peakY = Math.max(peakY, squaresY.value());
    if (filled == xs.length && missing == 0 && (age >= longest || isWorn())) {
      rebuild();
    }
  }

  private boolean isWorn() {
    return isWorn(sumX.value(), squaresX.value(), peakX)
        || isWorn(sumY.value(), squaresY.value(), peakY);
  }

  private boolean isWorn(double sum, double squares, double peak) {
    double shift = sum * sum * ringShare;
    return !(shift <= Moment.FAR * (squares - shift) && squares >= FADED * peak);
  }

  private void take(double vx, double vy, int sign) {
    if (Double.isNaN(vx) || Double.isNaN(vy)) {
      missing += sign;
      return;
    }
    double dx = vx - centreX;
    double dy = vy - centreY;
    sumX.add(sign * dx);
    sumY.add(sign * dy);
    squaresX.add(sign * (dx * dx));
    squaresY.add(sign * (dy * dy));
    products.add(sign * (dx * dy));
  }

  private void rebuild() {
    centreX = Centre.of(xs, 0, filled);
    centreY = Centre.of(ys, 0, filled);
    sumX.clear();
    sumY.clear();
    squaresX.clear();
    squaresY.clear();
    products.clear();
    missing = 0;
    age = 0;
    for (int i = 0; i < filled; i++) {
      take(xs[i], ys[i], 1);
    }
    peakX = squaresX.value();
    peakY = squaresY.value();
  }

  @Override
  protected void history(StateVisitor s) {
    s.of(xs);
    s.of(ys);
    sumX.state(s);
    sumY.state(s);
    squaresX.state(s);
    squaresY.state(s);
    products.state(s);
    head = s.of(head);
    filled = s.of(filled);
    missing = s.of(missing);
    centreX = s.of(centreX);
    centreY = s.of(centreY);
    peakX = s.of(peakX);
    peakY = s.of(peakY);
    age = s.of(age);
  }
}
