package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import java.util.Arrays;

/**
 * Third or fourth moment of the last n values by the population's own deviation, in O(1): skewness,
 * or kurtosis in excess of the normal distribution's 3; 0 where flat. NaN while a missing value is
 * in the window.
 *
 * <p>Runs on sums of powers of d, the distance to a centre, by blocks as {@link BlockSum}: nothing
 * is taken away from a sum. The centre is the window's mean when it was last built anew. That
 * happens every n closes, and wherever the mean has moved away from the centre by more than {@link
 * #FAR} deviations: looked at when a bar closes, over the values that the next window begins with,
 * so that a provisional value never has to.
 */
public final class Moment extends SeriesNode {
  /** Squared, in deviations: then (1 + 8)⁴ of 10¹⁶ are lost to cancellation. */
  static final double FAR = 64;

  /** 1 / n. */
  private final double share;

  /** 1 / (n − 1). */
  private final double ringShare;

  private final boolean kurtosis;
  private final int length;
  private final double[] ring;

  /** Of the block before, from each position to its end: the sums of d, d², d³, d⁴, in a row. */
  private final double[] ends;

  /** How many sums there are. */
  private final int powers;

  private int position;
  private double centre;

  /** The sums of the present block. */
  private double present1;

  private double present2;
  private double present3;
  private double present4;

  /** The sums of what the next window begins with. */
  private double sum1 = Double.NaN;

  private double sum2 = Double.NaN;
  private double sum3 = Double.NaN;
  private double sum4 = Double.NaN;

  /** Closes since a value was missing. */
  private int known;

  /**
   * @param order 3: skewness; 4: kurtosis
   */
  public Moment(Node x, int period, int order) {
    super(period, period, x);
    share = 1.0 / period;
    ringShare = 1.0 / (period - 1);
    kurtosis = order == 4;
    length = period - 1;
    ring = new double[length];
    powers = order;
    ends = new double[powers * length];
    Arrays.fill(ends, Double.NaN);
  }

  @Override
  double compute(double v) {
    if (length == 0) {
      return v - v;
    }
    double d = v - centre;
    double square = d * d;
    double m = (sum1 + d) * share;
    double s2 = (sum2 + square) * share;
    double variance = s2 - m * m;
    if (variance <= 0) {
      return 0;
    }
    double s3 = (sum3 + square * d) * share;
    if (!kurtosis) {
      return (s3 - m * (3 * s2 - 2 * m * m)) / (variance * Math.sqrt(variance));
    }
    double s4 = (sum4 + square * square) * share;
    return (s4 - m * (4 * s3 - m * (6 * s2 - 3 * m * m))) / (variance * variance) - 3;
  }

  @Override
  void commit(double v, double value) {
    if (length == 0) {
      return;
    }
    ring[position] = v;
    grow(v);
    known = Double.isNaN(v) ? 0 : Math.min(known, length) + 1;
    if (++position == length) {
      position = 0;
      rebuild();
      return;
    }
    join();
    if (known >= length && isWorn()) {
      rebuild();
    }
  }

  /** Written so that an overflow counts as worn. */
  private boolean isWorn() {
    double shift = sum1 * sum1 * ringShare;
    return !(shift <= FAR * (sum2 - shift));
  }

  private void grow(double v) {
    double d = v - centre;
    double square = d * d;
    present1 += d;
    present2 += square;
    present3 += square * d;
    present4 += square * square;
  }

  private void join() {
    int at = powers * position;
    sum1 = ends[at] + present1;
    sum2 = ends[at + 1] + present2;
    sum3 = ends[at + 2] + present3;
    if (kurtosis) {
      sum4 = ends[at + 3] + present4;
    }
  }

  private void rebuild() {
    centre = Centre.of(ring, 0, length);
    clear();
    for (int i = length - 1; i >= position; i--) {
      grow(ring[i]);
      int at = powers * i;
      ends[at] = present1;
      ends[at + 1] = present2;
      ends[at + 2] = present3;
      if (kurtosis) {
        ends[at + 3] = present4;
      }
    }
    clear();
    for (int i = 0; i < position; i++) {
      grow(ring[i]);
    }
    join();
  }

  private void clear() {
    present1 = 0;
    present2 = 0;
    present3 = 0;
    present4 = 0;
  }

  @Override
  protected void history(StateVisitor s) {
    s.of(ring);
    s.of(ends);
    position = s.of(position);
    centre = s.of(centre);
    present1 = s.of(present1);
    present2 = s.of(present2);
    present3 = s.of(present3);
    present4 = s.of(present4);
    sum1 = s.of(sum1);
    sum2 = s.of(sum2);
    sum3 = s.of(sum3);
    sum4 = s.of(sum4);
    known = s.of(known);
  }
}
