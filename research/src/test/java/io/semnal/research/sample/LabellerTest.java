package io.semnal.research.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.PolicyConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.market.Timeframe;
import io.semnal.inference.signal.MarketQuote;
import io.semnal.protocol.sbe.MarketSession;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LabellerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = Instant.parse("2026-01-13T09:00:00Z").getEpochSecond() * SECOND;
  private static final Instrument EURUSD = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);

  /** Stop 2, target 3 ATRs, 5 bars, slippage 0.5 ATR. */
  private static final PolicyConfig POLICY =
      new PolicyConfig(0.45, 0.45, 0.05, 5, 5.0, 2.0, 3.0, 14, 5, 0.5, 0.0, true, false);

  private static final LabelRule RULE = new LabelRule.TripleBarrier(POLICY);

  /** One pip. */
  private static final double ATR = 0.0001;

  private static final long BID = 116_000_000;
  private static final long ASK = 116_001_000;

  private final Samples samples = new Samples(List.of(EURUSD), 1);
  private final Labeller labeller =
      new Labeller(samples, EURUSD, RULE, Timeframe.M1, new MarketCalendar(List.of()));
  private final MarketQuote quote = new MarketQuote();
  private long time = START;

  @Test
  void buyThatReachesItsTargetIsLabelledBuy() {
    int row = open();
    move(0);
    // The target lies 3 pips above the ask; the bid has to reach it.
    move(30_000);
    assertThat(samples.label(row)).isEqualTo(Samples.NONE);
    move(31_000);
    assertThat(samples.label(row)).isEqualTo(Samples.BUY);
  }

  @Test
  void sellThatReachesItsTargetIsLabelledSell() {
    int row = open();
    move(0);
    move(-30_000);
    assertThat(samples.label(row)).isEqualTo(Samples.NONE);
    move(-31_000);
    assertThat(samples.label(row)).isEqualTo(Samples.SELL);
  }

  @Test
  void bothStoppedIsNeutral() {
    int row = open();
    move(0);
    move(-20_000);
    assertThat(samples.label(row)).isEqualTo(Samples.NONE);
    move(20_000);
    assertThat(samples.label(row)).isEqualTo(Samples.NEUTRAL);
  }

  @Test
  void endOfTheHorizonIsNeutral() {
    int row = open();
    move(0);
    time = START + 5 * 60 * SECOND - 2 * SECOND;
    move(1_000);
    assertThat(samples.label(row)).isEqualTo(Samples.NONE);
    move(40_000);
    assertThat(samples.label(row)).isEqualTo(Samples.NEUTRAL);
  }

  @Test
  void targetAfterOwnStopDoesNotCount() {
    int row = open();
    move(0);
    move(-20_000);
    move(31_000);
    // The buy was stopped first, the sell is stopped by the rise.
    assertThat(samples.label(row)).isEqualTo(Samples.NEUTRAL);
  }

  @Test
  void entryTooFarAwayGetsNoLabel() {
    int row = open();
    move(6_000);
    move(40_000);
    assertThat(samples.label(row)).isEqualTo(Samples.NONE);
  }

  @Test
  void rowsOverlapEachWithItsOwnBarriers() {
    int first = open();
    move(0);
    move(20_000);
    int second = samples.add(moment(time), new float[] {1});
    labeller.open(second, time, BID + 20_000, ASK + 20_000, ATR);
    move(20_000);
    move(31_000);
    assertThat(samples.label(first)).isEqualTo(Samples.BUY);
    assertThat(samples.label(second)).isEqualTo(Samples.NONE);
    move(51_000);
    assertThat(samples.label(second)).isEqualTo(Samples.BUY);
  }

  @Test
  void agreesWithTheDefinitionOnRandomWalks() {
    SplittableRandom random = new SplittableRandom(17);
    int[] seen = new int[4];
    for (int trial = 0; trial < 500; trial++) {
      Samples own = new Samples(List.of(EURUSD), 1);
      Labeller tested =
          new Labeller(own, EURUSD, RULE, Timeframe.M1, new MarketCalendar(List.of()));
      tested.open(own.add(moment(START), new float[] {0}), START, BID, ASK, ATR);
      long[] offsets = new long[400];
      long offset = 0;
      for (int i = 0; i < offsets.length; i++) {
        offset += random.nextInt(-3, 4) * 1_000L;
        offsets[i] = offset;
        long at = START + (i + 1) * SECOND;
        tested.onQuote(quote.set(at, at, BID + offset, ASK + offset));
      }
      int expected = byDefinition(offsets);
      assertThat(own.label(0)).as("trial %s", trial).isEqualTo(expected);
      seen[expected + 1]++;
    }
    assertThat(seen[1]).isPositive();
    assertThat(seen[2]).isPositive();
    assertThat(seen[3]).isPositive();
  }

  /** Entered at the first quote; within 299 quotes of a second each. */
  private static int byDefinition(long[] offsets) {
    int buyTarget = first(offsets, 31_000, true);
    int buyStop = first(offsets, -19_000, false);
    int sellTarget = first(offsets, -31_000, false);
    int sellStop = first(offsets, 19_000, true);
    boolean buys = buyTarget < buyStop;
    boolean sells = sellTarget < sellStop;
    if (!buys && !sells) {
      return Samples.NEUTRAL;
    }
    return buys && (!sells || buyTarget < sellTarget) ? Samples.BUY : Samples.SELL;
  }

  private static int first(long[] offsets, long level, boolean upwards) {
    for (int i = 1; i < 299; i++) {
      if (upwards ? offsets[i] >= level : offsets[i] <= level) {
        return i;
      }
    }
    return Integer.MAX_VALUE;
  }

  private int open() {
    int row = samples.add(moment(time), new float[] {0});
    labeller.open(row, time, BID, ASK, ATR);
    return row;
  }

  private void move(long offset) {
    time += SECOND;
    labeller.onQuote(quote.set(time, time, BID + offset, ASK + offset));
  }

  static Samples.Moment moment(long time) {
    return new Samples.Moment(time, 0, MarketSession.LONDON, BID, ASK, 0);
  }
}
