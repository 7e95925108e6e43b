package io.semnal.features.bar;

import static io.semnal.features.Pipelines.MINUTE;
import static io.semnal.features.Pipelines.mantissa;
import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Timeframe;
import io.semnal.features.Bar;
import io.semnal.features.BarHandler;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.Pipelines;
import io.semnal.features.TestData;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bars made from ticks and from shorter bars, against the files that LEAN publishes. */
class LeanBarsTest {
  private static final long MILLI = 1_000_000L;
  private static final DateTimeFormatter DATE = DateTimeFormatter.BASIC_ISO_DATE;

  @ParameterizedTest
  @CsvSource({"oanda,eurusd,0", "oanda,nzdusd,0", "fxcm,eurusd,5", "fxcm,nzdusd,5"})
  void minuteBarsOfTicksEqualMinuteFiles(String source, String symbol, int hoursWest) {
    int bars = 0;
    for (Path tickFile : TestData.list("lean/" + source + "/tick/" + symbol)) {
      long midnight = midnight(tickFile.getFileName().toString(), hoursWest);
      List<String> actual = new ArrayList<>();
      FeaturePipeline pipeline =
          Pipelines.pipeline(Timeframe.M1, Timeframe.M5, Timeframe.H1, Timeframe.D1);
      BarHandler handler =
          (instrument, timeframe, bar) -> {
            if (timeframe == 0) {
              actual.add(text(bar, midnight));
            }
          };
      for (String line : TestData.zipLines(tickFile)) {
        String[] f = line.split(",");
        Pipelines.quote(
            pipeline,
            0,
            midnight + Long.parseLong(f[0]) * MILLI,
            mantissa(f[1]),
            mantissa(f[2]),
            handler);
      }
      while (pipeline.nextBoundary() != Long.MAX_VALUE) {
        pipeline.closeBoundary(pipeline.nextBoundary(), handler);
      }
      List<String> expected = new ArrayList<>();
      Path minutes = tickFile.resolve("../../../minute/" + symbol + "/" + tickFile.getFileName());
      for (String line : TestData.zipLines(minutes.normalize())) {
        expected.add(text(parse(line.split(","))));
      }
      assertThat(actual).as("%s", tickFile).isEqualTo(expected);
      bars += actual.size();
    }
    assertThat(bars).isGreaterThan(1_000);
  }

  @Test
  void longerBarsOfMinutesEqualHourAndDayFiles() {
    // Days whose minute files are whole; the hour and day files go on for years.
    TreeMap<Long, String> hours = longBars("lean/fxcm/hour/eurusd.zip");
    TreeMap<Long, String> days = longBars("lean/fxcm/daily/eurusd.zip");
    FeaturePipeline pipeline =
        new FeaturePipeline(
            Pipelines.config(
                "fixed:-05:00", Timeframe.M1, Timeframe.M5, Timeframe.H1, Timeframe.D1));
    TreeMap<Long, String> actualHours = new TreeMap<>();
    TreeMap<Long, String> actualDays = new TreeMap<>();
    for (Path file : TestData.list("lean/fxcm/minute/eurusd")) {
      long midnight = midnight(file.getFileName().toString(), 5);
      for (String line : TestData.zipLines(file)) {
        String[] f = line.split(",");
        long[] prices = parse(f);
        Bar bar = bar(midnight + prices[0] * MILLI, MINUTE, prices);
        pipeline.onHistoricalBar(0, 0, bar);
        put(actualHours, pipeline.closed(0, 2));
        put(actualDays, pipeline.closed(0, 3));
      }
    }
    assertThat(actualHours).hasSizeGreaterThan(100);
    assertThat(actualDays).hasSizeGreaterThan(4);
    assertThat(actualHours).isEqualTo(until(hours, actualHours.lastKey()));
    assertThat(actualDays).isEqualTo(until(days, actualDays.lastKey()));
  }

  /** All hours and days of the files, eleven years. */
  @Test
  void daysOfHoursEqualTheDayFile() {
    FeaturePipeline pipeline =
        new FeaturePipeline(Pipelines.config("fixed:-05:00", Timeframe.H1, Timeframe.D1));
    TreeMap<Long, String> days = new TreeMap<>();
    BarHandler handler =
        (instrument, timeframe, closed) -> {
          if (timeframe == 1) {
            put(days, closed);
          }
        };
    for (String line : TestData.zipLines(TestData.path("lean/fxcm/hour/eurusd.zip"))) {
      String[] f = line.split(",");
      Bar bar = bar(localMinutes(f[0]) * MINUTE, 60 * MINUTE, prices(f));
      pipeline.addHistoricalBar(0, 0, bar, handler);
    }
    pipeline.closeHistory(handler);
    TreeMap<Long, String> expected = new TreeMap<>();
    for (String line : TestData.zipLines(TestData.path("lean/fxcm/daily/eurusd.zip"))) {
      String[] f = line.split(",");
      expected.put(localMinutes(f[0]) * MINUTE, text(prices(f)));
    }
    assertThat(days).hasSize(3_487).isEqualTo(expected);
  }

  private static TreeMap<Long, String> until(TreeMap<Long, String> bars, long last) {
    return new TreeMap<>(bars.headMap(last, true));
  }

  private static long[] prices(String[] f) {
    String[] row = f.clone();
    row[0] = "0";
    return parse(row);
  }

  /** Minutes since the epoch of a time in the file's zone, UTC-05:00. */
  private static long localMinutes(String text) {
    LocalDate date = LocalDate.parse(text.substring(0, 8), DATE);
    return date.toEpochDay() * 1440
        + 300
        + Integer.parseInt(text.substring(9, 11)) * 60L
        + Integer.parseInt(text.substring(12, 14));
  }

  private static Bar bar(long open, long length, long[] prices) {
    Bar bar = new Bar();
    bar.openTime = open;
    bar.closeTime = open + length;
    bar.bidOpen = prices[1];
    bar.bidHigh = prices[2];
    bar.bidLow = prices[3];
    bar.bidClose = prices[4];
    bar.askOpen = prices[5];
    bar.askHigh = prices[6];
    bar.askLow = prices[7];
    bar.askClose = prices[8];
    return bar;
  }

  private static void put(TreeMap<Long, String> bars, Bar bar) {
    if (bar.ticks > 0) {
      bars.put(bar.openTime, text(bar, bar.openTime));
    }
  }

  private static TreeMap<Long, String> longBars(String file) {
    TreeMap<Long, String> bars = new TreeMap<>();
    for (String line : TestData.zipLines(TestData.path(file))) {
      String[] f = line.split(",");
      LocalDate date = LocalDate.parse(f[0].substring(0, 8), DATE);
      if (date.getYear() != 2014 || date.getMonthValue() != 5) {
        continue;
      }
      bars.put(localMinutes(f[0]) * MINUTE, text(prices(f)));
    }
    return bars;
  }

  private static long midnight(String fileName, int hoursWest) {
    return (LocalDate.parse(fileName.substring(0, 8), DATE).toEpochDay() * 1440 + hoursWest * 60L)
        * MINUTE;
  }

  /** Time as it stands, then bid and ask prices as mantissas, the sizes left out. */
  private static long[] parse(String[] f) {
    return new long[] {
      Long.parseLong(f[0]),
      mantissa(f[1]),
      mantissa(f[2]),
      mantissa(f[3]),
      mantissa(f[4]),
      mantissa(f[6]),
      mantissa(f[7]),
      mantissa(f[8]),
      mantissa(f[9])
    };
  }

  private static String text(long[] fields) {
    return Arrays.toString(fields);
  }

  private static String text(Bar bar, long midnight) {
    return text(
        new long[] {
          (bar.openTime - midnight) / MILLI,
          bar.bidOpen,
          bar.bidHigh,
          bar.bidLow,
          bar.bidClose,
          bar.askOpen,
          bar.askHigh,
          bar.askLow,
          bar.askClose
        });
  }
}
