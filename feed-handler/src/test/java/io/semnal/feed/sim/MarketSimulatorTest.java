package io.semnal.feed.sim;

import static io.semnal.feed.sim.Market.DAY;
import static io.semnal.feed.sim.Market.HOUR;
import static io.semnal.feed.sim.Market.MINUTE;
import static io.semnal.feed.sim.Market.SECOND;
import static io.semnal.feed.sim.Market.SUNDAY;
import static io.semnal.feed.sim.Market.all;
import static io.semnal.feed.sim.Market.at;
import static io.semnal.feed.sim.Market.hash;
import static io.semnal.feed.sim.Market.pairs;
import static io.semnal.feed.sim.Market.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.market.Instrument;
import io.semnal.feed.Tick;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MarketSimulatorTest {
  /** Of two hours of all pairs with seed 42: a change here changes every simulated run. */
  private static final long KNOWN_HASH = 2_694_577_333_251_203_029L;

  @Test
  void sameSeedGivesSameTicksOnEveryMachine() throws IOException {
    long first = hash(new MarketSimulator(42, all(), SUNDAY, SUNDAY + 2 * HOUR));
    long second = hash(new MarketSimulator(42, all(), SUNDAY, SUNDAY + 2 * HOUR));
    assertThat(second).isEqualTo(first);
    assertThat(first).isEqualTo(KNOWN_HASH);
  }

  @Test
  void otherSeedGivesOtherTicks() throws IOException {
    assertThat(hash(new MarketSimulator(1, all(), SUNDAY, SUNDAY + HOUR)))
        .isNotEqualTo(hash(new MarketSimulator(2, all(), SUNDAY, SUNDAY + HOUR)));
  }

  @Test
  void furtherInstrumentLeavesTheOthersAlone() throws IOException {
    assertThat(ticksOf("EURUSD", pairs("EURUSD", "USDJPY")))
        .isEqualTo(ticksOf("EURUSD", pairs("AUDCAD", "EURUSD", "GBPCHF", "USDJPY")))
        .hasSizeGreaterThan(1_000);
  }

  @Test
  void activityChangesTheNumberOfTicksNotThePath() throws IOException {
    long end = SUNDAY + 20 * HOUR;
    long[] counts = new long[2];
    double[][] lastMids = new double[2][20 * 60];
    for (int i = 0; i < 2; i++) {
      double[] mids = lastMids[i];
      counts[i] =
          run(
              new MarketSimulator(5, pairs("EURUSD"), SUNDAY, end, i == 0 ? 1.0 : 0.25),
              tick -> mids[(int) ((tick.eventTime - SUNDAY) / MINUTE)] = Market.mid(tick));
    }
    assertThat(counts[1] / (double) counts[0]).isBetween(0.23, 0.27);
    for (int minute = 19 * 60; minute < 20 * 60; minute++) {
      assertThat(lastMids[1][minute] / lastMids[0][minute]).isBetween(0.9997, 1.0003);
    }
  }

  @Test
  void timeNeverDecreasesAndQuotesNeverCross() throws IOException {
    List<Instrument> instruments = all();
    long[] last = {Long.MIN_VALUE};
    long count =
        run(
            new MarketSimulator(7, instruments, SUNDAY, SUNDAY + DAY),
            tick -> {
              if (tick.eventTime < last[0]
                  || tick.eventTime % 1_000_000 != 0
                  || tick.bid >= tick.ask
                  || tick.bid <= 0
                  || tick.bidSize <= 0
                  || tick.askSize <= 0
                  || !onGrid(instruments.get(tick.instrument), tick)) {
                throw new AssertionError("bad tick at " + tick.eventTime);
              }
              last[0] = tick.eventTime;
            });
    assertThat(count).isGreaterThan(1_000_000);
  }

  @Test
  void marketIsClosedFromFridayToSundayFiveInNewYork() throws IOException {
    // New York's clocks go forward on Sunday 8 March 2026, London's on 29 March.
    List<Long> ends = new ArrayList<>();
    List<Long> begins = new ArrayList<>();
    long[] last = {0};
    run(
        new MarketSimulator(
            3, pairs("EURUSD"), at("2026-03-02T00:00:00Z"), at("2026-03-17T00:00:00Z"), 0.2),
        tick -> {
          if (last[0] != 0 && tick.eventTime - last[0] > 12 * HOUR) {
            ends.add(last[0]);
            begins.add(tick.eventTime);
          }
          last[0] = tick.eventTime;
        });
    long[] closes = {at("2026-03-06T22:00:00Z"), at("2026-03-13T21:00:00Z")};
    long[] opens = {at("2026-03-08T21:00:00Z"), at("2026-03-15T21:00:00Z")};
    assertThat(ends).hasSize(2);
    for (int week = 0; week < 2; week++) {
      assertThat(ends.get(week)).isBetween(closes[week] - 10 * MINUTE, closes[week] - 1);
      assertThat(begins.get(week)).isBetween(opens[week], opens[week] + 10 * MINUTE);
    }
    assertThat(last[0]).isLessThan(at("2026-03-17T00:00:00Z"));
  }

  @Test
  void startInAClosedMarketWaitsForTheOpen() throws IOException {
    MarketSimulator simulator =
        new MarketSimulator(
            3, pairs("EURUSD"), at("2026-01-10T12:00:00Z"), at("2026-01-13T00:00:00Z"));
    Tick first = new Tick();
    assertThat(simulator.next(first)).isTrue();
    assertThat(first.eventTime).isBetween(SUNDAY, SUNDAY + 10 * MINUTE);
  }

  @Test
  void startWithinAMinuteBringsNoEarlierTick() throws IOException {
    long start = SUNDAY + 17 * HOUR + 37 * SECOND + 5;
    MarketSimulator simulator = new MarketSimulator(3, all(), start, start + HOUR);
    Tick first = new Tick();
    assertThat(simulator.next(first)).isTrue();
    assertThat(first.eventTime).isBetween(start, start + SECOND);
  }

  @Test
  void ticksFollowTheSessions() throws IOException {
    // Winter: London's office hours are 08 to 17 UTC, New York's 13 to 22 UTC, Tokyo's 23 to 08.
    Map<Integer, Long> euro = new TreeMap<>();
    Map<Integer, Long> aussie = new TreeMap<>();
    int days = 5;
    run(
        new MarketSimulator(11, pairs("EURUSD", "AUDJPY"), SUNDAY, SUNDAY + days * DAY),
        tick ->
            (tick.instrument == 0 ? euro : aussie)
                .merge((int) (tick.eventTime / HOUR % 24), 1L, Long::sum));
    double londonRate = euro.get(10) / (days * 3_600.0);
    assertThat(londonRate).isBetween(2.0, 5.0);
    assertThat(euro.get(3)).isLessThan(euro.get(10) / 2);
    assertThat(euro.get(15)).isGreaterThan(euro.get(10) * 5 / 4);
    assertThat(euro.get(19)).isLessThan(euro.get(15) * 3 / 4);
    double aussieAsia = aussie.get(3) / (double) euro.get(3);
    double aussieLondon = aussie.get(10) / (double) euro.get(10);
    assertThat(aussieAsia).isGreaterThan(1.5 * aussieLondon);
  }

  @Test
  void nextAllocatesNothing() {
    MarketSimulator simulator = new MarketSimulator(9, all(), SUNDAY, SUNDAY + 5 * DAY);
    Tick tick = new Tick();
    for (int i = 0; i < 200_000; i++) {
      simulator.next(tick);
    }
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    // What the VM allocates once, when it compiles, falls into one round: the others are judged.
    long[] allocated = new long[3];
    for (int round = 0; round < 3; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 300_000; i++) {
        simulator.next(tick);
      }
      allocated[round] = threads.getCurrentThreadAllocatedBytes() - before;
    }
    java.util.Arrays.sort(allocated);
    assertThat(allocated[1]).isLessThan(300);
  }

  @Test
  void refusesSenselessArguments() {
    assertThatThrownBy(() -> new MarketSimulator(1, List.of(), SUNDAY, SUNDAY + HOUR))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MarketSimulator(1, all(), SUNDAY, SUNDAY + HOUR, Double.NaN))
        .hasMessageContaining("activity");
    assertThatThrownBy(() -> new MarketSimulator(1, all(), SUNDAY, SUNDAY + HOUR).regime("SEK"))
        .hasMessageContaining("SEK");
  }

  private static boolean onGrid(Instrument instrument, Tick tick) {
    long grid = 1;
    for (int i = instrument.priceDecimals(); i < 8; i++) {
      grid *= 10;
    }
    return tick.bid % grid == 0 && tick.ask % grid == 0;
  }

  private static List<String> ticksOf(String symbol, List<Instrument> instruments)
      throws IOException {
    List<String> ticks = new ArrayList<>();
    run(
        new MarketSimulator(42, instruments, SUNDAY, SUNDAY + 3 * HOUR),
        tick -> {
          if (instruments.get(tick.instrument).symbol().equals(symbol)) {
            ticks.add(tick.eventTime + " " + tick.bid + " " + tick.ask + " " + tick.bidSize);
          }
        });
    return ticks;
  }
}
