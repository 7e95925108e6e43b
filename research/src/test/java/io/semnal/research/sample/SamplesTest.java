package io.semnal.research.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Instrument;
import io.semnal.protocol.sbe.MarketSession;
import io.semnal.research.learn.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
  private static final Instrument EURUSD = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);

  @Test
  void splitDropsRowsWhoseLabelReachesAcross() {
    Samples samples = new Samples(List.of(EURUSD), 1);
    for (int time = 0; time < 100; time++) {
      samples.label(add(samples, time, time), 1, time + 10);
    }
    Rows rows = samples.rows(i -> true);
    Rows early = rows.between(0, 50);
    Rows late = rows.where(i -> rows.time(i) >= 60);
    assertThat(early.size()).isEqualTo(40);
    assertThat(early.time(39)).isEqualTo(39);
    assertThat(late.size()).isEqualTo(40);
    assertThat(late.feature(0, 0)).isEqualTo(60f);
  }

  @Test
  void rowsWithoutLabelAreNotLearnedFrom() {
    Samples samples = new Samples(List.of(EURUSD), 2);
    add(samples, 1, 1, 2);
    samples.label(add(samples, 2, 3, 4), 0, 3);
    Rows chosen = samples.rows(i -> true);
    assertThat(chosen.size()).isEqualTo(1);
    assertThat(chosen.feature(0, 1)).isEqualTo(4f);
    assertThat(chosen.frequencies(3)).containsExactly(1.0, 0.0, 0.0);
  }

  @Test
  void rowWithMissingValueIsNotComplete() {
    Samples samples = new Samples(List.of(EURUSD), 2);
    add(samples, 1, 1, 2);
    add(samples, 2, Float.NaN, 2);
    assertThat(samples.isComplete(0)).isTrue();
    assertThat(samples.isComplete(1)).isFalse();
  }

  private static int add(Samples samples, long time, float... row) {
    return samples.add(new Samples.Moment(time, 0, MarketSession.ASIA, 1, 2, 0), row);
  }
}
