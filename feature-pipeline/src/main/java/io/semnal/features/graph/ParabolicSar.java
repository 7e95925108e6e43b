package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;

/**
 * Wilder's parabolic stop-and-reverse (1978), begun rising at the first low.
 *
 * <p>The stop is held at or beyond the extremes of the two bars before, and a bar that pierces it
 * turns the trend: the stop is then the old trend's extreme. Two histories agree as soon as both
 * have turned on the same bars; no number of bars guarantees it. Warm when eight other beginnings,
 * at the first bar with warm inputs, have become one and the same state, bit for bit: rising and
 * falling, the stop at the bar and {@link #FAR} of the price away, accelerating least and most.
 * {@link #USUAL} bars are reckoned with.
 */
public final class ParabolicSar extends Node {
  static final int USUAL = 200;
  static final double FAR = 0.05;
  private static final int BEGINNINGS = 8;

  private final Node high;
  private final Node low;
  private final double start;
  private final double step;
  private final double most;
  private final State state = new State();

  /** What the present bar would make of the state: recomputed with each update. */
  private final State next = new State();

  /** Null once all are the same. */
  private State[] others = new State[BEGINNINGS];

  private static final class State implements Stateful {
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

    void begin(boolean rises, double stop, double reached, double speed) {
      rising = rises;
      sar = stop;
      extreme = reached;
      acceleration = speed;
    }

    boolean isSame(State other) {
      return rising == other.rising
          && sar == other.sar
          && extreme == other.extreme
          && acceleration == other.acceleration;
    }

    @Override
    public void state(StateVisitor s) {
      rising = s.of(rising);
      sar = s.of(sar);
      extreme = s.of(extreme);
      acceleration = s.of(acceleration);
      high1 = s.of(high1);
      low1 = s.of(low1);
      high2 = s.of(high2);
      low2 = s.of(low2);
    }
  }

  public ParabolicSar(Node high, Node low, double start, double step, double most) {
    super(1, 2, high, low);
    this.high = high;
    this.low = low;
    this.start = start;
    this.step = step;
    this.most = most;
    for (int i = 0; i < BEGINNINGS; i++) {
      others[i] = new State();
    }
  }

  @Override
  protected double compute() {
    double h = high.out;
    double l = low.out;
    if (Double.isNaN(h) || Double.isNaN(l)) {
      return Double.NaN;
    }
    if (Double.isNaN(state.sar)) {
      next.begin(true, l, h, start);
      next.high2 = Double.NaN;
      next.low2 = Double.NaN;
      next.high1 = h;
      next.low1 = l;
    } else {
      advance(state, h, l);
    }
    return next.sar;
  }

  /** Makes {@link #next} of another state. */
  private void advance(State from, double h, double l) {
    next.set(from);
    next.high2 = from.high1;
    next.low2 = from.low1;
    next.high1 = h;
    next.low1 = l;
    double sar = from.sar + from.acceleration * (from.extreme - from.sar);
    // Two bars are needed before the stop is held back by them.
    if (!Double.isNaN(from.high2)) {
      sar =
          from.rising
              ? Math.min(sar, Math.min(from.low1, from.low2))
              : Math.max(sar, Math.max(from.high1, from.high2));
    }
    if (from.rising ? l < sar : h > sar) {
      next.begin(!from.rising, from.extreme, from.rising ? l : h, start);
      return;
    }
    next.sar = sar;
    if (from.rising ? h > from.extreme : l < from.extreme) {
      next.extreme = from.rising ? h : l;
      next.acceleration = Math.min(from.acceleration + step, most);
    }
  }

  @Override
  protected void commit() {
    if (!Double.isNaN(out)) {
      state.set(next);
    }
  }

  @Override
  protected void history(StateVisitor s) {
    state.state(s);
    boolean open = s.of(others != null);
    if (!open) {
      others = null;
      return;
    }
    for (State other : others) {
      other.state(s);
    }
  }

  @Override
  protected boolean converged() {
    if (Double.isNaN(out)) {
      return false;
    }
    boolean same = true;
    for (int i = 0; i < BEGINNINGS; i++) {
      State other = others[i];
      if (Double.isNaN(other.sar)) {
        begin(other, i);
      } else {
        advance(other, state.high1, state.low1);
        other.set(next);
      }
      same &= other.isSame(state);
    }
    if (same) {
      others = null;
    }
    return same;
  }

  /** The bits of {@code number}: direction, distance, acceleration. */
  private void begin(State other, int number) {
    boolean rises = (number & 1) == 0;
    double h = state.high1;
    double l = state.low1;
    double far = (number & 2) == 0 ? 0 : FAR * Math.max(Math.abs(h), Math.abs(l));
    other.begin(rises, rises ? l - far : h + far, rises ? h : l, (number & 4) == 0 ? start : most);
    other.high1 = h;
    other.low1 = l;
  }

  @Override
  int usuallyWarmAfter() {
    return USUAL;
  }

  @Override
  String warmWhen() {
    return "eight other beginnings of the stop have become the same";
  }
}
