package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * MESA adaptive moving average (Ehlers 2001): an exponential average whose weight is large where
 * the dominant cycle's phase jumps back, begun with the mean of the first six values.
 *
 * <p>Warm when the beginning's weight has fallen to 1e-6 even at the slow limit. A missing value is
 * left out.
 */
public final class MesaAverage extends Node {
  private final Node x;
  private final Node alpha;
  private int seen;

  /** Sum of the seed's values until it is complete, then the average. */
  private double state;

  /**
   * @param alpha the weight, from {@link Alpha}
   * @param slow limit that the warm-up reckons with
   */
  public MesaAverage(Node x, Node alpha, double slow) {
    super(1, 1 + Smoothed.barsToForget(slow), x, alpha);
    this.x = x;
    this.alpha = alpha;
  }

  @Override
  protected double compute() {
    double v = x.out;
    if (seen < DominantCycle.LEAD) {
      return seen == DominantCycle.LEAD - 1 ? (state + v) / DominantCycle.LEAD : Double.NaN;
    }
    return alpha.out * v + (1 - alpha.out) * state;
  }

  @Override
  protected void commit() {
    double v = x.out;
    if (Double.isNaN(v)) {
      return;
    }
    if (seen < DominantCycle.LEAD) {
      seen++;
      state = seen == DominantCycle.LEAD ? out : state + v;
    } else if (!Double.isNaN(out)) {
      state = out;
    }
  }

  @Override
  protected void history(StateVisitor s) {
    seen = s.of(seen);
    state = s.of(state);
  }

  /**
   * The weight: the fast limit by the phase's fall in degrees, at least 1, held at or above the
   * slow limit; the fast limit on the seed's last bar.
   */
  public static final class Alpha extends Node {
    private final Node x;
    private final Node phase;
    private final double fast;
    private final double slow;
    private int seen;
    private double before;

    public Alpha(Node x, DominantCycle.Phase phase, double fast, double slow) {
      super(1, 2, x, phase);
      this.x = x;
      this.phase = phase;
      this.fast = fast;
      this.slow = slow;
    }

    @Override
    protected double compute() {
      if (Double.isNaN(x.out) || seen < DominantCycle.LEAD - 1) {
        return Double.NaN;
      }
      if (seen == DominantCycle.LEAD - 1) {
        return fast;
      }
      return Math.max(fast / Math.max(before - phase.out, 1), slow);
    }

    @Override
    protected void commit() {
      if (!Double.isNaN(x.out)) {
        seen = Math.min(seen + 1, DominantCycle.LEAD);
        before = Double.isNaN(phase.out) ? 0 : phase.out;
      }
    }

    @Override
    protected void history(StateVisitor s) {
      seen = s.of(seen);
      before = s.of(before);
    }
  }
}
