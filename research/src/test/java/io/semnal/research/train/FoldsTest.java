package io.semnal.research.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.research.learn.Rows;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class FoldsTest {
  @Property(tries = 100)
  void noLabelOfAFitReachesItsTest(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int count,
      @ForAll @IntRange(min = 0, max = 20) int embargo) {
    SplittableRandom random = new SplittableRandom(seed);
    Rows rows = new Rows(1, 400);
    long time = 0;
    for (int i = 0; i < rows.size(); i++) {
      // At least half a nanosecond a row: no embargo takes a whole test of 44 rows.
      time += i % 2 + random.nextInt(2);
      rows.set(i, new float[] {i}, 0, 0, time, time + 1 + random.nextInt(25));
    }
    List<Folds.Fold> folds = Folds.of(rows, count, embargo);
    assertThat(folds).hasSize(count);
    long before = Long.MIN_VALUE;
    for (Folds.Fold fold : folds) {
      assertThat(fold.test().size()).isPositive();
      long begin = fold.test().time(0);
      for (int i = 0; i < fold.fit().size(); i++) {
        assertThat(fold.fit().end(i)).isLessThan(begin);
        assertThat(fold.fit().time(i)).isLessThanOrEqualTo(begin - embargo);
      }
      // Walking forward: a later test begins later, and is fitted on no less.
      assertThat(begin).isGreaterThan(before);
      before = begin;
    }
  }
}
