package io.semnal.features.graph;

/**
 * Wilder's parabolic stop-and-reverse (1978), begun rising at the first low.
 *
 * <p>The stop is held at or beyond the extremes of the two bars before, and a bar that pierces it
 * turns the trend: the stop is then the old trend's extreme. Two histories agree as soon as both
 * have turned on the same bars; no number of bars guarantees it, {@link #SETTLED} has been enough
 * in every trial.
 */
public final class ParabolicSar extends Node {
  static final int SETTLED = 500;

  private final Node high;
  private final Node low;
  private final double start;
  private final double step;
  private final double most;
  private final State state = new State();

  /** What the present bar would make of the state: recomputed with each update. */
  private final State next = new State();

  private static final class State {
    boolean rising = true;
    double sar = Double.NaN;
    double extreme;
    double acceleration;
    double high1;
    double low1;
    double high2 = Double.NaN;
    double low2 = Double.NaN;

    void set(State other) {
      rising = other.rising;
      sar = other.sar;
      extreme = other.extreme;
      acceleration = other.acceleration;
      high1 = other.high1;
      low1 = other.low1;
      high2 = other.high2;
      low2 = other.low2;
    }
  }

  public ParabolicSar(Node high, Node low, double start, double step, double most) {
    super(1, SETTLED, high, low);
    this.high = high;
    this.low = low;
    this.start = start;
    this.step = step;
    this.most = most;
  }

  @Override
  protected double compute() {
    double h = high.out;
    double l = low.out;
    if (Double.isNaN(h) || Double.isNaN(l)) {
      return Double.NaN;
    }
    next.set(state);
    if (Double.isNaN(state.sar)) {
      next.sar = l;
      next.extreme = h;
      next.acceleration = start;
    } else {
      advance(h, l);
    }
    next.high2 = Double.isNaN(state.sar) ? Double.NaN : state.high1;
    next.low2 = Double.isNaN(state.sar) ? Double.NaN : state.low1;
    next.high1 = h;
    next.low1 = l;
    return next.sar;
  }

  private void advance(double h, double l) {
    double sar = state.sar + state.acceleration * (state.extreme - state.sar);
    // Two bars are needed before the stop is held back by them.
    if (!Double.isNaN(state.high2)) {
      sar =
          state.rising
              ? Math.min(sar, Math.min(state.low1, state.low2))
              : Math.max(sar, Math.max(state.high1, state.high2));
    }
    if (state.rising ? l < sar : h > sar) {
      next.rising = !state.rising;
      next.sar = state.extreme;
      next.extreme = next.rising ? h : l;
      next.acceleration = start;
      return;
    }
    next.sar = sar;
    if (state.rising ? h > state.extreme : l < state.extreme) {
      next.extreme = state.rising ? h : l;
      next.acceleration = Math.min(state.acceleration + step, most);
    }
  }

  @Override
  protected void commit() {
    if (!Double.isNaN(out)) {
      state.set(next);
    }
  }
}
