package io.semnal.features.indicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Timeframe;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.features.Pipelines;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Levels of trading days that part at 17:00 in New York, over both changes of the clocks. */
class SessionLevelTest {
  private static final long UNIT = 100_000_000L;
  private static final long HOUR = 3_600 * Pipelines.SECOND;
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  /** High, low, close of a day. */
  private static final class Day {
    long high = Long.MIN_VALUE;
    long low = Long.MAX_VALUE;
    long close;
  }

  @Test
  void levelsAreThoseOfTheTradingDay() {
    for (String start : List.of("2014-03-06T00:00:00Z", "2014-10-30T00:00:00Z")) {
      check(Instant.parse(start));
    }
  }

  private static void check(Instant start) {
    FeaturePipeline pipeline = Pipelines.pipeline(Timeframe.H1);
    FeatureRow row =
        pipeline.bind(
            Pipelines.set(
                Timeframe.H1,
                "sessionMax",
                "sessionMin",
                "previousSession",
                "pivots",
                "pivots.r1",
                "pivots.s3"),
            0);
    Random random = new Random(4);
    TreeMap<LocalDate, Day> days = new TreeMap<>();
    int warmAt = -1;
    for (int i = 0; i < 24 * 8; i++) {
      if (random.nextInt(12) == 0) {
        continue;
      }
      long open = start.getEpochSecond() * Pipelines.SECOND + i * HOUR;
      long price = 100 + random.nextInt(50);
      long high = price + random.nextInt(9);
      long low = price - random.nextInt(9);
      pipeline.onHistoricalBar(
          0,
          0,
          Pipelines.bar(
              open, open + HOUR, new long[] {price * UNIT, high * UNIT, low * UNIT, price * UNIT}));
      // 17:00 is the seventh hour before midnight: seven hours later, the date is the day's own.
      LocalDate date =
          Instant.ofEpochSecond(open / Pipelines.SECOND)
              .atZone(NEW_YORK)
              .toLocalDateTime()
              .plusHours(7)
              .toLocalDate();
      Day day = days.computeIfAbsent(date, d -> new Day());
      day.high = Math.max(day.high, high);
      day.low = Math.min(day.low, low);
      day.close = price;
      row.closed();
      assertThat(row.value(0)).isEqualTo(day.high);
      assertThat(row.value(1)).isEqualTo(day.low);
      var before = days.lowerEntry(date);
      if (before == null) {
        assertThat(row.value(2)).isNaN();
        continue;
      }
      Day last = before.getValue();
      double pivot = (last.high + last.low + last.close) / 3.0;
      assertThat(row.value(2)).isEqualTo(last.close);
      assertThat(row.value(3)).isEqualTo(pivot);
      assertThat(row.value(4)).isEqualTo(2 * pivot - last.low);
      assertThat(row.value(5)).isEqualTo(last.low - 2 * (last.high - pivot));
      if (warmAt < 0 && row.isWarm()) {
        warmAt = days.size();
      }
    }
    assertThat(days).hasSizeGreaterThan(7);
    assertThat(warmAt).as("the first whole day is the second one").isEqualTo(3);
  }
}
