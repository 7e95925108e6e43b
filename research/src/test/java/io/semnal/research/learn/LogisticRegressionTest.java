package io.semnal.research.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
  private static final double[][] TRUE_WEIGHTS = {{0.8, -0.02}, {0.0, 0.0}, {-0.5, 0.04}};
  private static final double[] TRUE_BIAS = {0.3, 0.0, -1.0};

  @Test
  void findsTheWeightsThatMadeTheLabels() {
    LinearClassifier fitted = LogisticRegression.fit(samples(60_000, 1), 3, 1e-3);
    for (int j = 0; j < 2; j++) {
      double scale = j == 0 ? 1.0 : 30.0;
      for (int k : new int[] {0, 2}) {
        // Only differences between classes are determined.
        double contrast = (fitted.weights()[k][j] - fitted.weights()[1][j]) * scale;
        assertThat(contrast).isCloseTo(TRUE_WEIGHTS[k][j] * scale, within(0.06));
      }
    }
  }

  @Test
  void gradientOfTheSummedLossVanishesAtTheFit() {
    Rows samples = samples(2_000, 2);
    double penalty = 5.0;
    LinearClassifier fitted = LogisticRegression.fit(samples, 3, penalty);
    double best = naiveLoss(samples, fitted);
    for (int k = 0; k < 3; k++) {
      for (int j = 0; j < 2; j++) {
        double[][] shifted = {
          fitted.weights()[0].clone(), fitted.weights()[1].clone(), fitted.weights()[2].clone()
        };
        double h = 1e-3 / (j == 0 ? 1.0 : 30.0);
        shifted[k][j] += h;
        double up = naiveLoss(samples, new LinearClassifier(shifted, fitted.bias()));
        shifted[k][j] -= 2 * h;
        double down = naiveLoss(samples, new LinearClassifier(shifted, fitted.bias()));
        // The penalty alone may tilt it: at most penalty × |weight| × deviation per unit.
        double slope = Math.abs(up - down) / (2e-3);
        double tilt = penalty * Math.abs(fitted.weights()[k][j]) * (j == 0 ? 1.1 : 30.0 * 1.1);
        assertThat(slope).isLessThan(tilt + 0.5);
        assertThat(best).isLessThan(Math.max(up, down));
      }
    }
  }

  @Test
  void sameRowsGiveSameBits() {
    LinearClassifier one = LogisticRegression.fit(samples(3_000, 3), 3, 1.0);
    LinearClassifier two = LogisticRegression.fit(samples(3_000, 3), 3, 1.0);
    assertThat(two.weights()).isDeepEqualTo(one.weights());
    assertThat(two.bias()).containsExactly(one.bias());
  }

  @Test
  void constantColumnGetsNoWeight() {
    Rows samples = new Rows(2, 500);
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 500; i++) {
      float x = (float) random.nextDouble(-1, 1);
      samples.set(i, new float[] {x, 7f}, 0, x + random.nextDouble(-1, 1) > 0 ? 2 : 0, i, i + 1);
    }
    LinearClassifier fitted = LogisticRegression.fit(samples, 3, 1.0);
    for (int k = 0; k < 3; k++) {
      assertThat(fitted.weights()[k][1]).isCloseTo(0.0, within(1e-9));
    }
    assertThat(fitted.weights()[2][0]).isGreaterThan(fitted.weights()[0][0]);
  }

  @Test
  void noiseIsNotMistakenForKnowledge() {
    Rows fit = noise(4_000, 5);
    Rows held = noise(4_000, 6);
    LinearClassifier fitted = LogisticRegression.fit(fit, 3, 10.0);
    double base = LogLoss.ofConstant(held, fit.frequencies(3));
    assertThat(LogLoss.of(held, fitted.probabilities(held, 1.0))).isGreaterThan(base - 1e-3);
  }

  @Test
  void refusesTooFewRows() {
    assertThatThrownBy(() -> LogisticRegression.fit(samples(5, 7), 3, 1.0))
        .hasMessageContaining("too few");
  }

  private static Rows samples(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LinearClassifier truth = new LinearClassifier(TRUE_WEIGHTS, TRUE_BIAS);
    Rows samples = new Rows(2, rows);
    double[] p = new double[3];
    for (int i = 0; i < rows; i++) {
      float[] row = {(float) random.nextGaussian(), (float) (50 + 30 * random.nextGaussian())};
      truth.logits(row, 0, p);
      Softmax.apply(p, 0, 3);
      double draw = random.nextDouble();
      samples.set(i, row, 0, draw < p[0] ? 0 : draw < p[0] + p[1] ? 1 : 2, i, i + 1);
    }
    return samples;
  }

  private static Rows noise(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Rows samples = new Rows(2, rows);
    for (int i = 0; i < rows; i++) {
      float[] row = {(float) random.nextGaussian(), (float) random.nextGaussian()};
      samples.set(i, row, 0, random.nextInt(3), i, i + 1);
    }
    return samples;
  }

  /** By the definition, without the code under test. */
  private static double naiveLoss(Rows samples, LinearClassifier model) {
    double loss = 0;
    for (int i = 0; i < samples.size(); i++) {
      double sum = 0;
      double own = 0;
      for (int k = 0; k < 3; k++) {
        double z = model.bias()[k];
        for (int j = 0; j < 2; j++) {
          z += model.weights()[k][j] * samples.feature(i, j);
        }
        sum += Math.exp(z);
        own = samples.label(i) == k ? z : own;
      }
      loss += Math.log(sum) - own;
    }
    return loss;
  }
}
