package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * The value that a series had on the last bar on which a condition held (was neither zero nor
 * missing); a present bar counts.
 *
 * <p>Warm from the first bar on which the condition holds; {@link #USUAL} bars are reckoned with.
 */
public final class Held extends Node {
  private static final int USUAL = 100;

  private final Node condition;
  private final Node x;
  private double held = Double.NaN;

  public Held(Node condition, Node x) {
    super(condition, x);
    this.condition = condition;
    this.x = x;
  }

  @Override
  protected double compute() {
    return holds() ? x.out : held;
  }

  @Override
  protected void commit() {
    held = out;
  }

  @Override
  protected void history(StateVisitor s) {
    held = s.of(held);
  }

  @Override
  protected boolean converged() {
    return holds();
  }

  @Override
  int usuallyWarmAfter() {
    return USUAL;
  }

  @Override
  String warmWhen() {
    return "the condition has held once";
  }

  private boolean holds() {
    return condition.out != 0 && !Double.isNaN(condition.out);
  }
}
