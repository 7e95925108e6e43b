package io.semnal.features;

import static io.semnal.features.Pipelines.MINUTE;
import static io.semnal.features.Pipelines.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.semnal.core.market.Timeframe;
import io.semnal.features.bar.BarFlagBits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a bar knows of its quotes, counted anew from the quotes themselves. */
class MicrostructureTest {
  private static final long START = Instant.parse("2014-05-01T08:00:00Z").getEpochSecond() * SECOND;
  private static final long UNIT = 100_000_000L;
  private static final BarHandler NOBODY = (i, t, bar) -> {};

  private final FeaturePipeline pipeline =
      Pipelines.pipeline(Timeframe.M1, Timeframe.M5, Timeframe.M15);

  private record Quote(long time, long bid, long ask, long bidSize, long askSize) {}

  /** Longer bars are merged from base bars; here each is made from all of its quotes. */
  @Property(tries = 60)
  void everyBarIsWhatItsQuotesSay(@ForAll long seed) {
    Random random = new Random(seed);
    FeaturePipeline p = Pipelines.pipeline(Timeframe.M1, Timeframe.M5, Timeframe.M15);
    List<Quote> quotes = new ArrayList<>();
    List<Bar> bars = new ArrayList<>();
    long time = START;
    for (int i = 0; i < 400; i++) {
      time += random.nextInt(20) == 0 ? random.nextLong(20 * MINUTE) : random.nextLong(MINUTE / 2);
      // Some changes are large enough to leave the series for the logarithm.
      long bid = (random.nextInt(50) == 0 ? 2 : 1) * UNIT + random.nextInt(4) * 1_000;
      Quote q = new Quote(time, bid, bid + random.nextInt(5), random.nextInt(3), i);
      while (p.nextBoundary() <= time) {
        p.closeBoundary(p.nextBoundary(), (in, tf, bar) -> bars.add(Pipelines.copy(bar)));
      }
      p.onQuote(0, time, time, q.bid, q.ask, q.bidSize, q.askSize, 0);
      quotes.add(q);
      for (int t = 0; t < 3; t++) {
        assertSame(p.forming(0, t), quotes);
      }
    }
    assertThat(bars).hasSizeGreaterThan(100);
    bars.forEach(bar -> assertSame(bar, quotes));
  }

  private static void assertSame(Bar bar, List<Quote> quotes) {
    List<Quote> own =
        quotes.stream().filter(q -> q.time >= bar.openTime && q.time < bar.closeTime).toList();
    int up = 0;
    int down = 0;
    double variance = 0;
    for (int i = 1; i < own.size(); i++) {
      double before = own.get(i - 1).bid / 1e8 + own.get(i - 1).ask / 1e8;
      double now = own.get(i).bid / 1e8 + own.get(i).ask / 1e8;
      up += now > before ? 1 : 0;
      down += now < before ? 1 : 0;
      variance += Math.pow(Math.log(now) - Math.log(before), 2);
    }
    assertThat(bar.upTicks).isEqualTo(up);
    assertThat(bar.downTicks).isEqualTo(down);
    assertThat(bar.intrabarVariance).isCloseTo(variance, within(1e-9 * variance + 1e-20));
    assertThat(bar.bidSize).isEqualTo(own.getLast().bidSize);
    assertThat(bar.askSize).isEqualTo(own.getLast().askSize);
    assertThat(bar.quoteTime).isEqualTo(own.getLast().time);
  }

  @Test
  void columnsFollowFromTheQuotes() {
    FeatureRow row =
        pipeline.bind(
            Pipelines.set(
                Timeframe.M1,
                "upTicks",
                "downTicks",
                "tickImbalance",
                "intrabarVolatility",
                "bidSize",
                "askSize",
                "sizeImbalance",
                "microPrice",
                "microPrice.offset",
                "quoteAge"),
            0);
    long[] mids = {100, 101, 102, 102, 101};
    for (int i = 0; i < mids.length; i++) {
      long time = START + i * SECOND;
      pipeline.onQuote(0, time, time, (mids[i] - 1) * UNIT, (mids[i] + 1) * UNIT, 300, 100, 0);
    }
    row.forming();
    double variance = Math.pow(Math.log(101 / 100.0), 2) + 2 * Math.pow(Math.log(102 / 101.0), 2);
    // Three times as many want to buy: the price leans to the ask.
    double[] expected = {2, 1, 1 / 3.0, Math.sqrt(variance), 3, 1, 0.5, 101.5, 0.5, 0};
    for (int i = 0; i < expected.length; i++) {
      assertThat(row.value(i)).as("column %d", i).isCloseTo(expected[i], within(1e-12));
    }
    // Time goes on by another instrument's quote, then to the close.
    long later = START + 14 * SECOND;
    pipeline.onQuote(1, later, later, 1, 2, 0, 0, 0);
    row.forming();
    assertThat(row.value(9)).isEqualTo(10);
    pipeline.closeBoundary(pipeline.nextBoundary(), NOBODY);
    row.closed();
    assertThat(row.value(9)).isEqualTo(56);
  }

  @Test
  void withoutSizesOrQuotesNothingIsMadeUp() {
    FeatureRow row =
        pipeline.bind(
            Pipelines.set(
                Timeframe.M1,
                "microPrice",
                "microPrice.offset",
                "sizeImbalance",
                "bidSize",
                "upTicks",
                "tickImbalance",
                "intrabarVariance",
                "quoteAge",
                "quality.historical"),
            0);
    pipeline.onHistoricalBar(
        0, 0, Pipelines.bar(START - MINUTE, START, new long[] {UNIT, UNIT, UNIT, UNIT}));
    row.closed();
    for (int i = 0; i < 8; i++) {
      assertThat(row.value(i)).as("column %d of a bar from a file", i).isNaN();
    }
    assertThat(row.value(8)).isOne();
    pipeline.onQuote(0, START, START, UNIT, UNIT + 2, Bar.UNKNOWN, 0, 0);
    row.forming();
    for (int i = 0; i < 4; i++) {
      assertThat(row.value(i)).as("column %d without sizes", i).isNaN();
    }
    assertThat(row.value(4)).isZero();
    assertThat(row.value(5)).as("one quote moved nowhere").isZero();
  }

  /** A longer bar knows its quotes only if it knows those of all its parts. */
  @Test
  void quotesAfterHistoryLeaveTheLongerBarUnknown() {
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.M5, "upTicks", "volume"), 0);
    pipeline.onHistoricalBar(
        0, 0, Pipelines.bar(START, START + MINUTE, new long[] {UNIT, UNIT, UNIT, UNIT}));
    pipeline.onQuote(0, START + MINUTE, START + MINUTE, UNIT, UNIT, 0, 0, 0);
    row.forming();
    assertThat(row.value(0)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"stale, 2", "crossed, 0", "locked, 1", "spike, 5", "conflated, 6", "simulated, 8"})
  void marksOfQuotesReachTheColumnsAndTheLongerBars(String output, int quoteBit) {
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.M1, "quality." + output), 0);
    FeatureRow longer = pipeline.bind(Pipelines.set(Timeframe.M5, "quality." + output), 0);
    quote(START, 0);
    row.forming();
    assertThat(row.value(0)).isZero();
    quote(START + SECOND, 1 << quoteBit);
    quote(START + MINUTE, 0);
    row.closed();
    assertThat(row.value(0)).isOne();
    row.forming();
    assertThat(row.value(0)).isZero();
    longer.forming();
    assertThat(longer.value(0)).isOne();
  }

  @Test
  void marksOfTimeReachTheColumns() {
    FeatureRow row =
        pipeline.bind(
            Pipelines.set(
                Timeframe.M1, "quality.partial", "quality.gap", "quality.late", "quality.closed"),
            0);
    quote(START, 0);
    row.forming();
    assertRow(row, 1, 0, 0, 0);
    quote(START + 3 * MINUTE, 0);
    row.forming();
    assertRow(row, 0, 1, 0, 0);
    pipeline.onQuote(0, START + 3 * MINUTE + 1, START, UNIT, UNIT, 0, 0, 0);
    row.forming();
    assertRow(row, 0, 1, 1, 0);
    quote(Instant.parse("2014-05-03T12:00:00Z").getEpochSecond() * SECOND, 0);
    row.forming();
    assertRow(row, 0, 1, 0, 1);
    assertThat(pipeline.forming(0, 0).flags).isEqualTo(BarFlagBits.GAP | BarFlagBits.OFF_HOURS);
  }

  private static void assertRow(FeatureRow row, double... expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(row.value(i)).as("column %d", i).isEqualTo(expected[i]);
    }
  }

  private void quote(long time, int flags) {
    while (pipeline.nextBoundary() <= time) {
      pipeline.closeBoundary(pipeline.nextBoundary(), NOBODY);
    }
    pipeline.onQuote(0, time, time, UNIT, UNIT + 10, 0, 0, flags);
  }
}
