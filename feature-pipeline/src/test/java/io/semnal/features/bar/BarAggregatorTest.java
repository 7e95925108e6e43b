package io.semnal.features.bar;

import static io.semnal.features.Pipelines.MINUTE;
import static io.semnal.features.Pipelines.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.features.BarHandler;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.Pipelines;
import io.semnal.protocol.sbe.BarFlagsDecoder;
import io.semnal.protocol.sbe.QuoteFlagsDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BarAggregatorTest {
  /** A Thursday, market open. */
  private static final long START = Instant.parse("2014-05-01T08:00:00Z").getEpochSecond() * SECOND;

  private final FeaturePipeline pipeline =
      Pipelines.pipeline(Timeframe.M1, Timeframe.M5, Timeframe.M15);
  private final List<String> order = new ArrayList<>();
  private final List<Bar> bars = new ArrayList<>();
  private final BarHandler handler =
      (instrument, timeframe, bar) -> {
        order.add(instrument + "/" + timeframe);
        bars.add(Pipelines.copy(bar));
      };

  @Test
  void quoteAtTheBoundaryBelongsToTheNextBar() {
    quote(0, START + 30 * SECOND, 100, 102);
    quote(0, START + MINUTE, 200, 202);
    assertThat(bars).hasSize(1);
    assertThat(bars.getFirst().bidClose).isEqualTo(100);
    assertThat(bars.getFirst().openTime).isEqualTo(START);
    assertThat(bars.getFirst().closeTime).isEqualTo(START + MINUTE);
    assertThat(pipeline.forming(0, 0).bidOpen).isEqualTo(200);
  }

  @Test
  void keepsExtremesAndSpreads() {
    quote(0, START, 100, 103);
    quote(0, START + 1, 90, 91);
    quote(0, START + 2, 120, 118);
    Bar bar = pipeline.forming(0, 2);
    assertThat(List.of(bar.bidOpen, bar.bidHigh, bar.bidLow, bar.bidClose))
        .containsExactly(100L, 120L, 90L, 120L);
    assertThat(List.of(bar.askOpen, bar.askHigh, bar.askLow, bar.askClose))
        .containsExactly(103L, 118L, 91L, 118L);
    assertThat(List.of(bar.spreadMin, bar.spreadMax, bar.spreadSum, bar.ticks))
        .containsExactly(-2L, 3L, 2L, 3L);
    assertThat(bar.volume).isEqualTo(3);
  }

  @Test
  void closesAllBarsOfABoundaryByInstrumentThenTimeframe() {
    quote(1, START, 1, 2);
    quote(0, START + 14 * MINUTE, 1, 2);
    order.clear();
    quote(0, START + 15 * MINUTE, 1, 2);
    assertThat(order).containsExactly("0/0", "0/1", "0/2", "1/2");
  }

  @Test
  void makesNoBarWhereNoTickCameAndMarksTheGap() {
    quote(0, START, 1, 2);
    quote(0, START + 3 * MINUTE, 1, 2);
    quote(0, START + 4 * MINUTE, 1, 2);
    quote(0, START + 6 * MINUTE, 1, 2);
    assertThat(order).containsExactly("0/0", "0/0", "0/0", "0/1");
    assertThat(bars.get(0).flags).isEqualTo(BarFlagBits.PARTIAL);
    assertThat(bars.get(1).flags).isEqualTo(BarFlagBits.GAP);
    assertThat(bars.get(2).flags).isZero();
    assertThat(bars.get(3).flags)
        .as("gaps inside are the parts' own")
        .isEqualTo(BarFlagBits.PARTIAL);
    assertThat(pipeline.forming(0, 1).flags).isZero();
  }

  @Test
  void flagsALateQuoteAndLeavesPricesAlone() {
    quote(0, START + MINUTE, 100, 101);
    int flags = pipeline.onQuote(0, START + MINUTE + 1, START + MINUTE - 1, 500, 501, 0, 0, 1);
    assertThat(flags).isEqualTo(BarFlagBits.QUOTE_LATE | BarFlagBits.QUOTE_CROSSED);
    assertThat(pipeline.forming(0, 0).bidHigh).isEqualTo(100);
    assertThat(pipeline.forming(0, 0).ticks).isEqualTo(1);
    assertThat(pipeline.forming(0, 0).flags).isEqualTo(BarFlagBits.PARTIAL | BarFlagBits.LATE);
  }

  @Test
  void lateQuoteBeginsNoBar() {
    assertThat(pipeline.onQuote(0, START, START - 1, 1, 2, 0, 0, 0))
        .isEqualTo(BarFlagBits.QUOTE_LATE);
    assertThat(pipeline.forming(0, 0).ticks).isZero();
    assertThat(pipeline.nextBoundary()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void marksQuotesOutsideMarketHours() {
    long saturday = Instant.parse("2014-05-03T12:00:00Z").getEpochSecond() * SECOND;
    quote(0, saturday, 1, 2);
    assertThat(pipeline.forming(0, 2).flags & BarFlagBits.OFF_HOURS).isNotZero();
  }

  @Test
  void refusesAQuoteBeyondAnOpenBoundary() {
    quote(0, START, 1, 2);
    assertThatIllegalStateException()
        .isThrownBy(() -> pipeline.onQuote(1, START + MINUTE, START + MINUTE, 1, 2, 0, 0, 0));
  }

  @Test
  void conflatedQuoteKeepsItsExtremes() {
    pipeline.onConflatedQuote(0, START, START, 10, 12, 0, 0, 15, 5, 17, 7, 4, 1 << 6);
    Bar bar = pipeline.forming(0, 0);
    assertThat(List.of(bar.bidOpen, bar.bidHigh, bar.bidLow, bar.askHigh, bar.askLow, bar.ticks))
        .containsExactly(10L, 15L, 5L, 17L, 7L, 4L);
    assertThat(bar.flags & BarFlagBits.CONFLATED).isNotZero();
  }

  @Test
  void refusesTimeframesThatDoNotNest() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pipelines.pipeline(Timeframe.parse("2m"), Timeframe.parse("15m")))
        .withMessageContaining("multiple of the first");
  }

  @Test
  void bitsAreTheSchemas() {
    for (int quote = 0; quote < 512; quote++) {
      int bar = BarFlagBits.ofQuote(quote);
      assertThat(BarFlagsDecoder.crossed((short) bar))
          .isEqualTo(QuoteFlagsDecoder.crossed((short) quote));
      assertThat(BarFlagsDecoder.locked((short) bar))
          .isEqualTo(QuoteFlagsDecoder.locked((short) quote));
      assertThat(BarFlagsDecoder.stale((short) bar))
          .isEqualTo(QuoteFlagsDecoder.stale((short) quote));
      assertThat(BarFlagsDecoder.spike((short) bar))
          .isEqualTo(QuoteFlagsDecoder.spike((short) quote));
      assertThat(BarFlagsDecoder.conflated((short) bar))
          .isEqualTo(QuoteFlagsDecoder.conflated((short) quote));
      assertThat(BarFlagsDecoder.simulated((short) bar))
          .isEqualTo(QuoteFlagsDecoder.simulated((short) quote));
    }
    assertThat(QuoteFlagsDecoder.late((short) BarFlagBits.QUOTE_LATE)).isTrue();
    assertThat(BarFlagsDecoder.late((short) BarFlagBits.LATE)).isTrue();
    assertThat(BarFlagsDecoder.gap((short) BarFlagBits.GAP)).isTrue();
    assertThat(BarFlagsDecoder.partial((short) BarFlagBits.PARTIAL)).isTrue();
    assertThat(BarFlagsDecoder.offHours((short) BarFlagBits.OFF_HOURS)).isTrue();
    assertThat(BarFlagsDecoder.historical((short) BarFlagBits.HISTORICAL)).isTrue();
  }

  @Test
  void historyOfTheBaseMakesLongerBarsAndQuotesContinueThem() {
    for (int i = 0; i < 7; i++) {
      long open = START + i * MINUTE;
      pipeline.onHistoricalBar(
          0, 0, Pipelines.bar(open, open + MINUTE, new long[] {10 + i, 20 + i, 5 + i, 11 + i}));
    }
    assertThat(pipeline.closed(0, 1).bidHigh).isEqualTo(24);
    assertThat(pipeline.closed(0, 1).bidClose).isEqualTo(15);
    assertThat(pipeline.nextBoundary()).as("history waits for no clock").isEqualTo(Long.MAX_VALUE);
    quote(0, START + 8 * MINUTE, 100, 100);
    Bar forming = pipeline.forming(0, 1);
    assertThat(forming.openTime).isEqualTo(START + 5 * MINUTE);
    assertThat(forming.bidOpen).isEqualTo(15);
    assertThat(forming.bidHigh).isEqualTo(100);
    assertThat(forming.bidLow).isEqualTo(10);
  }

  @Test
  void lateHistoryIsLeftOut() {
    quote(0, START, 1, 2);
    pipeline.onHistoricalBar(0, 0, Pipelines.bar(START - MINUTE, START, new long[] {1, 1, 1, 1}));
    assertThat(pipeline.closed(0, 0).ticks).isZero();
  }

  /** The naive way: every bar from all of its quotes; the forming one at every quote. */
  @Property(tries = 100)
  void equalsBarsMadeFromAllTheirQuotes(@ForAll long seed) {
    Random random = new Random(seed);
    FeaturePipeline p = Pipelines.pipeline(Timeframe.M1, Timeframe.M5, Timeframe.M15);
    List<long[]> quotes = new ArrayList<>();
    List<Bar> closed = new ArrayList<>();
    long time = START;
    for (int i = 0; i < 400; i++) {
      time += random.nextInt(20) == 0 ? random.nextLong(20 * MINUTE) : random.nextLong(MINUTE / 2);
      long bid = 1_000 + random.nextInt(100);
      long ask = bid + random.nextInt(5) - 1;
      Pipelines.quote(
          p,
          0,
          time,
          bid,
          ask,
          (instrument, timeframe, bar) -> {
            if (timeframe == 1) {
              closed.add(Pipelines.copy(bar));
            }
          });
      quotes.add(new long[] {time, bid, ask});
      for (int t = 0; t < 3; t++) {
        Bar forming = p.forming(0, t);
        assertSame(forming, quotes);
      }
    }
    for (Bar bar : closed) {
      assertSame(bar, quotes);
    }
  }

  private static void assertSame(Bar bar, List<long[]> quotes) {
    List<long[]> own =
        quotes.stream().filter(q -> q[0] >= bar.openTime && q[0] < bar.closeTime).toList();
    assertThat(bar.ticks).isEqualTo(own.size());
    assertThat(bar.bidOpen).isEqualTo(own.getFirst()[1]);
    assertThat(bar.askClose).isEqualTo(own.getLast()[2]);
    assertThat(bar.bidHigh).isEqualTo(own.stream().mapToLong(q -> q[1]).max().orElseThrow());
    assertThat(bar.askLow).isEqualTo(own.stream().mapToLong(q -> q[2]).min().orElseThrow());
    assertThat(bar.spreadSum).isEqualTo(own.stream().mapToLong(q -> q[2] - q[1]).sum());
    assertThat(bar.spreadMin)
        .isEqualTo(own.stream().mapToLong(q -> q[2] - q[1]).min().orElseThrow());
  }

  private void quote(int instrument, long time, long bid, long ask) {
    Pipelines.quote(pipeline, instrument, time, bid, ask, handler);
  }
}
