package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import java.util.Arrays;

/**
 * Σ gᵢ xᵢ over a window that slides, where gᵢ lies on a Gaussian bell, in O(1).
 *
 * <p>Inside the window the bell equals a short series of cosines whose period is so long that the
 * bell's repetition lies more than eight widths outside; by Poisson's summation formula the
 * cosines' weights are a bell too, so that some twenty suffice for all sixteen digits. Each
 * cosine's sum turns by its own angle when the window slides, loses the oldest value and takes in
 * the newest (sliding Fourier transform, Jacobsen and Lyons 2003). Turning leaves rounding errors
 * behind: a second set of sums grows from nothing and takes the first one's place each time the
 * window has gone by.
 */
final class GaussianSum implements Stateful {
  /** Beyond so many widths, the bell is below 1e-17 of its top. */
  static final double REACH = 8.85;

  private final int length;

  // Per cosine: the angle of one bar, what a value enters and leaves with.
  private final double[] turnRe;
  private final double[] turnIm;
  private final double[] enterRe;
  private final double[] enterIm;
  private final double[] leaveRe;
  private final double[] leaveIm;

  // The sums in use, and those that grow.
  private double[] re;
  private double[] im;
  private double[] newRe;
  private double[] newIm;
  private int grown;

  /**
   * @param first distance of the oldest value from the bell's top, in bars
   * @param length how many values
   * @param width the bell's standard deviation, in bars
   * @param scale the bell's top
   */
  GaussianSum(double first, int length, double width, double scale) {
    this.length = length;
    double last = first + length - 1;
    double period = Math.max(Math.abs(first), Math.abs(last)) + REACH * width;
    int cosines = 1 + (int) Math.ceil(REACH * period / (2 * Math.PI * width));
    turnRe = new double[cosines];
    turnIm = new double[cosines];
    enterRe = new double[cosines];
    enterIm = new double[cosines];
    leaveRe = new double[cosines];
    leaveIm = new double[cosines];
    re = new double[cosines];
    im = new double[cosines];
    newRe = new double[cosines];
    newIm = new double[cosines];
    for (int k = 0; k < cosines; k++) {
      double angle = 2 * Math.PI * k / period;
      double share = angle * width;
      double weight =
          (k == 0 ? 1 : 2)
              * scale
              * (width * Math.sqrt(2 * Math.PI) / period)
              * StrictMath.exp(-share * share / 2);
      turnRe[k] = StrictMath.cos(angle);
      turnIm[k] = -StrictMath.sin(angle);
      enterRe[k] = weight * StrictMath.cos(angle * last);
      enterIm[k] = weight * StrictMath.sin(angle * last);
      leaveRe[k] = weight * StrictMath.cos(angle * first);
      leaveIm[k] = weight * StrictMath.sin(angle * first);
    }
  }

  /** The window slides by one value. */
  void slide(double leaving, double entering) {
    for (int k = 0; k < re.length; k++) {
      double a = re[k] - leaving * leaveRe[k];
      double b = im[k] - leaving * leaveIm[k];
      re[k] = a * turnRe[k] - b * turnIm[k] + entering * enterRe[k];
      im[k] = a * turnIm[k] + b * turnRe[k] + entering * enterIm[k];
    }
    grow(entering);
  }

  /** Takes the next value into the sums that grow; the last one makes them the ones in use. */
  void grow(double entering) {
    for (int k = 0; k < newRe.length; k++) {
      double a = newRe[k];
      double b = newIm[k];
      newRe[k] = a * turnRe[k] - b * turnIm[k] + entering * enterRe[k];
      newIm[k] = a * turnIm[k] + b * turnRe[k] + entering * enterIm[k];
    }
    if (++grown == length) {
      double[] oldRe = re;
      double[] oldIm = im;
      re = newRe;
      im = newIm;
      newRe = oldRe;
      newIm = oldIm;
      startAnew();
    }
  }

  /** The sums that grow begin with nothing. */
  void startAnew() {
    Arrays.fill(newRe, 0);
    Arrays.fill(newIm, 0);
    grown = 0;
  }

  double value() {
    double even = 0;
    double odd = 0;
    int k = 0;
    for (; k + 1 < re.length; k += 2) {
      even += re[k];
      odd += re[k + 1];
    }
    return k < re.length ? even + re[k] + odd : even + odd;
  }

  @Override
  public void state(StateVisitor s) {
    s.of(re);
    s.of(im);
    s.of(newRe);
    s.of(newIm);
    grown = s.of(grown);
  }
}
