package io.semnal.research.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.MarketSession;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What bars make of rows; expectations are worked out by hand in pips around 1.10000. */
class LabellerBarsTest {
  private static final long HOUR = 3_600_000_000_000L;
  private static final long START =
      Instant.parse("2026-01-13T09:00:00Z").getEpochSecond() * 1_000_000_000L;
  private static final Instrument EURUSD = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);
  private static final long SPREAD = 1;

  /** Ten pips; stop 20, target 30 away, 3 bars, slippage 5, commission 0.5. */
  private static final double ATR = 0.0010;

  private final Samples samples = new Samples(List.of(EURUSD), 1);
  private long time = START;

  @Test
  void entersAtTheNextBarsOpeningOnTheSideThatPays() {
    Labeller labeller = barrier(3);
    int row = open(labeller);
    // Opens 2 pips higher: the buy pays 1.10030, its target stays at 1.10310.
    bar(labeller, 2, 35, 0, 33);
    assertThat(samples.label(row)).isEqualTo(Samples.BUY);
    assertThat(samples.fill(row, true)).isEqualTo(pips(3));
    assertThat(samples.pips(row, true)).isCloseTo(28 - 0.5, within(1e-9));
  }

  @Test
  void bothBarriersInOneBarIsTheStop() {
    Labeller labeller = barrier(3);
    int row = open(labeller);
    // Buy: stop at -19, target at 31 on the bid. Sell: stop at 20, target at -30 on the ask.
    bar(labeller, 0, 40, -40, 5);
    assertThat(samples.label(row)).isEqualTo(Samples.NEUTRAL);
    assertThat(samples.reason(row, true)).isEqualTo(EndReason.STOP);
    assertThat(samples.reason(row, false)).isEqualTo(EndReason.STOP);
    // A level inside the bar fills at the level: from 1 down to -19 for the buy.
    assertThat(samples.pips(row, true)).isCloseTo(-20 - 0.5, within(1e-9));
    assertThat(samples.pips(row, false)).isCloseTo(-20 - 0.5, within(1e-9));
  }

  @Test
  void openingBeyondTheStopFillsAtTheOpening() {
    Labeller labeller = barrier(3);
    int row = open(labeller);
    bar(labeller, 0, 5, -5, 0);
    bar(labeller, -50, -45, -60, -50);
    assertThat(samples.label(row)).isEqualTo(Samples.SELL);
    assertThat(samples.pips(row, true)).isCloseTo(-50 - 1 - 0.5, within(1e-9));
    assertThat(samples.labelEnd(row)).isEqualTo(START + HOUR);
  }

  @Test
  void openingTooFarAwayIsNotEntered() {
    Labeller labeller = barrier(3);
    int row = open(labeller);
    bar(labeller, 6, 60, 5, 50);
    assertThat(samples.label(row)).isEqualTo(Samples.NONE);
    assertThat(samples.pips(row, true)).isNaN();
  }

  @Test
  void horizonEndsAtTheCloseOfItsLastBar() {
    Labeller labeller = barrier(3);
    int row = open(labeller);
    bar(labeller, 0, 5, -5, 0);
    bar(labeller, 0, 5, -5, 0);
    assertThat(samples.label(row)).isEqualTo(Samples.NONE);
    bar(labeller, 0, 9, -5, 8);
    assertThat(samples.label(row)).isEqualTo(Samples.NEUTRAL);
    assertThat(samples.labelEnd(row)).isEqualTo(START + 3 * HOUR);
    assertThat(samples.pips(row, true)).isCloseTo(8 - 1 - 0.5, within(1e-9));
    assertThat(samples.pips(row, false)).isCloseTo(-9 - 0.5, within(1e-9));
  }

  @Test
  void horizonOverMissingBarsEndsAtTheLastPriceBefore() {
    Labeller labeller = barrier(3);
    int row = open(labeller);
    bar(labeller, 0, 5, -5, 4);
    time += 10 * HOUR;
    bar(labeller, 40, 50, 40, 50);
    assertThat(samples.label(row)).isEqualTo(Samples.NEUTRAL);
    assertThat(samples.labelEnd(row)).isEqualTo(START + 3 * HOUR);
    assertThat(samples.pips(row, true)).isCloseTo(4 - 1 - 0.5, within(1e-9));
  }

  @Test
  void fixedHorizonAsksOnlyWhereThePriceStandsAtItsEnd() {
    Labeller labeller = labeller(new LabelRule.FixedHorizon(policy(2), 1.0));
    int up = open(labeller);
    bar(labeller, 0, 90, -90, 0);
    bar(labeller, 0, 20, 0, 12);
    // 12 - 1 - 0.5 pips for the buy, more than one ATR.
    assertThat(samples.label(up)).isEqualTo(Samples.BUY);
    int flat = open(labeller);
    bar(labeller, 0, 90, -90, 0);
    bar(labeller, 0, 20, 0, 11);
    // From 12 to 11: neither side has gained ten pips.
    assertThat(samples.label(flat)).isEqualTo(Samples.NEUTRAL);
  }

  private Labeller barrier(int bars) {
    return labeller(new LabelRule.TripleBarrier(policy(bars)));
  }

  private Labeller labeller(LabelRule rule) {
    return new Labeller(samples, EURUSD, rule, Timeframe.H1, new MarketCalendar(List.of()));
  }

  private static PolicyConfig policy(int bars) {
    return new PolicyConfig(0.4, 0.4, 0, 0, 5.0, 2.0, 3.0, 14, bars, 0.5, 0.5, true, false);
  }

  private int open(Labeller labeller) {
    long bid = pips(0);
    long ask = pips(SPREAD);
    int row =
        samples.add(
            new Samples.Moment(time, 0, MarketSession.LONDON, bid, ask, 0), new float[] {0});
    labeller.open(row, time, bid, ask, ATR);
    return row;
  }

  /** A bar of the bid in pips; the ask lies one above. */
  private void bar(Labeller labeller, int open, int high, int low, int close) {
    Bar bar = new Bar();
    bar.openTime = time;
    time += HOUR;
    bar.closeTime = time;
    bar.bidOpen = pips(open);
    bar.bidHigh = pips(high);
    bar.bidLow = pips(low);
    bar.bidClose = pips(close);
    bar.askOpen = pips(open + SPREAD);
    bar.askHigh = pips(high + SPREAD);
    bar.askLow = pips(low + SPREAD);
    bar.askClose = pips(close + SPREAD);
    labeller.onBar(bar);
  }

  private static long pips(long count) {
    return 110_000_000 + count * 10_000;
  }
}
