package io.semnal.features.bar;

import static io.semnal.features.Pipelines.MINUTE;
import static io.semnal.features.Pipelines.SECOND;
import static io.semnal.features.Pipelines.mantissa;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.QualityConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.features.Pipelines;
import io.semnal.features.TestData;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where bars of real calendars begin and end, and what market hours do to them: marks only. */
class CalendarBarsTest {
  private static final Timeframe[] TIMEFRAMES = {
    Timeframe.M1, Timeframe.parse("1h"), Timeframe.H4, Timeframe.D1
  };
  private static final long OPENING =
      Instant.parse("2014-05-04T21:00:00Z").getEpochSecond() * SECOND;

  /**
   * Boundaries by hand. New York's clocks went forward on 9 March 2014 at 07:00 UTC, and back on 2
   * November at 06:00: 17:00 there is 22:00 UTC in winter and 21:00 in summer.
   */
  @ParameterizedTest
  @CsvSource({
    "ny17, 4h, 2014-03-08T18:00Z 08T22:00 09T02:00 09T06:00 09T10:00 09T14:00 09T18:00 09T21:00"
        + " 10T01:00 10T05:00 10T09:00 10T13:00 10T17:00 10T21:00",
    "ny17, 4h, 2014-11-01T17:00Z 01T21:00 02T01:00 02T05:00 02T09:00 02T13:00 02T17:00 02T21:00"
        + " 02T22:00 03T02:00 03T06:00 03T10:00 03T14:00 03T18:00 03T22:00",
    "ny17, 1d, 2014-03-07T22:00Z 08T22:00 09T21:00 10T21:00 11T21:00",
    "ny17, 1d, 2014-11-01T21:00Z 02T22:00 03T22:00 04T22:00",
    "ny17, 1d, 2014-07-01T21:00Z 02T21:00 03T21:00",
    "fixed:-05:00, 4h, 2014-03-08T21:00Z 09T01:00 09T05:00 09T09:00 09T13:00 09T17:00 09T21:00",
    "fixed:-05:00, 1d, 2014-03-08T05:00Z 09T05:00 10T05:00",
    "fixed:-05:00, 1d, 2014-11-01T05:00Z 02T05:00 03T05:00",
    "utc, 4h, 2014-11-02T00:00Z 02T04:00 02T08:00 02T12:00 02T16:00 02T20:00 03T00:00",
    "utc, 1d, 2014-03-08T00:00Z 09T00:00 10T00:00",
  })
  void barsOfTicksEndAtTheCalendarsBoundaries(String alignment, String tf, String boundaries) {
    List<Long> expected = new ArrayList<>();
    String[] parts = boundaries.split("\\s+");
    String month = parts[0].substring(0, 8);
    expected.add(nanos(parts[0].replace("Z", ":00Z")));
    for (int i = 1; i < parts.length; i++) {
      expected.add(nanos(month + parts[i] + ":00Z"));
    }
    Timeframe timeframe = Timeframe.parse(tf);
    FeaturePipeline pipeline = new FeaturePipeline(Pipelines.config(alignment, TIMEFRAMES));
    List<Bar> bars = new ArrayList<>();
    // Ticks every seven minutes, market hours or not; then one that ends the last bar.
    for (long t = expected.getFirst(); t <= expected.getLast() + MINUTE; t += 7 * MINUTE) {
      Pipelines.quote(
          pipeline,
          0,
          t,
          100,
          101,
          (instrument, index, bar) -> {
            if (TIMEFRAMES[index].equals(timeframe)) {
              bars.add(Pipelines.copy(bar));
            }
          });
    }
    while (pipeline.nextBoundary() <= expected.getLast()) {
      pipeline.closeBoundary(
          pipeline.nextBoundary(),
          (instrument, index, bar) -> {
            if (TIMEFRAMES[index].equals(timeframe)) {
              bars.add(Pipelines.copy(bar));
            }
          });
    }
    List<Long> opens = bars.stream().map(b -> b.openTime).toList();
    List<Long> closes = bars.stream().map(b -> b.closeTime).toList();
    assertThat(opens).isEqualTo(expected.subList(0, expected.size() - 1));
    assertThat(closes).isEqualTo(expected.subList(1, expected.size()));
    for (Bar bar : bars.subList(1, bars.size())) {
      assertThat(bar.flags & (BarFlagBits.GAP | BarFlagBits.PARTIAL)).isZero();
    }
  }

  /** The file begins 102 minutes that have ticks before Sunday's opening at 21:00 UTC. */
  @Test
  void minutesBeforeTheOpeningAreMarkedAndKept() {
    List<Bar> bars = minutesOfSunday(List.of());
    List<Bar> before = bars.stream().filter(b -> b.openTime < OPENING).toList();
    assertThat(before).hasSize(102);
    assertThat(bars).hasSize(547);
    for (Bar bar : bars) {
      assertThat((bar.flags & BarFlagBits.OFF_HOURS) != 0).isEqualTo(bar.openTime < OPENING);
    }
  }

  @Test
  void barsOfAHolidayAreMarkedAndKept() {
    // The trading day that begins on Sunday evening has Monday's date.
    List<Bar> bars = minutesOfSunday(List.of(LocalDate.of(2014, 5, 5)));
    assertThat(bars).hasSize(547);
    assertThat(bars).allMatch(b -> (b.flags & BarFlagBits.OFF_HOURS) != 0);
  }

  /** Friday evening, then Sunday: not one bar in between, and the first one after it is marked. */
  @Test
  void noBarIsInventedOverAWeekend() {
    FeaturePipeline pipeline = new FeaturePipeline(Pipelines.config("ny17", TIMEFRAMES));
    FeatureRow row = pipeline.bind(Pipelines.set(Timeframe.M1, "quality.gap", "quality.closed"), 0);
    List<String> closed = new ArrayList<>();
    long friday = nanos("2014-05-02T20:59:30Z");
    for (long time : new long[] {friday, OPENING + 30 * SECOND, OPENING + MINUTE}) {
      Pipelines.quote(
          pipeline,
          0,
          time,
          100,
          101,
          (instrument, index, bar) ->
              closed.add(TIMEFRAMES[index] + " " + Instant.ofEpochSecond(bar.openTime / SECOND)));
    }
    assertThat(closed)
        .containsExactly(
            "1m 2014-05-02T20:59:00Z",
            "1h 2014-05-02T20:00:00Z",
            "4h 2014-05-02T17:00:00Z",
            "1d 2014-05-01T21:00:00Z",
            "1m 2014-05-04T21:00:00Z");
    row.closed();
    assertThat(row.value(0)).isOne();
    assertThat(row.value(1)).isZero();
  }

  private static List<Bar> minutesOfSunday(List<LocalDate> holidays) {
    EngineConfig config =
        new EngineConfig(
            List.of(Pipelines.EURUSD),
            List.of(Timeframe.M1),
            "utc",
            holidays,
            QualityConfig.acceptAll(),
            List.of(),
            List.of());
    FeaturePipeline pipeline = new FeaturePipeline(config);
    long midnight = nanos("2014-05-04T05:00:00Z");
    List<Bar> bars = new ArrayList<>();
    for (String line :
        TestData.zipLines(TestData.path("lean/fxcm/tick/eurusd/20140504_quote.zip"))) {
      String[] f = line.split(",");
      Pipelines.quote(
          pipeline,
          0,
          midnight + Long.parseLong(f[0]) * 1_000_000L,
          mantissa(f[1]),
          mantissa(f[2]),
          (instrument, index, bar) -> bars.add(Pipelines.copy(bar)));
    }
    pipeline.closeBoundary(
        pipeline.nextBoundary(), (instrument, index, bar) -> bars.add(Pipelines.copy(bar)));
    return bars;
  }

  private static long nanos(String instant) {
    return Instant.parse(instant).getEpochSecond() * SECOND;
  }
}
