package io.semnal.research.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.research.learn.FitContext;
import io.semnal.research.learn.LogisticLearner;
import io.semnal.research.learn.Parameters;
import io.semnal.research.learn.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SearchTest {
  private static final FitContext CONTEXT = new FitContext(3, 1, 1, 0, () -> false);

  @Test
  void halvesTheCandidatesAndSpendsMoreOnTheBest() {
    // 9 on one fold, 3 on the second, 1 on the other two.
    Search.Result result = search(TrialLog.inMemory()).run(first(), 9, 5);
    assertThat(result.trials()).isEqualTo(9);
    assertThat(result.fits()).isEqualTo(9 + 3 + 2);
    assertThat(result.gain()).isPositive();
  }

  @Test
  void goesOnWithoutRepeatingTrials() {
    List<TrialLog.Trial> added = new ArrayList<>();
    TrialLog kept = TrialLog.inMemory();
    TrialLog counting =
        new TrialLog() {
          @Override
          public OptionalDouble find(String parameters, int fold) {
            return kept.find(parameters, fold);
          }

          @Override
          public void add(Trial trial) {
            added.add(trial);
            kept.add(trial);
          }
        };
    Search.Result once = search(counting).run(first(), 9, 5);
    int fitted = added.size();
    Search.Result again = search(counting).run(first(), 9, 5);
    assertThat(added).hasSize(fitted);
    assertThat(again).isEqualTo(once);
  }

  private static Search search(TrialLog log) {
    return new Search(
        new LogisticLearner(), CONTEXT, Folds.of(rows(), 4, 0), log, TrainingWatch.NONE);
  }

  private static Parameters first() {
    return new LogisticLearner().defaults();
  }

  private static Rows rows() {
    SplittableRandom random = new SplittableRandom(11);
    Rows rows = new Rows(2, 1_500);
    for (int i = 0; i < rows.size(); i++) {
      float x = (float) random.nextGaussian();
      int label = x + random.nextGaussian() > 0.4 ? 2 : x + random.nextGaussian() < -0.4 ? 0 : 1;
      rows.set(i, new float[] {x, (float) random.nextGaussian()}, 0, label, i, i);
    }
    return rows;
  }
}
