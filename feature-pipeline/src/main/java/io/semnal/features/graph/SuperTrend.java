package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * A band that only tightens until the close leaves it (Seban), begun bullish where the first close
 * is not below the centre.
 *
 * <p>Warm when every band and direction that an earlier history could have left has become the
 * same: from the first bar with warm inputs on, the range of possible bands, at first all numbers,
 * is narrowed by the rule itself until it is one number. {@link #USUAL} bars are reckoned with.
 */
public final class SuperTrend extends Node {
  static final int USUAL = 500;

  private final Node centre;
  private final Node width;
  private final Node close;
  private double upper = Double.NaN;
  private double lower;
  private double before;
  private boolean bullish;

  /** What the present bar would make of the state: recomputed with each update. */
  private double nextUpper;

  private double nextLower;
  private boolean nextBullish;

  // What the state may be, whatever came before; kept until only one possibility is left.
  private double upperFrom = Double.NEGATIVE_INFINITY;
  private double upperTo = Double.POSITIVE_INFINITY;
  private double lowerFrom = Double.NEGATIVE_INFINITY;
  private double lowerTo = Double.POSITIVE_INFINITY;
  private double closeBefore = Double.NaN;
  private boolean directionKnown;
  private boolean wasBullish;

  public SuperTrend(Node centre, Node width, Node close) {
    super(1, 2, centre, width, close);
    this.centre = centre;
    this.width = width;
    this.close = close;
  }

  @Override
  protected double compute() {
    double c = close.out;
    double high = centre.out + width.out;
    double low = centre.out - width.out;
    if (Double.isNaN(c) || Double.isNaN(high)) {
      return Double.NaN;
    }
    boolean first = Double.isNaN(upper);
    nextUpper = first || high < upper || before > upper ? high : upper;
    nextLower = first || low > lower || before < lower ? low : lower;
    boolean was = first ? c >= centre.out : bullish;
    nextBullish = c > (was ? nextLower : nextUpper);
    return nextBullish ? nextLower : nextUpper;
  }

  @Override
  protected void commit() {
    if (!Double.isNaN(out)) {
      upper = nextUpper;
      lower = nextLower;
      bullish = nextBullish;
      before = close.out;
    }
  }

  @Override
  protected void history(StateVisitor s) {
    upper = s.of(upper);
    lower = s.of(lower);
    before = s.of(before);
    bullish = s.of(bullish);
    upperFrom = s.of(upperFrom);
    upperTo = s.of(upperTo);
    lowerFrom = s.of(lowerFrom);
    lowerTo = s.of(lowerTo);
    closeBefore = s.of(closeBefore);
    directionKnown = s.of(directionKnown);
    wasBullish = s.of(wasBullish);
  }

  @Override
  protected boolean converged() {
    if (Double.isNaN(out)) {
      return false;
    }
    narrowUpper(centre.out + width.out);
    narrowLower(centre.out - width.out);
    closeBefore = close.out;
    narrowDirection(close.out);
    return directionKnown && upperFrom == upperTo && lowerFrom == lowerTo;
  }

  /** A band above {@code high} or below the close before becomes {@code high}; others stay. */
  private void narrowUpper(double high) {
    double from = Double.isNaN(closeBefore) ? upperFrom : Math.max(upperFrom, closeBefore);
    boolean moves = Double.isNaN(closeBefore) || closeBefore > upperFrom || high < upperTo;
    boolean all = from > Math.min(upperTo, high);
    upperFrom = all ? high : from;
    upperTo = moves ? high : upperTo;
  }

  private void narrowLower(double low) {
    double to = Double.isNaN(closeBefore) ? lowerTo : Math.min(lowerTo, closeBefore);
    boolean moves = Double.isNaN(closeBefore) || closeBefore < lowerTo || low > lowerFrom;
    boolean all = to < Math.max(lowerFrom, low);
    lowerTo = all ? low : to;
    lowerFrom = moves ? low : lowerFrom;
  }

  /** Known once the close lies beyond both bands wherever they are; then told by its own band. */
  private void narrowDirection(double c) {
    double from = wasBullish ? lowerFrom : upperFrom;
    double to = wasBullish ? lowerTo : upperTo;
    directionKnown =
        c > Math.max(upperTo, lowerTo)
            || c <= Math.min(upperFrom, lowerFrom)
            || (directionKnown && (c > to || c <= from));
    wasBullish = bullish;
  }

  @Override
  int usuallyWarmAfter() {
    return USUAL;
  }

  @Override
  String warmWhen() {
    return "all earlier bands would have become the same";
  }
}
