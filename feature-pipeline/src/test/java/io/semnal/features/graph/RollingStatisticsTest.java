package io.semnal.features.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Nodes over a window against the window itself, on series that hurt. */
class RollingStatisticsTest {
  private static final double TOLERANCE = 1e-9;

  /** A series of a test. */
  private static final class Leaf extends Node {
    private double value;

    @Override
    protected double compute() {
      return value;
    }
  }

  private final Leaf x = new Leaf();
  private final Leaf y = new Leaf();

  @Property(tries = 80)
  void deviation(
      @ForAll HardSeries kind, @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int n) {
    check(kind, seed, n, new Deviation(x, n), w -> new ExactWindow(w).deviation(), 0);
  }

  @Property(tries = 80)
  void skewness(
      @ForAll HardSeries kind, @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int n) {
    check(kind, seed, n, new Moment(x, n, 3), w -> new ExactWindow(w).skew(), 1);
  }

  @Property(tries = 80)
  void kurtosis(
      @ForAll HardSeries kind, @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int n) {
    check(kind, seed, n, new Moment(x, n, 4), w -> new ExactWindow(w).kurtosis(), 1);
  }

  @Property(tries = 80)
  void meanDeviation(
      @ForAll HardSeries kind, @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int n) {
    check(kind, seed, n, new MeanDeviation(x, n), w -> new ExactWindow(w).meanDeviation(), 0);
  }

  @Property(tries = 24)
  void meanDeviationOfLongWindows(
      @ForAll HardSeries kind,
      @ForAll long seed,
      @ForAll @IntRange(min = MeanDeviation.SCANNED - 1, max = MeanDeviation.SCANNED + 90) int n) {
    check(kind, seed, n, new MeanDeviation(x, n), w -> new ExactWindow(w).meanDeviation(), 0);
  }

  @Property(tries = 60)
  void gaussianMean(
      @ForAll HardSeries kind, @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int n) {
    checkGaussian(kind, seed, n);
  }

  @Property(tries = 40)
  void gaussianMeanOfLongWindows(
      @ForAll HardSeries kind,
      @ForAll long seed,
      @ForAll @IntRange(min = Weighted.DIRECT - 1, max = 4 * Weighted.DIRECT) int n) {
    checkGaussian(kind, seed, n);
  }

  @Property(tries = 80)
  void rank(
      @ForAll HardSeries kind, @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int n) {
    checkRank(kind, seed, n);
  }

  @Property(tries = 40)
  void rankOfLongWindows(
      @ForAll HardSeries kind,
      @ForAll long seed,
      @ForAll @IntRange(min = Rank.COUNTED - 1, max = Rank.COUNTED + 200) int n) {
    checkRank(kind, seed, n);
  }

  @Property(tries = 120)
  void correlationAndSlope(
      @ForAll HardSeries kind,
      @ForAll HardSeries other,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int n) {
    Random random = new Random(seed);
    double[] a = kind.valuesWithGaps(random, 5 * n + 100);
    double[] b = other.valuesWithGaps(random, a.length);
    for (int i = 0; i < b.length; i++) {
      b[i] += random.nextInt(3) == 0 ? 0 : a[i];
    }
    Joint correlation = new Joint(x, y, n, false);
    Joint slope = new Joint(x, y, n, true);
    for (int i = 0; i < a.length; i++) {
      x.value = a[i];
      y.value = b[i];
      close(x, y, correlation, slope);
      double[] wa = i + 1 < n ? null : Arrays.copyOfRange(a, i + 1 - n, i + 1);
      double[] wb = i + 1 < n ? null : Arrays.copyOfRange(b, i + 1 - n, i + 1);
      if (wa == null || isMissing(wa) || isMissing(wb)) {
        assertThat(correlation.out).isNaN();
        assertThat(slope.out).isNaN();
        continue;
      }
      if (random.nextInt(4) != 0) {
        continue;
      }
      ExactWindow ea = new ExactWindow(wa);
      ExactWindow eb = new ExactWindow(wb);
      assertClose(correlation.out, ea.correlation(eb), 1, i);
      double scale = eb.isFlat() ? 1 : ea.deviation() / eb.deviation();
      assertClose(slope.out, ea.slopeOn(eb), scale, i);
    }
  }

  @Property(tries = 60)
  void provisionalValuesLeaveNoTrace(@ForAll HardSeries kind, @ForAll long seed) {
    Random random = new Random(seed);
    int n = 1 + random.nextInt(50);
    double[] a = kind.valuesWithGaps(random, 400);
    double[] b = kind.valuesWithGaps(random, 400);
    Node[] alone = nodes(n);
    Node[] tried = nodes(n);
    for (int i = 0; i < a.length; i++) {
      for (int tries = random.nextInt(3); tries > 0; tries--) {
        x.value = a[random.nextInt(a.length)];
        y.value = b[random.nextInt(b.length)];
        update(x, y);
        update(tried);
      }
      x.value = a[i];
      y.value = b[i];
      update(x, y);
      update(tried);
      double[] provisional = Arrays.stream(tried).mapToDouble(node -> node.out).toArray();
      close(x, y);
      close(alone);
      close(tried);
      double[] closed = Arrays.stream(tried).mapToDouble(node -> node.out).toArray();
      assertThat(closed).isEqualTo(provisional);
      assertThat(closed).isEqualTo(Arrays.stream(alone).mapToDouble(node -> node.out).toArray());
    }
  }

  private Node[] nodes(int n) {
    return new Node[] {
      new Deviation(x, n),
      new Moment(x, n, 3),
      new Moment(x, n, 4),
      new MeanDeviation(x, n),
      new MeanDeviation(x, MeanDeviation.SCANNED + n),
      new Rank(x, n),
      new Rank(x, Rank.COUNTED + n),
      new Joint(x, y, n, false),
      new Joint(x, y, n, true),
      Weighted.gaussian(x, n, 0.85, 6),
      Weighted.gaussian(x, Weighted.DIRECT + n, 0.85, 6),
    };
  }

  /** Widths from a part of a bar to a thousand windows, tops at both ends and in between. */
  private void checkGaussian(HardSeries kind, long seed, int n) {
    Random random = new Random(seed);
    double offset = random.nextInt(3) == 0 ? random.nextInt(2) : random.nextDouble();
    double sigma = random.nextInt(3) == 0 ? 6 : 2.5 * n * Math.pow(1e-6, random.nextDouble());
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      double u = (i - offset * (n - 1)) * sigma / n;
      weights[i] = Math.exp(-u * u / 2);
    }
    double total = Arrays.stream(weights).sum();
    Weighted node = Weighted.gaussian(x, n, offset, sigma);
    double[] values = kind.valuesWithGaps(random, 4 * n + 100);
    for (int i = 0; i < values.length; i++) {
      x.value = values[i];
      close(x, node);
      double[] window = i + 1 < n ? null : Arrays.copyOfRange(values, i + 1 - n, i + 1);
      if (window == null || isMissing(window)) {
        assertThat(node.out).isNaN();
      } else if (random.nextInt(1 + n / 20) == 0) {
        double mean = 0;
        double size = 0;
        for (int k = 0; k < n; k++) {
          mean += weights[k] / total * window[k];
          size += weights[k] / total * Math.abs(window[k]);
        }
        assertClose(node.out, mean, 1e-3 * size, i);
        if (Arrays.stream(window).allMatch(v -> v == window[0])) {
          assertThat(node.out).isEqualTo(window[0]);
        }
      }
    }
  }

  private void checkRank(HardSeries kind, long seed, int n) {
    Function<double[], Double> naive =
        w -> {
          double v = w[w.length - 1];
          return 100.0 * Arrays.stream(w, 0, w.length - 1).filter(o -> o < v).count() / n;
        };
    Rank rank = new Rank(x, n);
    double[] values = kind.valuesWithGaps(new Random(seed), 3 * n + 100);
    for (int i = 0; i < values.length; i++) {
      x.value = values[i];
      close(x, rank);
      double[] window = i < n ? null : Arrays.copyOfRange(values, i - n, i + 1);
      if (window == null || isMissing(window)) {
        assertThat(rank.out).isNaN();
      } else {
        assertThat(rank.out).as("at %d", i).isEqualTo(naive.apply(window));
      }
    }
  }

  private void check(
      HardSeries kind,
      long seed,
      int n,
      Node node,
      ToDoubleFunction<double[]> exact,
      double least) {
    Random random = new Random(seed);
    double[] values = kind.valuesWithGaps(random, 5 * n + 200);
    // The exact value is dear: of long windows some bars are looked at.
    int stride = 1 + n / 4;
    for (int i = 0; i < values.length; i++) {
      x.value = values[i];
      close(x, node);
      double[] window = i + 1 < n ? null : Arrays.copyOfRange(values, i + 1 - n, i + 1);
      if (window == null || isMissing(window)) {
        assertThat(node.out).isNaN();
      } else if (random.nextInt(stride) == 0) {
        assertClose(node.out, exact.applyAsDouble(window), least, i);
      }
    }
  }

  /** Relative, or by {@code scale} where that is more. */
  private static void assertClose(double actual, double expected, double scale, int bar) {
    assertThat(Math.abs(actual - expected))
        .as("%s against %s at %d", actual, expected, bar)
        .isLessThanOrEqualTo(TOLERANCE * Math.max(Math.abs(expected), scale));
  }

  private static boolean isMissing(double[] window) {
    return Arrays.stream(window).anyMatch(Double::isNaN);
  }

  private void update(Node... nodes) {
    for (Node node : nodes) {
      node.update();
    }
  }

  private void close(Node... nodes) {
    for (Node node : nodes) {
      node.close();
    }
  }
}
