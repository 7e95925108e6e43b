package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * Sum since the day's first bar, where days part at 17:00 in New York; a bar belongs to the day in
 * which it opens.
 *
 * <p>Warm from the first day on whose beginning has been seen; a day of 25 hours is reckoned with.
 * A missing value is left out: the sum is NaN on that bar only.
 */
public final class SessionSum extends Node {
  private static final long LONGEST_DAY = 25 * 3_600L;

  private final Node x;
  private final GraphContext context;
  private long knownOpen = Long.MIN_VALUE;
  private long presentDay;
  private long day = Long.MIN_VALUE;
  private double sum;
  private long firstWarmDay = Long.MIN_VALUE;

  public SessionSum(GraphContext context, Node x) {
    super(1, 2, x);
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
    return presentDay == day ? sum + x.out : x.out;
  }

  @Override
  protected void commit() {
    if (presentDay != day) {
      day = presentDay;
      sum = 0;
    }
    if (!Double.isNaN(out)) {
      sum = out;
    }
  }

  @Override
  protected void history(StateVisitor s) {
    day = s.of(day);
    sum = s.of(sum);
    firstWarmDay = s.of(firstWarmDay);
  }

  @Override
  protected boolean converged() {
    if (firstWarmDay == Long.MIN_VALUE) {
      firstWarmDay = day;
    }
    return day != firstWarmDay;
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
