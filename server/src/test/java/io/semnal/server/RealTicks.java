package io.semnal.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipInputStream;

/** The recorded market data beside the project, read without any of the project's readers. */
final class RealTicks {
  private RealTicks() {}

  /** The zips of one folder, by name; the test is skipped where the data is not there. */
  static List<Path> zips(String folder) throws IOException {
    Path path = Path.of(System.getProperty("semnal.testdata", "absent"), folder);
    assumeTrue(Files.isDirectory(path), "test data " + folder + " is not here");
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(f -> f.toString().endsWith(".zip")).sorted().toList();
    }
  }

  /** The lines of a LEAN zip's one entry, split at commas. */
  static List<String[]> rows(Path zip) throws IOException {
    try (InputStream in = Files.newInputStream(zip);
        ZipInputStream entries = new ZipInputStream(in)) {
      entries.getNextEntry();
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(entries, StandardCharsets.US_ASCII));
      return reader.lines().map(line -> line.split(",")).toList();
    }
  }

  /** Midnight of the day that a file is of, in its zone. */
  static long midnightMillis(Path zip, ZoneOffset zone) {
    String day = zip.getFileName().toString().substring(0, 8);
    return LocalDate.parse(day, DateTimeFormatter.BASIC_ISO_DATE)
        .atStartOfDay()
        .toInstant(zone)
        .toEpochMilli();
  }

  /** A decimal without the zeros that say nothing. */
  static String plain(String decimal) {
    return new BigDecimal(decimal).stripTrailingZeros().toPlainString();
  }

  /** A decimal as a mantissa with the exponent -8. */
  static long mantissa(String decimal) {
    return new BigDecimal(decimal).movePointRight(8).longValueExact();
  }
}
