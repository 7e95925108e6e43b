package io.semnal.features;

import static io.semnal.features.Pipelines.MINUTE;
import static io.semnal.features.Pipelines.SECOND;
import static io.semnal.features.Pipelines.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.FeatureSetConfig.Price;
import io.semnal.core.market.Timeframe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeaturePipelineTest {
  private static final long UNIT = 100_000_000L;
  private static final BarHandler NOBODY = (i, t, bar) -> {};

  /** Thursday, London open. */
  private static final long START = Instant.parse("2014-05-01T08:00:00Z").getEpochSecond() * SECOND;

  private final FeaturePipeline pipeline =
      Pipelines.pipeline(Timeframe.M1, Timeframe.M5, Timeframe.M15);

  @Test
  void rowSeesTheLongerBarThatClosedAtTheSameBoundary() {
    FeatureRow row =
        pipeline.bind(set(Timeframe.M1, "close", "close@15m", "close@15m - lag(close@15m,1)"), 0);
    for (int minute = 0; minute < 31; minute++) {
      quote(0, minute, 0, minute + 1);
      if (minute < 15) {
        row.closed();
        assertThat(row.value(1)).isNaN();
      }
    }
    row.closed();
    assertThat(row.value(0)).isEqualTo(30);
    assertThat(row.value(1)).as("the bar that ended with minute 30").isEqualTo(30);
    assertThat(row.value(2)).as("15 a minute before").isEqualTo(15);
  }

  @Test
  void formingRowKeepsTheClosedValueOfALongerBar() {
    FeatureRow row = pipeline.bind(set(Timeframe.M1, "close@5m", "close@1m", "close"), 0);
    for (int minute = 0; minute <= 6; minute++) {
      quote(0, minute, 0, minute + 1);
    }
    row.forming();
    assertThat(row.value(0)).isEqualTo(5);
    assertThat(row.value(1)).isEqualTo(6);
    assertThat(row.value(2)).isEqualTo(7);
  }

  @Test
  void instrumentsMayLookAtEachOtherWhateverTheirOrder() {
    FeatureRow first = pipeline.bind(set(Timeframe.M1, "close#GBPUSD", "close - close#GBPUSD"), 0);
    FeatureRow second =
        pipeline.bind(set(Timeframe.M1, "close#EURUSD", "(close#EURUSD)@5m#EURUSD"), 1);
    for (int minute = 0; minute <= 5; minute++) {
      quote(0, minute, 0, 100 + minute);
      quote(1, minute, 1, 200 + minute);
    }
    first.closed();
    second.closed();
    assertThat(first.value(0)).isEqualTo(204);
    assertThat(first.value(1)).isEqualTo(-100);
    assertThat(second.value(0)).isEqualTo(104);
    assertThat(second.value(1)).isEqualTo(104);
  }

  @Test
  void valueOlderThanTwoOfItsPeriodsIsMissing() {
    FeatureRow row = pipeline.bind(set(Timeframe.M1, "close#GBPUSD"), 0);
    quote(1, 0, 0, 50);
    quote(0, 0, 1, 60);
    quote(0, 2, 59, 60);
    row.closed();
    assertThat(row.value(0)).isEqualTo(50);
    row.forming();
    assertThat(row.value(0)).as("age 1:59").isEqualTo(50);
    quote(0, 3, 1, 60);
    row.closed();
    assertThat(row.value(0)).as("age 2:00 at the boundary").isEqualTo(50);
    row.forming();
    assertThat(row.value(0)).as("age 2:01").isNaN();
    quote(0, 4, 0, 60);
    row.closed();
    assertThat(row.value(0)).isNaN();
  }

  @Test
  void priceIsMidBidOrAsk() {
    FeatureRow mid = pipeline.bind(priced(Price.MID), 0);
    FeatureRow bid = pipeline.bind(priced(Price.BID), 0);
    FeatureRow ask = pipeline.bind(priced(Price.ASK), 0);
    pipeline.onQuote(0, START, START, 138_626_000, 138_627_000, 0, 0, 0);
    for (FeatureRow row : List.of(mid, bid, ask)) {
      row.forming();
    }
    assertThat(mid.value(0)).isEqualTo(1.386265);
    assertThat(bid.value(0)).isEqualTo(1.38626);
    assertThat(ask.value(0)).isEqualTo(1.38627);
  }

  @Test
  void knowsSpreadsAndTicks() {
    FeatureRow row =
        pipeline.bind(
            set(
                Timeframe.M1,
                "spread.last",
                "spread.mean",
                "spread.min",
                "spread.max",
                "spread.relative",
                "ticks"),
            0);
    pipeline.onQuote(0, START, START, UNIT, UNIT + 1000, 0, 0, 0);
    pipeline.onQuote(0, START, START, UNIT, UNIT + 4000, 0, 0, 0);
    pipeline.onQuote(0, START, START, UNIT, UNIT + 2500, 0, 0, 0);
    row.forming();
    assertThat(row.value(0)).isEqualTo(0.000025);
    assertThat(row.value(1)).isEqualTo(0.000025);
    assertThat(row.value(2)).isEqualTo(0.00001);
    assertThat(row.value(3)).isEqualTo(0.00004);
    assertThat(row.value(4)).isEqualTo(2 * 2500.0 / (2 * UNIT + 2500));
    assertThat(row.value(5)).isEqualTo(3);
  }

  @Test
  void knowsTheClockAtTheBarsClose() {
    FeatureRow row =
        pipeline.bind(
            set(
                Timeframe.M15,
                "session.hourSin",
                "session.hourCos",
                "session.weekdaySin",
                "session.weekdayCos",
                "session.isAsia",
                "session.isLondon",
                "session.isNewYork",
                "session.isOverlap",
                "session.minutesToRollover",
                "session.hour",
                "session.weekday",
                "session.daysToMonthEnd",
                "session.isMonthEnd"),
            0);
    long time = Instant.parse("2014-05-01T12:50:00Z").getEpochSecond() * SECOND;
    pipeline.onQuote(0, time, time, 1, 2, 0, 0, 0);
    row.forming();
    double angle = 2 * Math.PI * 13 / 24;
    double[] expected = {
      Math.sin(angle),
      Math.cos(angle),
      Math.sin(6 * Math.PI / 7),
      Math.cos(6 * Math.PI / 7),
      0,
      1,
      1,
      1,
      8 * 60,
      13,
      4,
      // 2 May and the four whole weeks after it
      21,
      0
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat(row.value(i)).as("column %d", i).isCloseTo(expected[i], within());
    }
  }

  /** 31 May 2014 is a Saturday: the month's last trading day ends on Friday the 30th at 17:00. */
  @ParameterizedTest
  @CsvSource({
    "2014-05-29T20:58:30Z, 1, 0",
    "2014-05-29T21:00:30Z, 0, 1",
    "2014-05-30T20:58:30Z, 0, 1",
    "2014-05-30T21:00:30Z, 0, 0",
    "2014-06-01T21:00:30Z, 20, 0",
  })
  void knowsTheMonthsLastTradingDay(Instant at, int daysLeft, int isLast) {
    FeatureRow row =
        pipeline.bind(set(Timeframe.M1, "session.daysToMonthEnd", "session.isMonthEnd"), 0);
    long time = at.getEpochSecond() * SECOND;
    pipeline.onQuote(0, time, time, 1, 2, 0, 0, 0);
    row.forming();
    assertThat(row.value(0)).isEqualTo(daysLeft);
    assertThat(row.value(1)).isEqualTo(isLast);
  }

  @Test
  void writesColumnsInOrder() {
    FeatureRow row = pipeline.bind(set(Timeframe.M1, "close", "1 / 3", "sma(5)"), 0);
    quote(0, 0, 0, 2);
    row.forming();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment floats = arena.allocate(16);
      row.writeFloats(floats, 4);
      assertThat(floats.get(ValueLayout.JAVA_FLOAT, 4)).isEqualTo(2f);
      assertThat(floats.get(ValueLayout.JAVA_FLOAT, 8)).isEqualTo((float) (1.0 / 3));
      assertThat(floats.get(ValueLayout.JAVA_FLOAT, 12)).isNaN();
      MemorySegment doubles = arena.allocate(24);
      row.writeDoubles(doubles, 0);
      assertThat(doubles.get(ValueLayout.JAVA_DOUBLE, 8)).isEqualTo(1.0 / 3);
    }
  }

  @Test
  void formingRowWithoutFormingBarIsTheClosedOne() {
    FeatureRow row = pipeline.bind(set(Timeframe.M1, "close"), 0);
    quote(0, 0, 0, 2);
    pipeline.closeBoundary(pipeline.nextBoundary(), NOBODY);
    row.forming();
    assertThat(row.value(0)).isEqualTo(2);
  }

  @Test
  void bindingAfterTheFirstQuoteIsRefused() {
    quote(0, 0, 0, 2);
    assertThatIllegalStateException()
        .isThrownBy(() -> pipeline.bind(set(Timeframe.M1, "close"), 0))
        .withMessageContaining("before the first quote");
  }

  @Test
  void aSetThatNobodyBindsMayLookAtWhatIsNotConfigured() {
    FeaturePipeline other =
        new FeaturePipeline(configured(Timeframe.H1, "close#XAUUSD", "close@15m", "rsi(14)"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> other.bind(set(Timeframe.M1, "close#XAUUSD"), 0))
        .withMessageContaining("unknown instrument 'XAUUSD'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> other.bind(set(Timeframe.M1, "close@15m"), 0))
        .withMessageContaining("timeframe 15m is not one of [1m]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> other.bind(set(Timeframe.H1, "close"), 0))
        .withMessageContaining("timeframe 1h is not one of [1m]");
  }

  @Test
  void aSetThatNobodyBindsIsStillChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FeaturePipeline(configured(Timeframe.M1, "rsx(14)#XAUUSD")))
        .withMessageContaining("unknown name 'rsx'; did you mean 'rsi'?");
  }

  private static EngineConfig configured(Timeframe timeframe, String... columns) {
    EngineConfig plain = Pipelines.config("utc", Timeframe.M1);
    return new EngineConfig(
        plain.instruments(),
        plain.timeframes(),
        plain.alignment(),
        plain.holidays(),
        plain.quality(),
        List.of(set(timeframe, columns)),
        plain.strategies());
  }

  @Test
  void warmUpIsCountedPerTimeframe() {
    assertThat(
            pipeline.warmUpBars(set(Timeframe.M1, "sma(30)", "sma(20)@15m", "mean(close@5m, 11)")))
        .isEqualTo(Map.of(Timeframe.M1, 30, Timeframe.M5, 3, Timeframe.M15, 20));
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-12);
  }

  private static FeatureSetConfig priced(Price price) {
    return new FeatureSetConfig(price.name(), Timeframe.M1, price, List.of("close"));
  }

  private void quote(int instrument, int minute, int second, long price) {
    Pipelines.quote(
        pipeline,
        instrument,
        START + minute * MINUTE + second * SECOND,
        price * UNIT,
        price * UNIT,
        NOBODY);
  }
}
