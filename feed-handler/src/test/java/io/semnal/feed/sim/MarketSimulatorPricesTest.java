package io.semnal.feed.sim;

import static io.semnal.feed.sim.Market.DAY;
import static io.semnal.feed.sim.Market.HOUR;
import static io.semnal.feed.sim.Market.MINUTE;
import static io.semnal.feed.sim.Market.SUNDAY;
import static io.semnal.feed.sim.Market.pairs;
import static io.semnal.feed.sim.Market.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Instrument;
import io.semnal.feed.Tick;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MarketSimulatorPricesTest {
  private static final long FRESH = 400_000_000L;

  @Test
  void trianglesHoldWithinSpreads() throws IOException {
    Tick[] last = {new Tick(), new Tick(), new Tick()};
    long[] seen = {0, 0};
    run(
        new MarketSimulator(21, pairs("EURUSD", "USDJPY", "EURJPY"), SUNDAY, SUNDAY + DAY),
        tick -> {
          Tick kept = last[tick.instrument];
          kept.eventTime = tick.eventTime;
          kept.bid = tick.bid;
          kept.ask = tick.ask;
          if (Arrays.stream(last).allMatch(t -> t.eventTime > tick.eventTime - FRESH)) {
            double throughDollarBid = last[0].bid / 1e8 * last[1].bid;
            double throughDollarAsk = last[0].ask / 1e8 * last[1].ask;
            seen[0]++;
            if (throughDollarBid > last[2].ask || throughDollarAsk < last[2].bid) {
              seen[1]++;
            }
          }
        });
    assertThat(seen[0]).isGreaterThan(10_000);
    assertThat(seen[1] / (double) seen[0]).isLessThan(0.002);
  }

  @Test
  void spreadWidensAtRollover() throws IOException {
    // Winter: 17:00 in New York is 22:00 UTC.
    double[] sum = new double[2];
    long[] count = new long[2];
    run(
        new MarketSimulator(22, pairs("EURUSD"), SUNDAY + HOUR, SUNDAY + 4 * DAY + HOUR),
        tick -> {
          long minute = tick.eventTime / MINUTE % 1_440;
          int window = minute >= 22 * 60 && minute < 22 * 60 + 5 ? 0 : minute / 60 == 15 ? 1 : -1;
          if (window >= 0) {
            sum[window] += tick.ask - tick.bid;
            count[window]++;
          }
        });
    assertThat(count[0]).isPositive();
    double atRollover = sum[0] / count[0];
    double midSession = sum[1] / count[1];
    assertThat(atRollover).isBetween(3 * midSession, 12 * midSession);
    assertThat(midSession / 10_000).as("pips").isBetween(0.4, 1.2);
  }

  @Test
  void newsMovesPriceAndWidensSpreadForMinutes() throws IOException {
    int minutes = 5 * 1_440;
    double[] spread = new double[minutes];
    double[] mid = new double[minutes];
    int[] count = new int[minutes];
    run(
        new MarketSimulator(23, pairs("EURUSD"), SUNDAY, SUNDAY + 5 * DAY),
        tick -> {
          int minute = (int) ((tick.eventTime - SUNDAY) / MINUTE);
          spread[minute] += tick.ask - tick.bid;
          mid[minute] = Market.mid(tick);
          count[minute]++;
        });
    double calm = 0;
    double shaken = 0;
    int calmMinutes = 0;
    int shakenMinutes = 0;
    for (int i = 1; i < minutes; i++) {
      int sinceFive = i % 1_440;
      if (sinceFive < 60 || sinceFive > 1_420 || count[i] == 0 || count[i - 1] == 0) {
        continue;
      }
      double move = Math.abs(mid[i] - mid[i - 1]) / 10_000;
      if (spread[i] / count[i] > 1.6 * 10_000) {
        shaken += move;
        shakenMinutes++;
      } else {
        calm += move;
        calmMinutes++;
      }
    }
    assertThat(shakenMinutes).isBetween(10, 500);
    assertThat(shaken / shakenMinutes).isGreaterThan(2 * calm / calmMinutes);
  }

  @Test
  void everyRegimeComesAndLastsForTensOfMinutes() throws IOException {
    MarketSimulator simulator =
        new MarketSimulator(24, pairs("EURUSD"), SUNDAY, SUNDAY + 5 * DAY, 0.2);
    Set<Regime> seen = EnumSet.noneOf(Regime.class);
    Regime[] last = {simulator.regime("EUR")};
    int[] changes = {0};
    run(
        simulator,
        tick -> {
          Regime now = simulator.regime("EUR");
          seen.add(now);
          changes[0] += now == last[0] ? 0 : 1;
          last[0] = now;
        });
    assertThat(seen).containsExactlyInAnyOrder(Regime.values());
    assertThat(5 * 1_440 / changes[0]).isBetween(30, 80);
  }

  /**
   * A rule a child could find: follow the last 20 minutes. Its slope is fitted on the first weeks
   * and judged on the later ones, on pairs without a common currency and without overlap in time.
   */
  @Test
  void momentumPredictsOutOfSample() throws IOException {
    List<Instrument> instruments = pairs("EURUSD", "GBPJPY", "AUDCAD");
    int minutes = 26 * 1_440;
    double[][] mids = new double[instruments.size()][minutes];
    run(
        new MarketSimulator(25, instruments, SUNDAY, SUNDAY + 26 * DAY, 0.3),
        tick ->
            mids[tick.instrument][(int) ((tick.eventTime - SUNDAY) / MINUTE)] = Market.mid(tick));
    int split = minutes / 2;
    double slope = 0;
    int hits = 0;
    int trials = 0;
    double gain = 0;
    for (double[] mid : mids) {
      for (int i = 20; i + 15 < split; i += 15) {
        slope += lookBack(mid, i) * lookAhead(mid, i);
      }
    }
    for (double[] mid : mids) {
      for (int i = split + 20; i + 15 < minutes; i += 15) {
        double forecast = slope * lookBack(mid, i);
        double outcome = lookAhead(mid, i);
        if (forecast != 0 && outcome != 0) {
          trials++;
          hits += forecast > 0 == outcome > 0 ? 1 : 0;
          gain += Math.signum(forecast) * outcome;
        }
      }
    }
    double hitRate = hits / (double) trials;
    double sigmas = (hitRate - 0.5) / Math.sqrt(0.25 / trials);
    assertThat(trials).isGreaterThan(2_000);
    assertThat(sigmas).as("deviations above chance, hit rate %s", hitRate).isGreaterThan(3.0);
    assertThat(hitRate).as("not absurdly").isLessThan(0.65);
    assertThat(gain).isPositive();
  }

  private static double lookBack(double[] mid, int minute) {
    return logReturn(mid, minute - 20, minute);
  }

  private static double lookAhead(double[] mid, int minute) {
    return logReturn(mid, minute, minute + 15);
  }

  private static double logReturn(double[] mid, int from, int to) {
    return mid[from] == 0 || mid[to] == 0 ? 0 : Math.log(mid[to] / mid[from]);
  }
}
