package io.semnal.feed.file;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.semnal.core.market.Instrument;
import io.semnal.feed.Tick;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Instruments, files and readings that several tests share. */
final class TestFiles {
  static final Instrument EURUSD = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);
  static final Instrument USDJPY = new Instrument("USDJPY", "USD", "JPY", 1_000_000, 3);
  static final Instrument XAUUSD = new Instrument("XAUUSD", "XAU", "USD", 10_000_000, 2);

  private TestFiles() {}

  /** A copy of one tick. */
  record Read(int instrument, long eventTime, long bid, long ask, long bidSize, long askSize) {
    static Read of(Tick t) {
      return new Read(t.instrument, t.eventTime, t.bid, t.ask, t.bidSize, t.askSize);
    }
  }

  static Path realData(String name) {
    Path path = Path.of(System.getProperty("semnal.testdata", "absent"), name);
    assumeTrue(Files.exists(path), "test data " + name + " is not here");
    return path;
  }

  static List<Read> readAll(TickFormat format, TickFileOptions options, Path... paths)
      throws IOException {
    try (TickFileSource source = TickFiles.open(format, List.of(paths), options)) {
      return readAll(source);
    }
  }

  static List<Read> readAll(TickFileSource source) throws IOException {
    List<Read> all = new ArrayList<>();
    Tick tick = new Tick();
    while (source.next(tick)) {
      all.add(Read.of(tick));
    }
    return all;
  }

  /** By BigDecimal, independently of the reader. */
  static long mantissa(String decimal) {
    return new BigDecimal(decimal).movePointRight(8).longValueExact();
  }

  /** By java.time, independently of the reader. */
  static long nanos(String instant) {
    Instant i = Instant.parse(instant);
    return Math.addExact(Math.multiplyExact(i.getEpochSecond(), 1_000_000_000L), i.getNano());
  }

  static Path write(Path file, String text) {
    return write(file, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static Path write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] zip(String... namesAndTexts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
        zip.write(namesAndTexts[i + 1].getBytes(StandardCharsets.ISO_8859_1));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return bytes.toByteArray();
  }
}
