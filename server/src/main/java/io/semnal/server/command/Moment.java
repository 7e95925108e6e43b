package io.semnal.server.command;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import picocli.CommandLine;

/** Reads a time as users write it: ISO-8601, UTC where it names no offset. */
final class Moment implements CommandLine.ITypeConverter<Instant> {
  private static final int DATE = "2026-01-14".length();

  @Override
  public Instant convert(String text) {
    try {
      if (text.length() == DATE) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      return text.matches(".*([zZ]|[+-]\\d\\d:\\d\\d)")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw new CommandLine.TypeConversionException(
          "'" + text + "' is not a time such as 2026-01-14T13:30:00Z");
    }
  }
}
