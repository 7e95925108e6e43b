package io.semnal.features.graph;

/**
 * A band that only tightens until the close leaves it (Seban), begun bullish where the first close
 * is not below the centre.
 *
 * <p>Two histories agree as soon as both have turned on the same bars; no number of bars guarantees
 * it, {@link #SETTLED} has been enough in every trial.
 */
public final class SuperTrend extends Node {
  static final int SETTLED = 500;

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

  public SuperTrend(Node centre, Node width, Node close) {
    super(1, SETTLED, centre, width, close);
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
}
