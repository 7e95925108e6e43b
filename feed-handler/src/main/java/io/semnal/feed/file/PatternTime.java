package io.semnal.feed.file;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * A pattern of {@link DateTimeFormatter}: slower than the others, and it allocates. Strict: 30
 * February is an error.
 */
final class PatternTime extends TimeFormat {
  private final String pattern;
  private final DateTimeFormatter formatter;
  private final ZoneOffset zone;

  PatternTime(String pattern, ZoneOffset zone) {
    this.pattern = pattern;
    this.zone = zone;
    try {
      formatter =
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern(pattern)
              // strict resolution asks for an era beside 'yyyy'
              .parseDefaulting(ChronoField.ERA, 1)
              .toFormatter(Locale.ENGLISH)
              .withResolverStyle(ResolverStyle.STRICT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "time format '"
              + pattern
              + "' is not iso, epoch-s, epoch-ms, epoch-us, epoch-ns or a pattern: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  long parse(byte[] bytes, int from, int to) {
    try {
      TemporalAccessor parsed =
          formatter.parse(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
      Instant instant =
          parsed.isSupported(ChronoField.INSTANT_SECONDS)
              ? Instant.from(parsed)
              : LocalDateTime.from(parsed).toInstant(zone);
      long seconds = instant.getEpochSecond();
      return seconds < 0 || seconds >= END / SECOND ? BAD : seconds * SECOND + instant.getNano();
    } catch (DateTimeException e) {
      return BAD;
    }
  }

  @Override
  String example() {
    return "a time by the pattern " + pattern;
  }
}
