package io.semnal.features.graph;

import java.util.Random;

/** Series that rolling sums are known to stumble over. */
enum HardSeries {
  /** Steps of whole ticks: many equal values. */
  TIES(1, 0.0001),
  PLAIN(1, 0.01),
  /** Noise of one on an offset of a thousand million. */
  HUGE(1e9, 1),
  TINY(1e-8, 1e-10),
  AROUND_ZERO(0, 1e-3),
  /** Wild for a while, then up to a thousand million times calmer. */
  STORM_THEN_CALM(100, 10),
  /** Moves from level to level and stands still there. */
  STAIRS(100, 1),
  /** Always the same way. */
  TREND(1, 0.001);

  private final double level;
  private final double step;

  HardSeries(double level, double step) {
    this.level = level;
    this.step = step;
  }

  /** Without missing values. */
  double[] values(Random random, int length) {
    double[] x = new double[length];
    double v = level;
    double scale = step;
    int still = 0;
    for (int i = 0; i < length; i++) {
      if (still > 0) {
        still--;
      } else {
        v = next(random, v, scale);
        if (this == STAIRS || random.nextInt(60) == 0) {
          still = random.nextInt(this == STAIRS ? 90 : 30);
        }
      }
      if (this == STORM_THEN_CALM && random.nextInt(70) == 0) {
        scale = step * Math.pow(10, -random.nextInt(10));
      }
      x[i] = v;
    }
    return x;
  }

  private double next(Random random, double v, double scale) {
    return switch (this) {
      case TIES -> Math.rint((v + (random.nextInt(7) - 3) * scale) / scale) * scale;
      case TREND -> v + scale * random.nextDouble();
      case HUGE, AROUND_ZERO -> level + scale * random.nextGaussian();
      default -> v + scale * random.nextGaussian();
    };
  }

  /** With missing values, mostly some in a row, on part of the calls. */
  double[] valuesWithGaps(Random random, int length) {
    double[] x = values(random, length);
    if (random.nextInt(3) == 0) {
      for (int gaps = random.nextInt(4); gaps > 0; gaps--) {
        int from = random.nextInt(length);
        int to = Math.min(length, from + 1 + random.nextInt(5));
        for (int i = from; i < to; i++) {
          x[i] = Double.NaN;
        }
      }
    }
    return x;
  }
}
