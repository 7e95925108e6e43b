package io.semnal.research;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void splitDropsRowsWhoseLabelReachesAcross() {
    Samples samples = new Samples(1);
    for (int time = 0; time < 100; time++) {
      samples.label(samples.add(time, new float[] {time}), 1, time + 10);
    }
    Samples early = samples.between(0, 50);
    Samples late = samples.between(60, Long.MAX_VALUE);
    assertThat(early.size()).isEqualTo(40);
    assertThat(early.time(39)).isEqualTo(39);
    assertThat(late.size()).isEqualTo(40);
    assertThat(late.feature(0, 0)).isEqualTo(60f);
  }

  @Test
  void splitDropsRowsWithoutLabel() {
    Samples samples = new Samples(2);
    samples.add(1, new float[] {1, 2});
    samples.label(samples.add(2, new float[] {3, 4}), 0, 3);
    Samples chosen = samples.between(0, 10);
    assertThat(chosen.size()).isEqualTo(1);
    assertThat(chosen.feature(0, 1)).isEqualTo(4f);
    assertThat(samples.frequencies(3)).containsExactly(1.0, 0.0, 0.0);
  }
}
