package io.semnal.feed.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeFormatTest {
  private static final long LAST = TimeFormat.END - 1;

  @Property
  void isoAgreesWithJavaTime(
      @ForAll @LongRange(min = 86_400_000_000_000L, max = LAST - 86_400_000_000_000L) long nanos,
      @ForAll @IntRange(min = -1_080, max = 1_080) int offsetMinutes) {
    ZoneOffset zone = ZoneOffset.ofTotalSeconds(offsetMinutes * 60);
    Instant instant = Instant.ofEpochSecond(0, nanos);
    OffsetDateTime there = instant.atOffset(zone);

    assertThat(parse(TimeFormat.of("iso", ZoneOffset.UTC), there.toString())).isEqualTo(nanos);
    assertThat(parse(TimeFormat.of("iso", zone), there.toLocalDateTime().toString()))
        .isEqualTo(nanos);
    assertThat(
            parse(
                new CalendarTime(null, CalendarTime.DOTS),
                there.format(DateTimeFormatter.ofPattern("dd.MM.uuuu HH:mm:ss.SSSSSSSSS 'GMT'xx"))))
        .isEqualTo(nanos);
    assertThat(
            parse(
                new CalendarTime(zone, CalendarTime.COMPACT),
                there.format(DateTimeFormatter.ofPattern("uuuuMMdd HH:mm:ss.SSSSSSSSS"))))
        .isEqualTo(nanos);
  }

  @Property
  void patternAgreesWithJavaTime(@ForAll @LongRange(min = 0, max = 7_258_118_399L) long seconds) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
    String pattern = "MM/dd/yyyy hh:mm:ss a";
    String text = time.format(DateTimeFormatter.ofPattern(pattern, java.util.Locale.ENGLISH));
    assertThat(parse(TimeFormat.of(pattern, ZoneOffset.UTC), text))
        .isEqualTo(seconds * 1_000_000_000);
  }

  @ParameterizedTest
  @CsvSource({
    "epoch-s, 1398902400, 1398902400000000000",
    "epoch-s, 1398902400.123456789, 1398902400123456789",
    "epoch-s, 1398902400.1234567890000, 1398902400123456789",
    "epoch-ms, 1398902400123, 1398902400123000000",
    "epoch-ms, 1398902400123.5, 1398902400123500000",
    "epoch-us, 1398902400123456, 1398902400123456000",
    "epoch-ns, 1398902400123456789, 1398902400123456789",
  })
  void readsCounts(String format, String text, long expected) {
    assertThat(parse(TimeFormat.of(format, ZoneOffset.ofHours(3)), text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2014-05-01",
        "2014-02-29 00:00:00",
        "2100-02-29 00:00:00",
        "2014-04-31 00:00:00",
        "2014-13-01 00:00:00",
        "2014-00-01 00:00:00",
        "2014-05-00 00:00:00",
        "2014-05-01 24:00:00",
        "2014-05-01 23:60:00",
        "2014-05-01 23:59:60",
        "2014-05-01 23:59:59.",
        "2014-05-01 23:59:59.1234567891",
        "2014-05-01x23:59:59",
        "2014-05-01 23:59:59+",
        "2014-05-01 23:59:59+1",
        "2014-05-01 23:59:59+19:00",
        "2014-05-01 23:59:59+02:60",
        "2014-05-01 23:59:59Z0",
        "2014-05-01 23:59:59 ",
        "1969-12-31 23:59:59",
        "2200-01-01 00:00:00",
        "1970-01-01 00:00:00+01:00",
        "01.05.2014 00:00:00",
        "20140501 00:00",
        "2014-05-01 0:00:00",
        "2014-05-01 00:00:0",
        "-014-05-01 00:00:00"
      })
  void isoRefusesWhatIsNoTime(String text) {
    assertThat(parse(TimeFormat.of("iso", ZoneOffset.UTC), text)).isEqualTo(TimeFormat.BAD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.", ".5", "1398902400123456789012", "7258118400000", "1a"})
  void countsRefuseWhatIsNone(String text) {
    assertThat(parse(TimeFormat.of("epoch-ms", ZoneOffset.UTC), text)).isEqualTo(TimeFormat.BAD);
  }

  @Test
  void leanMillisecondsEndAtMidnight() {
    assertThat(parse(CountedTime.millisOfDay(0), "86399999")).isEqualTo(86_399_999_000_000L);
    assertThat(parse(CountedTime.millisOfDay(0), "86400000")).isEqualTo(TimeFormat.BAD);
  }

  @Test
  void refusesLocalTimeWithoutZone() {
    CalendarTime times = new CalendarTime(null, CalendarTime.DOTS);
    assertThat(parse(times, "01.05.2014 00:00:00.123")).isEqualTo(TimeFormat.BAD);
    assertThat(parse(times, "01.05.2014 03:00:00.123 GMT+0300"))
        .isEqualTo(TestFiles.nanos("2014-05-01T00:00:00.123Z"));
  }

  @Test
  void patternIsStrict() {
    TimeFormat times = TimeFormat.of("dd/MM/yyyy HH:mm", ZoneOffset.ofHours(-5));
    assertThat(parse(times, "30/04/2014 23:30")).isEqualTo(TestFiles.nanos("2014-05-01T04:30:00Z"));
    assertThat(parse(times, "31/04/2014 23:30")).isEqualTo(TimeFormat.BAD);
    assertThat(parse(times, "30/04/2014")).isEqualTo(TimeFormat.BAD);
    assertThatThrownBy(() -> TimeFormat.of("epoch", ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'epoch'");
  }

  @Property
  void neverThrowsOnDamagedTimes(@ForAll byte[] noise, @ForAll @IntRange(max = 27) int at) {
    byte[] text = "2014-05-01T00:00:00.123+02:0".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(noise, 0, text, at, Math.min(noise.length, text.length - at));
    for (String format : new String[] {"iso", "epoch-ns", "dd.MM.yyyy HH:mm"}) {
      TimeFormat.of(format, ZoneOffset.UTC).parse(text, 0, text.length);
      TimeFormat.of(format, ZoneOffset.UTC).parse(text, at, text.length);
    }
    new CalendarTime(null, 7).parse(text, 0, at);
    new HistDataTime(ZoneOffset.UTC).parse(text, 0, 18);
  }

  private static long parse(TimeFormat format, String text) {
    byte[] bytes = ("7" + text + "7").getBytes(StandardCharsets.ISO_8859_1);
    return format.parse(bytes, 1, bytes.length - 1);
  }
}
