package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import java.util.Arrays;

/**
 * Ehlers' homodyne discriminator: period and phase of a series' dominant cycle, by Hilbert
 * transforms of its smoothed and detrended values (Rocket Science for Traders, 2001).
 *
 * <p>The value is the period in bars, smoothed twice; {@link Phase} reads the angle. All filters
 * begin with zeros, after six values. What they began with fades by a fifth a bar, but the period
 * that they are tuned by is bounded and clamped: no number of bars makes two histories agree for
 * certain, {@link #SETTLED} has been enough in every trial. A missing value is left out.
 */
public final class DominantCycle extends Node {
  static final int SETTLED = 500;

  /** Values before the filters begin. */
  static final int LEAD = 6;

  private static final double OUTER = 0.0962;
  private static final double INNER = 0.5769;
  private static final double NEWEST = 0.2;
  private static final double KEPT = 0.8;
  private static final double DEGREES = 180 / Math.PI;

  private final Node x;
  private final State state = new State();

  /** What the present bar would make of the state: recomputed with each update. */
  private final State next = new State();

  private int seen;

  /** What a bar leaves behind; the arrays hold the six bars before, the newest first. */
  private static final class State implements Stateful {
    final double[] price = new double[LEAD];
    final double[] smooth = new double[LEAD];
    final double[] detrended = new double[LEAD];
    final double[] inPhase = new double[LEAD];
    final double[] quadrature = new double[LEAD];
    double i2;
    double q2;
    double re;
    double im;
    double period;
    double smoothPeriod;
    double phase;

    @Override
    public void state(StateVisitor s) {
      s.of(price);
      s.of(smooth);
      s.of(detrended);
      s.of(inPhase);
      s.of(quadrature);
      i2 = s.of(i2);
      q2 = s.of(q2);
      re = s.of(re);
      im = s.of(im);
      period = s.of(period);
      smoothPeriod = s.of(smoothPeriod);
      phase = s.of(phase);
    }
  }

  public DominantCycle(Node x) {
    super(LEAD + 1, SETTLED, x);
    this.x = x;
  }

  @Override
  protected double compute() {
    double v = x.out;
    if (Double.isNaN(v) || seen < LEAD) {
      return Double.NaN;
    }
    double[] p = state.price;
    double tuning = 0.075 * state.period + 0.54;
    double smooth = (4 * v + 3 * p[0] + 2 * p[1] + p[2]) / 10;
    double detrended = hilbert(smooth, state.smooth) * tuning;
    double quadrature = hilbert(detrended, state.detrended) * tuning;
    double inPhase = state.detrended[2];
    next.smooth[0] = smooth;
    next.detrended[0] = detrended;
    next.inPhase[0] = inPhase;
    next.quadrature[0] = quadrature;
    double jI = hilbert(inPhase, state.inPhase) * tuning;
    double jQ = hilbert(quadrature, state.quadrature) * tuning;
    discriminate(inPhase - jQ, quadrature + jI);
    next.smoothPeriod = 0.33 * next.period + 0.67 * state.smoothPeriod;
    next.phase = inPhase == 0 ? 0 : StrictMath.atan(quadrature / inPhase) * DEGREES;
    return next.smoothPeriod;
  }

  /** Turns the two components into a period that stays near the one before. */
  private void discriminate(double i2, double q2) {
    next.i2 = NEWEST * i2 + KEPT * state.i2;
    next.q2 = NEWEST * q2 + KEPT * state.q2;
    next.re = NEWEST * (next.i2 * state.i2 + next.q2 * state.q2) + KEPT * state.re;
    next.im = NEWEST * (next.i2 * state.q2 - next.q2 * state.i2) + KEPT * state.im;
    double period =
        next.im != 0 && next.re != 0 ? 2 * Math.PI / StrictMath.atan(next.im / next.re) : 0;
    period = Math.max(Math.min(period, 1.5 * state.period), 0.67 * state.period);
    next.period = NEWEST * Math.clamp(period, 6, 50) + KEPT * state.period;
  }

  /** Differences, so that equal values give exactly zero. */
  private static double hilbert(double now, double[] before) {
    return OUTER * (now - before[5]) + INNER * (before[1] - before[3]);
  }

  @Override
  protected void commit() {
    double v = x.out;
    if (Double.isNaN(v)) {
      return;
    }
    if (seen < LEAD) {
      seen++;
      push(state.price, v);
      return;
    }
    push(state.price, v);
    push(state.smooth, next.smooth[0]);
    push(state.detrended, next.detrended[0]);
    push(state.inPhase, next.inPhase[0]);
    push(state.quadrature, next.quadrature[0]);
    state.i2 = next.i2;
    state.q2 = next.q2;
    state.re = next.re;
    state.im = next.im;
    state.period = next.period;
    state.smoothPeriod = next.smoothPeriod;
    state.phase = next.phase;
  }

  @Override
  protected void history(StateVisitor s) {
    state.state(s);
    seen = s.of(seen);
  }

  private static void push(double[] newestFirst, double v) {
    System.arraycopy(newestFirst, 0, newestFirst, 1, newestFirst.length - 1);
    newestFirst[0] = v;
  }

  /** The cycle's angle, −90 to 90 degrees. */
  public static final class Phase extends Node {
    private final DominantCycle cycle;

    public Phase(DominantCycle cycle) {
      super(cycle);
      this.cycle = cycle;
    }

    @Override
    protected double compute() {
      return Double.isNaN(cycle.out) ? Double.NaN : cycle.next.phase;
    }
  }

  /**
   * Mean of the series over one period, then weighted 4 3 2 1 over four bars: the instantaneous
   * trendline. Looks back at most 50 bars, which is the longest period.
   */
  public static final class Trendline extends Node {
    private static final int LONGEST = 50;
    private static final int MEANS = 3;

    private final Node x;
    private final Node cycle;
    private final double[] ring = new double[LONGEST];
    private final double[] means = new double[MEANS];
    private int head;
    private double mean;

    public Trendline(Node x, DominantCycle cycle) {
      super(MEANS + 2, MEANS + 2, x, cycle);
      this.x = x;
      this.cycle = cycle;
      Arrays.fill(means, Double.NaN);
    }

    @Override
    protected double compute() {
      double v = x.out;
      if (Double.isNaN(v) || Double.isNaN(cycle.out)) {
        return Double.NaN;
      }
      int bars = (int) (cycle.out + 0.5);
      double sum = v;
      int at = head;
      for (int i = 1; i < bars; i++) {
        at = at == 0 ? LONGEST - 1 : at - 1;
        sum += ring[at];
      }
      mean = bars > 1 ? sum / bars : v;
      return (4 * mean + 3 * means[0] + 2 * means[1] + means[2]) / 10;
    }

    @Override
    protected void commit() {
      double v = x.out;
      if (Double.isNaN(v)) {
        return;
      }
      ring[head] = v;
      head = head + 1 == LONGEST ? 0 : head + 1;
      // The filter's first period is shorter than half a bar: there is no mean yet.
      if (cycle.out >= 0.5) {
        push(means, mean);
      }
    }

    @Override
    protected void history(StateVisitor s) {
      s.of(ring);
      s.of(means);
      head = s.of(head);
    }
  }
}
