package io.semnal.feed.sim;

import static io.semnal.feed.sim.Market.HOUR;
import static io.semnal.feed.sim.Market.SUNDAY;
import static io.semnal.feed.sim.Market.hash;
import static io.semnal.feed.sim.Market.pairs;
import static io.semnal.feed.sim.Market.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DirtyTicksTest {
  private static final DirtyTicks.Rates RATES = new DirtyTicks.Rates(0.02, 0.01, 0.03, 0.04, 0.005);

  @Test
  void spoilsTheStatedFractions() throws IOException {
    long[] spoiled = new long[5];
    Tick last = new Tick();
    double[] mid = {0};
    long count =
        run(
            dirty(1, RATES),
            tick -> {
              spoiled[0] += tick.bid > tick.ask ? 1 : 0;
              spoiled[1] += tick.bid == tick.ask ? 1 : 0;
              spoiled[2] +=
                  tick.eventTime == last.eventTime && tick.bid == last.bid && tick.ask == last.ask
                      ? 1
                      : 0;
              spoiled[3] += tick.eventTime < last.eventTime ? 1 : 0;
              spoiled[4] += mid[0] != 0 && Market.mid(tick) > 1.01 * mid[0] ? 1 : 0;
              last.eventTime = tick.eventTime;
              last.bid = tick.bid;
              last.ask = tick.ask;
              mid[0] = Market.mid(tick);
            });
    assertThat(count).isGreaterThan(20_000);
    assertThat(spoiled[0] / (double) count).isBetween(0.016, 0.024);
    assertThat(spoiled[1] / (double) count).isBetween(0.007, 0.013);
    assertThat(spoiled[2] / (double) count).isBetween(0.025, 0.035);
    assertThat(spoiled[3] / (double) count).isBetween(0.033, 0.045);
    assertThat(spoiled[4] / (double) count).isBetween(0.003, 0.007);
  }

  @Test
  void sameSeedSpoilsTheSame() throws IOException {
    assertThat(hash(dirty(1, RATES))).isEqualTo(hash(dirty(1, RATES)));
    assertThat(hash(dirty(1, RATES))).isNotEqualTo(hash(dirty(2, RATES)));
  }

  @Test
  void ratesOfZeroPassEverything() throws IOException {
    assertThat(hash(dirty(1, new DirtyTicks.Rates(0, 0, 0, 0, 0)))).isEqualTo(hash(clean()));
  }

  @Test
  void refusesFractionsAboveOne() {
    assertThatThrownBy(() -> new DirtyTicks.Rates(0.5, 0.5, 0.5, 0, 0))
        .hasMessageContaining("together");
    assertThatThrownBy(() -> new DirtyTicks.Rates(-0.1, 0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DirtyTicks.Rates(Double.NaN, 0, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static TickSource dirty(long seed, DirtyTicks.Rates rates) {
    return new DirtyTicks(clean(), seed, rates);
  }

  private static TickSource clean() {
    return new MarketSimulator(4, pairs("EURUSD"), SUNDAY + 9 * HOUR, SUNDAY + 13 * HOUR);
  }
}
