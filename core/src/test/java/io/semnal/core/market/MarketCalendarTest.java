package io.semnal.core.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.semnal.protocol.sbe.MarketSession;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarketCalendarTest {
  private static final LocalDate CHRISTMAS = LocalDate.of(2014, 12, 25);
  private final MarketCalendar calendar = new MarketCalendar(List.of(CHRISTMAS));

  @ParameterizedTest
  @CsvSource({
    "2014-05-02T20:59:59.999999999Z, true",
    "2014-05-02T21:00:00Z, false",
    "2014-05-04T20:59:59Z, false",
    "2014-05-04T21:00:00Z, true",
    "2014-12-24T21:59:59Z, true",
    "2014-12-24T22:00:00Z, false",
    "2014-12-25T21:59:59Z, false",
    "2014-12-25T22:00:00Z, true",
  })
  void isOpenFromSundayToFridayWithoutHolidays(Instant time, boolean open) {
    assertThat(calendar.isOpen(nanos(time))).isEqualTo(open);
  }

  @Property(tries = 3_000)
  void countsTradingDaysToTheMonthsEnd(
      @ForAll @LongRange(min = 0, max = 3_000_000_000L) long second) {
    Instant time = Instant.ofEpochSecond(second);
    LocalDate today =
        time.atZone(ZoneId.of("America/New_York")).toLocalDateTime().plusHours(7).toLocalDate();
    long expected =
        today
            .plusDays(1)
            .datesUntil(today.withDayOfMonth(1).plusMonths(1))
            .filter(d -> d.getDayOfWeek().getValue() < 6 && !d.equals(CHRISTMAS))
            .count();
    assertThat(calendar.tradingDaysToMonthEnd(nanos(time))).isEqualTo((int) expected);
  }

  @Test
  void monthsOfFourCenturiesEndWhereJavaTimeSays() {
    for (long day = -200_000; day < 200_000; day++) {
      LocalDate date = LocalDate.ofEpochDay(day);
      int expected = date.lengthOfMonth() - date.getDayOfMonth();
      if (MarketCalendar.daysLeftInMonth(day) != expected) {
        fail("%s: %d, not %d", date, MarketCalendar.daysLeftInMonth(day), expected);
      }
    }
  }

  @Property(tries = 3_000)
  void agreesWithJavaTime(@ForAll @LongRange(min = 0, max = 3_000_000_000L) long second) {
    Instant time = Instant.ofEpochSecond(second);
    ZonedDateTime ny = time.atZone(ZoneId.of("America/New_York"));
    ZonedDateTime london = time.atZone(ZoneId.of("Europe/London"));
    DayOfWeek day = ny.getDayOfWeek();
    boolean afterRollover = ny.getHour() >= 17;
    boolean open =
        switch (day) {
          case SUNDAY -> afterRollover;
          case FRIDAY -> !afterRollover;
          case SATURDAY -> false;
          default -> true;
        };
    boolean inLondon = london.getHour() >= 8 && london.getHour() < 17;
    boolean inNewYork = ny.getHour() >= 8 && ny.getHour() < 17;
    MarketSession expected =
        !open
            ? MarketSession.CLOSED
            : inLondon && inNewYork
                ? MarketSession.OVERLAP
                : inLondon
                    ? MarketSession.LONDON
                    : inNewYork ? MarketSession.NEW_YORK : MarketSession.ASIA;
    MarketCalendar plain = new MarketCalendar(List.of());
    assertThat(plain.isOpen(nanos(time))).isEqualTo(open);
    assertThat(plain.session(nanos(time))).isEqualTo(expected);
  }

  @Test
  void addsOpenTimeAcrossTheWeekend() {
    long friday = nanos(Instant.parse("2014-05-02T20:00:00Z"));
    long hour = Duration.ofHours(1).toNanos();
    assertThat(calendar.addOpenTime(friday, hour)).isEqualTo(friday + hour);
    assertThat(calendar.addOpenTime(friday, 2 * hour))
        .isEqualTo(nanos(Instant.parse("2014-05-04T22:00:00Z")));
    assertThat(calendar.addOpenTime(nanos(Instant.parse("2014-05-03T12:00:00Z")), hour))
        .isEqualTo(nanos(Instant.parse("2014-05-04T22:00:00Z")));
  }

  @Test
  void addsNoOpenTimeOnHolidays() {
    assertThat(
            calendar.addOpenTime(
                nanos(Instant.parse("2014-12-24T21:30:00Z")), Duration.ofHours(1).toNanos()))
        .isEqualTo(nanos(Instant.parse("2014-12-25T22:30:00Z")));
  }

  @Test
  void findsTheNextRollover() {
    assertThat(calendar.nextRollover(nanos(Instant.parse("2014-07-01T21:00:00Z"))))
        .isEqualTo(nanos(Instant.parse("2014-07-02T21:00:00Z")));
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }
}
