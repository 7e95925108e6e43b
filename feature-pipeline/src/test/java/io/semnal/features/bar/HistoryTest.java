package io.semnal.features.bar;

import static io.semnal.features.Pipelines.MINUTE;
import static io.semnal.features.Pipelines.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.features.Pipelines;
import io.semnal.features.WarmUpNeed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Bars of files in the place of quotes. */
class HistoryTest {
  /** A Thursday, market open. */
  private static final long START = Instant.parse("2014-05-01T08:00:00Z").getEpochSecond() * SECOND;

  private static final Timeframe[] TIMEFRAMES = {Timeframe.M1, Timeframe.M5, Timeframe.M15};
  private static final String[] COLUMNS = {
    "ema(5)", "rsi(3)@5m", "ema(close@15m, 3)", "close / close#GBPUSD", "sma(3)@5m#GBPUSD"
  };

  /** What the rows of both instruments say of one closed bar of the shortest timeframe. */
  private record Said(long closeTime, List<Double> values) {}

  /**
   * Two instruments with gaps: the bars that quotes make are handed to another pipeline as history.
   */
  @Property(tries = 60)
  void barsOfAFileGiveTheColumnsOfTheQuotesThatTheyAreMadeOf(@ForAll long seed) {
    Random random = new Random(seed);
    FeaturePipeline live = Pipelines.pipeline(TIMEFRAMES);
    FeaturePipeline warmed = Pipelines.pipeline(TIMEFRAMES);
    List<FeatureRow> liveRows = rows(live);
    List<FeatureRow> warmedRows = rows(warmed);
    List<Bar> bars = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    List<Said> expected = new ArrayList<>();
    long time = START;
    for (int i = 0; i < 300; i++) {
      time += random.nextInt(15) == 0 ? random.nextLong(20 * MINUTE) : random.nextLong(MINUTE / 2);
      long bid = 1_000_000 + random.nextInt(100_000);
      Pipelines.quote(
          live,
          random.nextInt(2),
          time,
          bid,
          bid + 10,
          (instrument, timeframe, bar) -> {
            if (timeframe == 0) {
              bars.add(Pipelines.copy(bar));
              owners.add(instrument);
              note(expected, bar.closeTime, liveRows);
            }
          });
    }
    List<Said> said = new ArrayList<>();
    for (int i = 0; i < bars.size(); i++) {
      warmed.addHistoricalBar(owners.get(i), 0, bars.get(i));
      if (i > 0 && bars.get(i - 1).closeTime < bars.get(i).closeTime) {
        note(said, bars.get(i - 1).closeTime, warmedRows);
      }
    }
    assertThat(said).isEqualTo(expected.subList(0, said.size()));
    assertThat(said.size()).isGreaterThanOrEqualTo(expected.size() - 1);
  }

  private static List<FeatureRow> rows(FeaturePipeline pipeline) {
    return List.of(
        pipeline.bind(Pipelines.set(Timeframe.M1, COLUMNS), 0),
        pipeline.bind(Pipelines.set(Timeframe.M1, COLUMNS), 1));
  }

  /** Once for each closing time. */
  private static void note(List<Said> said, long closeTime, List<FeatureRow> rows) {
    if (!said.isEmpty() && said.getLast().closeTime() == closeTime) {
      return;
    }
    List<Double> values = new ArrayList<>();
    for (FeatureRow row : rows) {
      row.closed();
      for (int i = 0; i < row.columns(); i++) {
        values.add(row.value(i));
      }
    }
    said.add(new Said(closeTime, values));
  }

  @Test
  void quotesAfterHistoryBeginAPartialBarAndSayWhereAGapIs() {
    FeaturePipeline next = Pipelines.pipeline(TIMEFRAMES);
    next.onHistoricalBar(0, 0, bar(0, 1));
    quote(next, START + MINUTE + 20 * SECOND);
    assertThat(next.forming(0, 0).flags).isEqualTo(BarFlagBits.PARTIAL);

    FeaturePipeline later = Pipelines.pipeline(TIMEFRAMES);
    later.onHistoricalBar(0, 0, bar(0, 1));
    quote(later, START + 7 * MINUTE);
    assertThat(later.forming(0, 0).flags).isEqualTo(BarFlagBits.PARTIAL | BarFlagBits.GAP);
    assertThat(later.forming(0, 2).ticks).as("the rest of its 15 minutes").isEqualTo(2);
  }

  @Test
  void historyFillsTheHoleBetweenQuotes() {
    FeaturePipeline pipeline = Pipelines.pipeline(TIMEFRAMES);
    quote(pipeline, START);
    assertThat(pipeline.historyFrom(0, 0)).isEqualTo(START + MINUTE);
    pipeline.onHistoricalBar(0, 0, bar(1, 2));
    assertThat(pipeline.closed(0, 0).ticks).as("while a quote forms the bar before").isZero();
    pipeline.closeBoundary(START + MINUTE, (instrument, timeframe, bar) -> {});
    pipeline.onHistoricalBar(0, 0, bar(1, 2));
    pipeline.onHistoricalBar(0, 0, bar(1, 2));
    assertThat(pipeline.closed(0, 0).closeTime).isEqualTo(START + 2 * MINUTE);
    assertThat(pipeline.forming(0, 2).ticks).as("the quote and one bar").isEqualTo(2);
    quote(pipeline, START + 2 * MINUTE);
    assertThat(pipeline.forming(0, 0).flags & BarFlagBits.GAP).isZero();
  }

  @Test
  void aLongerBarOfAFileGoesBeforeTheOneThatItsMinutesWouldMake() {
    FeaturePipeline pipeline = Pipelines.pipeline(TIMEFRAMES);
    pipeline.addHistoricalBar(0, 0, bar(3, 4));
    pipeline.addHistoricalBar(0, 1, Pipelines.bar(START, START + 5 * MINUTE, ohlc(7)));
    pipeline.addHistoricalBar(0, 0, bar(4, 5));
    pipeline.addHistoricalBar(0, 0, bar(5, 6));
    assertThat(pipeline.closed(0, 1).bidClose).isEqualTo(7);
    assertThat(pipeline.closed(0, 0).closeTime).isEqualTo(START + 6 * MINUTE);
  }

  @Test
  void saysWhatAColumnStillNeeds() {
    FeaturePipeline pipeline = Pipelines.pipeline(TIMEFRAMES);
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.M1, "sma(3)@5m#GBPUSD", "sma(7)"), 0);
    for (int i = 0; i < 5; i++) {
      pipeline.onHistoricalBar(0, 0, bar(i, i + 1));
      pipeline.onHistoricalBar(1, 0, bar(i, i + 1));
    }
    assertThat(row.warmUp(0))
        .containsExactly(
            new WarmUpNeed(0, Timeframe.M1, 1, 5), new WarmUpNeed(1, Timeframe.M5, 3, 1));
    assertThat(row.warmUp(1)).containsExactly(new WarmUpNeed(0, Timeframe.M1, 7, 5));
  }

  private static Bar bar(int from, int to) {
    return Pipelines.bar(START + from * MINUTE, START + to * MINUTE, ohlc(10 + from));
  }

  private static long[] ohlc(long price) {
    return new long[] {price, price, price, price};
  }

  private static void quote(FeaturePipeline pipeline, long time) {
    Pipelines.quote(pipeline, 0, time, 100, 101, (instrument, timeframe, bar) -> {});
  }
}
