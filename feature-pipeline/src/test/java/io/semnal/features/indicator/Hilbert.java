package io.semnal.features.indicator;

import static java.lang.Double.NaN;

import java.util.Arrays;

/** Ehlers' homodyne discriminator over whole arrays, bar by bar as his listing has it. */
final class Hilbert {
  final double[] smoothPeriod;
  final double[] phase;
  private final double[] x;
  private final double[] period;
  private final double[] smooth;
  private final double[] detrender;
  private final double[] i1;
  private final double[] q1;
  private final double[] i2;
  private final double[] q2;
  private final double[] re;
  private final double[] im;

  Hilbert(double[] x) {
    this.x = x;
    int n = x.length;
    smoothPeriod = new double[n];
    phase = new double[n];
    period = new double[n];
    smooth = new double[n];
    detrender = new double[n];
    i1 = new double[n];
    q1 = new double[n];
    i2 = new double[n];
    q2 = new double[n];
    re = new double[n];
    im = new double[n];
    for (int i = 6; i < n; i++) {
      advance(i);
    }
    Arrays.fill(smoothPeriod, 0, Math.min(6, n), NaN);
    Arrays.fill(phase, 0, Math.min(6, n), NaN);
  }

  private void advance(int i) {
    double adjust = 0.075 * period[i - 1] + 0.54;
    smooth[i] = 0.4 * x[i] + 0.3 * x[i - 1] + 0.2 * x[i - 2] + 0.1 * x[i - 3];
    detrender[i] = transform(smooth, i) * adjust;
    q1[i] = transform(detrender, i) * adjust;
    i1[i] = detrender[i - 3];
    double jI = transform(i1, i) * adjust;
    double jQ = transform(q1, i) * adjust;
    i2[i] = 0.2 * (i1[i] - jQ) + 0.8 * i2[i - 1];
    q2[i] = 0.2 * (q1[i] + jI) + 0.8 * q2[i - 1];
    re[i] = 0.2 * (i2[i] * i2[i - 1] + q2[i] * q2[i - 1]) + 0.8 * re[i - 1];
    im[i] = 0.2 * (i2[i] * q2[i - 1] - q2[i] * i2[i - 1]) + 0.8 * im[i - 1];
    double p = im[i] != 0 && re[i] != 0 ? 360 / Math.toDegrees(Math.atan(im[i] / re[i])) : 0;
    if (p > 1.5 * period[i - 1]) {
      p = 1.5 * period[i - 1];
    }
    if (p < 0.67 * period[i - 1]) {
      p = 0.67 * period[i - 1];
    }
    p = p < 6 ? 6 : p > 50 ? 50 : p;
    period[i] = 0.2 * p + 0.8 * period[i - 1];
    double before = i == 6 ? 0 : smoothPeriod[i - 1];
    smoothPeriod[i] = 0.33 * period[i] + 0.67 * before;
    phase[i] = i1[i] == 0 ? 0 : Math.toDegrees(Math.atan(q1[i] / i1[i]));
  }

  /** Rounding must not make a flat market turn: equal values give zero. */
  private static double transform(double[] v, int i) {
    double near = v[i - 2] - v[i - 4];
    double far = v[i] - v[i - 6];
    return 0.5769 * near + 0.0962 * far;
  }

  double[] trendline() {
    double[] mean = new double[x.length];
    double[] r = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int bars = i < 7 ? 0 : (int) Math.floor(smoothPeriod[i] + 0.5);
      mean[i] = bars == 0 ? NaN : Arrays.stream(x, i + 1 - bars, i + 1).sum() / bars;
      r[i] =
          i < 10 ? NaN : 0.4 * mean[i] + 0.3 * mean[i - 1] + 0.2 * mean[i - 2] + 0.1 * mean[i - 3];
    }
    return r;
  }

  double[] alpha() {
    double[] r = new double[x.length];
    for (int i = 0; i < r.length; i++) {
      double before = i < 7 ? 0 : phase[i - 1];
      r[i] = i < 5 ? NaN : i == 5 ? 0.5 : Math.max(0.05, 0.5 / Math.max(1, before - phase[i]));
    }
    return r;
  }

  double[] mama() {
    double[] alpha = alpha();
    double[] r = new double[x.length];
    for (int i = 0; i < r.length; i++) {
      r[i] =
          i < 5
              ? NaN
              : i == 5 ? Arrays.stream(x, 0, 6).sum() / 6 : r[i - 1] + alpha[i] * (x[i] - r[i - 1]);
    }
    return r;
  }

  double[] fama() {
    double[] alpha = alpha();
    double[] mama = mama();
    double[] r = mama.clone();
    for (int i = 6; i < r.length; i++) {
      r[i] = r[i - 1] + alpha[i] / 2 * (mama[i] - r[i - 1]);
    }
    return r;
  }
}
