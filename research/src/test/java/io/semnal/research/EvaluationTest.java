package io.semnal.research;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EvaluationTest {
  /** Scores 0 for NEUTRAL, x for BUY and −x for SELL. */
  private static final LinearClassifier MODEL =
      new LinearClassifier(new double[][] {{-1}, {0}, {1}}, new double[3]);

  @Test
  void matchesAComputationByHand() {
    Samples held = new Samples(1);
    held.label(held.add(1, new float[] {2}), BarrierLabeller.BUY, 2);
    held.label(held.add(2, new float[] {0}), BarrierLabeller.NEUTRAL, 3);
    held.label(held.add(3, new float[] {-2}), BarrierLabeller.BUY, 4);
    Evaluation evaluation = Evaluation.of(MODEL, new double[] {0.25, 0.5, 0.25}, held, 0.8);
    // exp(2) / (exp(2) + 1 + exp(-2)) = 0.866814; exp(-2) of the same = 0.015876.
    double logLoss = -(Math.log(0.8668133) + Math.log(1 / 3.0) + Math.log(0.0158762)) / 3;
    double baseLogLoss = -(2 * Math.log(0.25) + Math.log(0.5)) / 3;
    assertThat(evaluation.logLoss()).isCloseTo(logLoss, within(1e-5));
    assertThat(evaluation.baseLogLoss()).isCloseTo(baseLogLoss, within(1e-12));
    assertThat(evaluation.baseAccuracy()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(evaluation.decided()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(evaluation.hitRate()).isEqualTo(0.5);
  }
}
