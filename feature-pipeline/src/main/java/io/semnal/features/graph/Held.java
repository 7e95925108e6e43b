package io.semnal.features.graph;

/**
 * The value that a series had on the last bar on which a condition held (was neither zero nor
 * missing); a present bar counts.
 *
 * <p>Two histories agree from the first bar on which the condition holds in both; no number of bars
 * guarantees one, {@link #SETTLED} are reckoned with.
 */
public final class Held extends Node {
  static final int SETTLED = 100;

  private final Node condition;
  private final Node x;
  private double held = Double.NaN;

  public Held(Node condition, Node x) {
    super(1, SETTLED, condition, x);
    this.condition = condition;
    this.x = x;
  }

  @Override
  protected double compute() {
    double holds = condition.out;
    return holds == 0 || Double.isNaN(holds) ? held : x.out;
  }

  @Override
  protected void commit() {
    held = out;
  }
}
