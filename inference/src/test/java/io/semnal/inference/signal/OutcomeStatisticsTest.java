package io.semnal.inference.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.semnal.protocol.sbe.MarketSession;
import org.junit.jupiter.api.Test;

class OutcomeStatisticsTest {
  @Test
  void sumsByHand() {
    OutcomeStatistics statistics = new OutcomeStatistics();
    OutcomeStatistics.Row row = statistics.row(1, 2, 60, MarketSession.LONDON);
    row.add(10, 0.8);
    row.add(-4, 0.6);
    row.add(0, 0.5);
    row.add(2, Double.NaN);
    statistics.row(1, 2, 60, MarketSession.ASIA);
    assertThat(statistics.outcomes()).hasSize(1);
    OutcomeStatistics.Outcome outcome = statistics.outcomes().getFirst();
    assertThat(outcome.count()).isEqualTo(4);
    assertThat(outcome.hitRate()).isEqualTo(0.5);
    assertThat(outcome.expectancyPips()).isEqualTo(2);
    assertThat(outcome.profitFactor()).isEqualTo(3);
    // (0.8-1)^2 + 0.6^2 + 0.5^2 over three with a probability
    assertThat(outcome.brierScore()).isCloseTo((0.04 + 0.36 + 0.25) / 3, within(1e-12));
    assertThat(statistics.row(1, 2, 60, MarketSession.LONDON)).isSameAs(row);
  }

  @Test
  void withoutALossTheProfitFactorIsInfinite() {
    OutcomeStatistics statistics = new OutcomeStatistics();
    statistics.row(1, 1, 60, MarketSession.ASIA).add(3, 0.5);
    assertThat(statistics.outcomes().getFirst().profitFactor()).isEqualTo(Double.POSITIVE_INFINITY);
  }
}
