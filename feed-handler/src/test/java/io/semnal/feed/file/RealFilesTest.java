package io.semnal.feed.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.market.Instrument;
import io.semnal.feed.file.TestFiles.Read;
import io.semnal.protocol.MessageLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every tick of the real files, against a naive reading by String, BigDecimal and java.time. */
class RealFilesTest {
  private static final DateTimeFormatter HISTDATA =
      DateTimeFormatter.ofPattern("uuuuMMdd HHmmssSSS");
  private static final DateTimeFormatter TRUEFX =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSxxx");

  @ParameterizedTest
  @CsvSource({
    "oanda,eurusd,Z",
    "oanda,nzdusd,Z",
    "fxcm,eurusd,-05:00",
    "fxcm,nzdusd,-05:00",
  })
  void readsEveryTickOfLeanDays(String broker, String symbol, String zone) throws IOException {
    Path folder = TestFiles.realData("lean/" + broker + "/tick/" + symbol);
    ZoneOffset offset = ZoneOffset.of(zone);
    List<Path> zips;
    try (Stream<Path> files = Files.list(folder)) {
      zips = files.sorted().toList();
    }
    List<Read> expected = new ArrayList<>();
    for (Path zip : zips) {
      LocalDate date =
          LocalDate.parse(
              zip.getFileName().toString().substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE);
      for (String line : zipLines(zip)) {
        String[] fields = line.split(",");
        LocalDateTime time =
            LocalDateTime.of(date, LocalTime.ofNanoOfDay(Long.parseLong(fields[0]) * 1_000_000));
        expected.add(read(time.atOffset(offset), fields[1], fields[2]));
      }
    }
    String upper = symbol.toUpperCase(java.util.Locale.ROOT);
    Instrument instrument =
        new Instrument(upper, upper.substring(0, 3), upper.substring(3), 10_000, 5);

    List<Read> actual =
        TestFiles.readAll(
            TickFormat.LEAN_TICK,
            TickFileOptions.of(instrument).withZone(offset),
            zips.toArray(Path[]::new));

    assertThat(expected).isNotEmpty();
    assertThat(actual).isEqualTo(expected);
  }

  @Test
  void readsEveryTickOfHistData() throws IOException {
    Path file = TestFiles.realData("ticks/histdata-eurusd.csv");
    List<Read> expected = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank()) {
        String[] fields = line.split(",");
        LocalDateTime time = LocalDateTime.parse(fields[0], HISTDATA);
        expected.add(read(time.atOffset(ZoneOffset.ofHours(-5)), fields[1], fields[2]));
      }
    }

    List<Read> actual =
        TestFiles.readAll(TickFormat.HISTDATA, TickFileOptions.of(TestFiles.EURUSD), file);

    assertThat(actual).hasSize(9_500).isEqualTo(expected);
    assertThat(actual.getFirst().eventTime())
        .isEqualTo(TestFiles.nanos("2020-01-01T22:00:00.065Z"));
  }

  @Test
  void readsEveryTickOfTrueFx() throws IOException {
    Path file = TestFiles.realData("ticks/truefx-usdjpy.csv");
    List<Read> expected = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.startsWith("timestamp")) {
        String[] fields = line.split(",");
        String time = fields[0].contains(".") ? fields[0] : fields[0].replace("+", ".000000+");
        expected.add(read(OffsetDateTime.parse(time, TRUEFX), fields[1], fields[2]));
      }
    }

    List<Read> actual =
        TestFiles.readAll(TickFormat.TRUEFX, TickFileOptions.of(TestFiles.USDJPY), file);

    assertThat(actual).hasSize(1_000).isEqualTo(expected);
    assertThat(actual.getFirst().bid()).isEqualTo(8_665_500_000L);
  }

  @Test
  void readsTheSameByMapping() throws IOException {
    Path file = TestFiles.realData("ticks/truefx-usdjpy.csv");
    TickFileOptions options = TickFileOptions.of(TestFiles.USDJPY);

    assertThat(
            TestFiles.readAll(
                TickFormat.CSV,
                options.withMapping(CsvMapping.parse("time=Timestamp,bid=bid,ask=ask")),
                file))
        .isEqualTo(TestFiles.readAll(TickFormat.TRUEFX, options, file));
  }

  private static List<String> zipLines(Path zip) throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile());
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    file.getInputStream(file.entries().nextElement()),
                    StandardCharsets.US_ASCII))) {
      return reader.lines().toList();
    }
  }

  private static Read read(OffsetDateTime time, String bid, String ask) {
    return new Read(
        -1,
        TestFiles.nanos(time.toInstant().toString()),
        TestFiles.mantissa(bid),
        TestFiles.mantissa(ask),
        MessageLayout.ABSENT,
        MessageLayout.ABSENT);
  }
}
