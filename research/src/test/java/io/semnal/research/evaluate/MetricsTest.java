package io.semnal.research.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Property(tries = 50)
  void areaUnderTheCurveIsTheShareOfOrderedPairs(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int n = random.nextInt(2, 60);
    double[] scores = new double[n];
    boolean[] positive = new boolean[n];
    for (int i = 0; i < n; i++) {
      // Few values, so that many tie.
      scores[i] = random.nextInt(8);
      positive[i] = random.nextBoolean();
    }
    double pairs = 0;
    double ordered = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (positive[i] && !positive[j]) {
          pairs++;
          ordered += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
      }
    }
    if (pairs == 0) {
      assertThat(Auc.of(scores, positive)).isNaN();
    } else {
      assertThat(Auc.of(scores, positive)).isCloseTo(ordered / pairs, within(1e-12));
    }
  }

  @Test
  void wilsonIntervalIsThatOfTheTextbook() {
    // Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662.
    Interval interval = Interval.ofShare(81, 263);
    assertThat(interval.low()).isCloseTo(0.2553, within(5e-5));
    assertThat(interval.high()).isCloseTo(0.3662, within(5e-5));
    // The same: 0 of 20 gives 0 to 0.1611.
    assertThat(Interval.ofShare(0, 20).low()).isZero();
    assertThat(Interval.ofShare(0, 20).high()).isCloseTo(0.1611, within(5e-5));
    assertThat(Interval.ofShare(0, 0).value()).isNaN();
  }

  @Test
  void bootstrapIntervalOfAMeanIsAboutTheNormalOne() {
    SplittableRandom random = new SplittableRandom(3);
    double[] values = new double[2_000];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = 5 + 2 * random.nextGaussian();
      sum += values[i];
    }
    double mean = sum / values.length;
    double half = 1.96 * 2 / Math.sqrt(values.length);
    Interval interval = Interval.ofMean(values, 1);
    assertThat(interval.value()).isCloseTo(mean, within(1e-9));
    assertThat(interval.low()).isCloseTo(mean - half, within(half / 4));
    assertThat(interval.high()).isCloseTo(mean + half, within(half / 4));
  }

  @Test
  void matthewsOfTwoClassesIsTheClassicFormula() {
    double tp = 90;
    double tn = 20;
    double fp = 7;
    double fn = 5;
    double classic = (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
    long[][] confusion = {{90, 5, 0}, {7, 20, 0}, {0, 0, 0}};
    assertThat(ClassMetrics.matthews(confusion)).isCloseTo(classic, within(1e-12));
    assertThat(ClassMetrics.matthews(new long[][] {{5, 0, 0}, {0, 5, 0}, {0, 0, 5}}))
        .isCloseTo(1.0, within(1e-12));
    assertThat(ClassMetrics.matthews(new long[][] {{5, 0, 0}, {5, 0, 0}, {5, 0, 0}})).isZero();
  }
}
