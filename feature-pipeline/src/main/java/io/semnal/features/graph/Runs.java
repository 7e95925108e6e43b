package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;

/**
 * Nodes over the present run of rises or falls. Their memory is as long as the run: they are warm
 * from the first run on whose beginning has been seen; {@link #USUAL} bars are reckoned with.
 */
public final class Runs {
  static final int USUAL = 50;

  private Runs() {}

  /**
   * How many bars in a row x has risen (positive) or fallen (negative); 0 where it stands still.
   */
  public static final class Streak extends Node {
    private final Node x;
    private double before = Double.NaN;
    private double streak;
    private int warmValues;

    public Streak(Node x) {
      super(2, 2, x);
      this.x = x;
    }

    @Override
    protected double compute() {
      double v = x.out;
      if (Double.isNaN(before) || Double.isNaN(v)) {
        return Double.NaN;
      }
      double sign = Math.signum(v - before);
      return sign * streak > 0 ? streak + sign : sign;
    }

    @Override
    protected void commit() {
      if (!Double.isNaN(x.out)) {
        streak = Double.isNaN(out) ? 0 : out;
        before = x.out;
      }
    }

    @Override
    protected void history(StateVisitor s) {
      before = s.of(before);
      streak = s.of(streak);
      warmValues = s.of(warmValues);
    }

    /** Two changes are needed to tell a turn from a first direction, one to stand still. */
    @Override
    protected boolean converged() {
      if (Double.isNaN(x.out)) {
        return false;
      }
      warmValues++;
      return warmValues >= 2 && streak == 0 || warmValues >= 3 && Math.abs(streak) == 1;
    }

    @Override
    int usuallyWarmAfter() {
      return USUAL;
    }

    @Override
    String warmWhen() {
      return "the series has turned or stood still once";
    }
  }

  /** Sum of x over the bars in which a sign has been the same, and the one bar before them. */
  public static final class RunSum extends Node {
    private final Node x;
    private final Node sign;
    private double beforeX = Double.NaN;
    private double beforeSign = Double.NaN;
    private double sum;
    private double warmSign = Double.NaN;

    public RunSum(Node x, Node sign) {
      super(2, 2, x, sign);
      this.x = x;
      this.sign = sign;
    }

    @Override
    protected double compute() {
      double v = x.out;
      double s = sign.out;
      if (Double.isNaN(s)) {
        return Double.NaN;
      }
      return s == beforeSign ? sum + v : beforeX + v;
    }

    @Override
    protected void commit() {
      if (Double.isNaN(x.out) || Double.isNaN(sign.out)) {
        return;
      }
      sum = Double.isNaN(out) ? x.out : out;
      beforeX = x.out;
      beforeSign = sign.out;
    }

    @Override
    protected void history(StateVisitor s) {
      beforeX = s.of(beforeX);
      beforeSign = s.of(beforeSign);
      sum = s.of(sum);
      warmSign = s.of(warmSign);
    }

    @Override
    protected boolean converged() {
      if (Double.isNaN(x.out) || Double.isNaN(sign.out)) {
        return false;
      }
      boolean turned = !Double.isNaN(warmSign) && sign.out != warmSign;
      warmSign = sign.out;
      return turned;
    }

    @Override
    int usuallyWarmAfter() {
      return USUAL;
    }

    @Override
    String warmWhen() {
      return "the sign has changed once";
    }
  }
}
