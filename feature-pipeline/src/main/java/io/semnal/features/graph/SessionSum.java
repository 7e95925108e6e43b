package io.semnal.features.graph;

/**
 * Sum since the day's first bar, where days part at 17:00 in New York; a bar belongs to the day in
 * which it opens.
 *
 * <p>Warm after as many bars as a day can hold: a day that began before the history is over by
 * then. A missing value is left out: the sum is NaN on that bar only.
 */
public final class SessionSum extends Node {
  private static final long DAY = 86_400L;

  private final Node x;
  private final GraphContext context;
  private long knownOpen = Long.MIN_VALUE;
  private long presentDay;
  private long day = Long.MIN_VALUE;
  private double sum;

  public SessionSum(GraphContext context, Node x) {
    super(1, (int) Math.ceilDiv(DAY, context.timeframe().seconds()), x);
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
}
