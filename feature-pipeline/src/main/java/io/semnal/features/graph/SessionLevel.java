package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * Extremes of the trading day so far, and what a series was when the day before ended. Days part at
 * 17:00 in New York; a bar belongs to the day in which it opens.
 *
 * <p>Warm when a day begins before the eyes of a warm series; as many bars as a day can hold are
 * reckoned with. A missing value is left out.
 */
public final class SessionLevel extends Node {
  /** Which one. */
  public enum Kind {
    /** Highest value since the day's first bar. */
    HIGHEST,
    /** Lowest value since the day's first bar. */
    LOWEST,
    /** Last value of the last day that had one. */
    PREVIOUS
  }

  private static final long LONGEST_DAY = 25 * 3_600L;

  private final Kind kind;
  private final Node x;
  private final GraphContext context;
  private long knownOpen = Long.MIN_VALUE;
  private long presentDay;
  private long day = Long.MIN_VALUE;

  /** Of the day: its extreme so far, or its last value. */
  private double own = Double.NaN;

  private double previous = Double.NaN;

  /** Whether the last committed bar began a day, and another one came before it. */
  private boolean turned;

  public SessionLevel(GraphContext context, Kind kind, Node x) {
    // The previous day's last value must have been warm already.
    super(1, 2, x);
    this.kind = kind;
    this.x = x;
    this.context = context;
  }

  @Override
  protected double compute() {
    long open = context.inputs().bar.openTime;
    if (open != knownOpen) {
      knownOpen = open;
      presentDay = context.calendar().nextRollover(open);
    }
    double v = x.out;
    boolean begins = presentDay != day || Double.isNaN(own);
    return switch (kind) {
      case HIGHEST -> begins ? v : Math.max(own, v);
      case LOWEST -> begins ? v : Math.min(own, v);
      case PREVIOUS -> presentDay != day && !Double.isNaN(own) ? own : previous;
    };
  }

  @Override
  protected void commit() {
    turned = presentDay != day && day != Long.MIN_VALUE;
    if (presentDay != day) {
      day = presentDay;
      previous = Double.isNaN(own) ? previous : own;
      own = Double.NaN;
    }
    double v = kind == Kind.PREVIOUS ? x.out : out;
    if (!Double.isNaN(v)) {
      own = v;
    }
  }

  @Override
  protected void history(StateVisitor s) {
    day = s.of(day);
    own = s.of(own);
    previous = s.of(previous);
    turned = s.of(turned);
  }

  @Override
  protected boolean converged() {
    return turned;
  }

  @Override
  int usuallyWarmAfter() {
    return (int) Math.ceilDiv(LONGEST_DAY, context.timeframe().seconds()) + 1;
  }

  @Override
  String warmWhen() {
    return "a day has begun";
  }
}
