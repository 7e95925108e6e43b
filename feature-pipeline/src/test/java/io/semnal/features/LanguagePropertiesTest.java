package io.semnal.features;

import static io.semnal.features.Pipelines.MINUTE;
import static io.semnal.features.Pipelines.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Timeframe;
import io.semnal.features.graph.Plans;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds for every column that can be written. */
class LanguagePropertiesTest {
  private static final long START = Instant.parse("2014-05-01T08:00:00Z").getEpochSecond() * SECOND;

  /** One quote of one instrument. */
  private record Quote(int instrument, long time, long bid, long ask) {}

  @Property(tries = 15)
  void provisionalThenClosedEqualsClosedAlone(@ForAll long seed) {
    List<Quote> quotes = quotes(seed, 4_000);
    List<double[]> alone = closedRows(quotes, Columns.ALL, false, null);
    assertThat(closedRows(quotes, Columns.ALL, true, null))
        .usingElementComparator(Arrays::compare)
        .isEqualTo(alone);
  }

  @Property(tries = 10)
  void lastProvisionalRowOfABarEqualsTheClosedOne(@ForAll long seed) {
    FeaturePipeline pipeline = pipeline();
    // The age of the last quote alone is what time makes of it, and grows until the close.
    String[] columns =
        Arrays.stream(Columns.OWN).filter(c -> !c.startsWith("quoteAge")).toArray(String[]::new);
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.M1, columns), 0);
    for (Quote q : quotes(seed, 3_000)) {
      double[] provisional = null;
      if (pipeline.nextBoundary() <= q.time && pipeline.forming(0, 0).ticks > 0) {
        row.forming();
        provisional = values(row);
      }
      quote(pipeline, q, (i, t, bar) -> {});
      if (provisional != null) {
        row.closed();
        assertThat(provisional).isEqualTo(values(row));
      }
    }
  }

  @Property(tries = 10)
  void theFutureChangesNothing(@ForAll long seed) {
    List<Quote> quotes = quotes(seed, 3_000);
    List<double[]> whole = closedRows(quotes, Columns.ALL, false, null);
    List<double[]> part = closedRows(quotes.subList(0, 1_500), Columns.ALL, false, null);
    assertThat(part).isNotEmpty();
    assertThat(part)
        .usingElementComparator(Arrays::compare)
        .isEqualTo(whole.subList(0, part.size()));
  }

  @Property(tries = 10)
  void clocksBetweenQuotesChangeNothing(@ForAll long seed) {
    List<Quote> quotes = quotes(seed, 3_000);
    List<double[]> plain = closedRows(quotes, Columns.ALL, false, null);
    List<double[]> clocked = closedRows(quotes, Columns.ALL, false, new Random(seed));
    assertThat(clocked.subList(0, plain.size()))
        .usingElementComparator(Arrays::compare)
        .isEqualTo(plain);
  }

  /**
   * Each closed row of the first instrument; with {@code clocks}, boundaries close at odd moments.
   */
  private static List<double[]> closedRows(
      List<Quote> quotes, String[] columns, boolean forming, Random clocks) {
    // Two hundred short lives: not worth writing classes for. WrittenPlanTest shows that the bits
    // are the same.
    FeaturePipeline pipeline =
        new FeaturePipeline(
            Pipelines.config("utc", Timeframe.M1, Timeframe.M5, Timeframe.M15),
            Plans.interpreted());
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.M1, columns), 0);
    FeatureRow long15 = pipeline.bind(Pipelines.set(Timeframe.M15, columns), 1);
    List<double[]> rows = new ArrayList<>();
    BarHandler handler =
        (instrument, timeframe, bar) -> {
          if (instrument == 0 && timeframe == 0) {
            row.closed();
            rows.add(values(row));
          } else if (instrument == 1 && timeframe == 2) {
            long15.closed();
            rows.add(values(long15));
          }
        };
    long last = START;
    for (Quote q : quotes) {
      if (clocks != null) {
        for (int i = 0; i < 3; i++) {
          last += clocks.nextLong(q.time - last + 1);
          pipeline.closeBoundary(last, handler);
        }
        last = q.time;
      }
      quote(pipeline, q, handler);
      if (forming) {
        row.forming();
        long15.forming();
      }
    }
    return rows;
  }

  private static void quote(FeaturePipeline pipeline, Quote q, BarHandler handler) {
    Pipelines.quote(pipeline, q.instrument, q.time, q.bid, q.ask, handler);
  }

  private static FeaturePipeline pipeline() {
    return Pipelines.pipeline(Timeframe.M1, Timeframe.M5, Timeframe.M15);
  }

  private static double[] values(FeatureRow row) {
    double[] values = new double[row.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.value(i);
    }
    return values;
  }

  private static List<Quote> quotes(long seed, int count) {
    Random random = new Random(seed);
    List<Quote> quotes = new ArrayList<>();
    long time = START;
    long[] price = {138_000_000, 168_000_000};
    for (int i = 0; i < count; i++) {
      time += random.nextInt(50) == 0 ? random.nextLong(3 * MINUTE) : random.nextLong(8 * SECOND);
      int instrument = random.nextInt(2);
      price[instrument] += random.nextInt(2_001) - 1_000;
      quotes.add(
          new Quote(
              instrument, time, price[instrument], price[instrument] + random.nextInt(3_000)));
    }
    return quotes;
  }
}
