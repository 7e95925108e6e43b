package io.semnal.core.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlignmentTest {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final Timeframe[] ALL = {
    Timeframe.M1, Timeframe.M15, Timeframe.H1, Timeframe.H4, Timeframe.D1
  };

  @ParameterizedTest
  @CsvSource({
    "utc, 4h, 2014-05-04T07:59:59.999999999Z, 2014-05-04T04:00:00Z, 2014-05-04T08:00:00Z",
    "utc, 1d, 2014-05-04T00:00:00Z, 2014-05-04T00:00:00Z, 2014-05-05T00:00:00Z",
    "fixed:-05:00, 1d, 2014-05-04T04:59:59Z, 2014-05-03T05:00:00Z, 2014-05-04T05:00:00Z",
    "fixed:+05:30, 1h, 2014-05-04T04:45:00Z, 2014-05-04T04:30:00Z, 2014-05-04T05:30:00Z",
    // summer: 17:00 in New York is 21:00 UTC; winter: 22:00
    "ny17, 1d, 2014-07-01T20:59:59Z, 2014-06-30T21:00:00Z, 2014-07-01T21:00:00Z",
    "ny17, 1d, 2014-01-10T22:00:00Z, 2014-01-10T22:00:00Z, 2014-01-11T22:00:00Z",
    "ny17, 4h, 2014-07-01T23:00:00Z, 2014-07-01T21:00:00Z, 2014-07-02T01:00:00Z",
    // clocks go forward on 9 March 2014: a day of 23 hours, its last 4h bar has 3
    "ny17, 1d, 2014-03-09T12:00:00Z, 2014-03-08T22:00:00Z, 2014-03-09T21:00:00Z",
    "ny17, 4h, 2014-03-09T20:30:00Z, 2014-03-09T18:00:00Z, 2014-03-09T21:00:00Z",
    // and back on 2 November 2014: 25 hours, a seventh 4h bar of 1
    "ny17, 1d, 2014-11-02T21:30:00Z, 2014-11-01T21:00:00Z, 2014-11-02T22:00:00Z",
    "ny17, 4h, 2014-11-02T21:30:00Z, 2014-11-02T21:00:00Z, 2014-11-02T22:00:00Z",
  })
  void findsTheBarOf(String alignment, String tf, Instant time, Instant open, Instant close) {
    Alignment a = Alignment.parse(alignment);
    Timeframe timeframe = Timeframe.parse(tf);
    assertThat(a.open(nanos(time), timeframe)).isEqualTo(nanos(open));
    assertThat(a.close(nanos(open), timeframe)).isEqualTo(nanos(close));
  }

  @Property(tries = 2_000)
  void newYorkDayIsWhatJavaTimeSays(@ForAll @LongRange(min = 0, max = 3_000_000_000L) long second) {
    ZonedDateTime local = Instant.ofEpochSecond(second).atZone(NEW_YORK);
    ZonedDateTime start = local.with(LocalTime.of(17, 0));
    if (start.isAfter(local)) {
      start = local.toLocalDate().minusDays(1).atTime(17, 0).atZone(NEW_YORK);
    }
    Alignment a = Alignment.parse("ny17");
    long open = a.open(second * 1_000_000_000L, Timeframe.D1);
    assertThat(open).isEqualTo(nanos(start.toInstant()));
    assertThat(a.close(open, Timeframe.D1))
        .isEqualTo(
            nanos(start.toLocalDate().plusDays(1).atTime(17, 0).atZone(NEW_YORK).toInstant()));
  }

  @Property(tries = 1_000)
  void barsTileTimeAndNestInLongerOnes(
      @ForAll @LongRange(min = 0, max = 3_000_000_000L) long second) {
    for (String text : new String[] {"utc", "ny17", "fixed:-05:00"}) {
      Alignment a = Alignment.parse(text);
      long time = second * 1_000_000_000L;
      long outerOpen = Long.MIN_VALUE;
      long outerClose = Long.MAX_VALUE;
      for (int i = ALL.length - 1; i >= 0; i--) {
        long open = a.open(time, ALL[i]);
        long close = a.close(open, ALL[i]);
        assertThat(time).isGreaterThanOrEqualTo(open).isLessThan(close);
        assertThat(open).isGreaterThanOrEqualTo(outerOpen);
        assertThat(close).isLessThanOrEqualTo(outerClose);
        assertThat(a.open(close, ALL[i]))
            .as("the next bar begins where this ends")
            .isEqualTo(close);
        assertThat(Duration.ofNanos(close - open)).isLessThanOrEqualTo(Duration.ofHours(25));
        outerOpen = open;
        outerClose = close;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "UTC+1", "ny", "fixed:5:00", "fixed:-15:00", "fixed:+01:75"})
  void refusesOtherText(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alignment.parse(text))
        .withMessageContaining("'" + text + "'");
  }

  @Test
  void refusesTimeframeThatDoesNotDivideADay() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Alignment.parse("utc").check(Timeframe.parse("7h")))
        .withMessage("timeframe 7h does not divide a day");
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }
}
