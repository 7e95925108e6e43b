package io.semnal.feed.file;

import static io.semnal.feed.file.TestFiles.EURUSD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.feed.BadInputException;
import io.semnal.feed.Tick;
import io.semnal.feed.file.TestFiles.Read;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadInputTest {
  private static final String GOOD = "1,1.38676,1.38686\n";
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "2,1.38676| line misses a column ('2,1.38676')",
        "2,1.3,1.4,1.5| line has too many columns ('2,1.3,1.4,1.5')",
        "86400000,1.3,1.4| time is not a number from 0 to 86399999 ('86400000')",
        "-1,1.3,1.4| time is not a number from 0 to 86399999 ('-1')",
        "2,NaN,1.4| bid is not a number ('NaN')",
        "2,1.3,Infinity| ask is not a number ('Infinity')",
        "2,-1.3,1.4| bid is negative ('-1.3')",
        "2,1.3,0.000| ask is zero ('0.000')",
        "2,,1.4| bid is empty ('')",
        "2,1.3,1.123456789| ask has more than 8 decimals ('1.123456789')",
        "2,1.3,99999999999| ask is too large ('99999999999')",
        "2,1.3\u0007,1.4| bid is not a number ('1.3\\x07')",
      })
  void namesFileLineAndText(String bad, String message) throws IOException {
    Path file = lean("20140501_quote.zip", GOOD + bad + "\n" + GOOD);
    assertStops(file, file + ":2: " + message);
    assertSkips(1, 0, 2, file);
  }

  @Test
  void countsAllAndRemembersTheFirstFew() throws IOException {
    Path file = lean("20140501_quote.zip", "x,y\n".repeat(1_000) + GOOD);
    try (TickFileSource source =
        TickFiles.open(
            TickFormat.LEAN_TICK,
            List.of(file),
            TickFileOptions.of(EURUSD).withOnError(OnError.SKIP))) {
      assertThat(TestFiles.readAll(source)).hasSize(1);
      assertThat(source.skipped()).isEqualTo(1_000);
      assertThat(source.problems())
          .hasSize(10)
          .first()
          .isEqualTo(file + ":1: line misses a column ('x,y')");
      assertThat(source.problems().getLast()).startsWith(file + ":10: ");
    }
  }

  @Test
  void nothingIsReadBehindAStop() throws IOException {
    Path file = lean("20140501_quote.zip", "x\n" + GOOD);
    try (TickFileSource source =
        TickFiles.open(TickFormat.LEAN_TICK, List.of(file), TickFileOptions.of(EURUSD))) {
      assertThatThrownBy(() -> source.next(new Tick())).isInstanceOf(BadInputException.class);
      assertThatThrownBy(() -> source.next(new Tick())).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void truncatedZipIsNamedAndGivenUp() throws IOException {
    byte[] zip = TestFiles.zip("20140501_eurusd_tick_quote.csv", GOOD.repeat(1_000));
    for (int length : new int[] {0, 1, 2, 10, 40, zip.length / 2, zip.length - 1}) {
      Path file = TestFiles.write(folder.resolve("20140501_quote.zip"), Arrays.copyOf(zip, length));
      assertStops(file, file + ": ");
      assertSkips(0, 1, 0, file);
    }
  }

  @Test
  void corruptContentIsFoundByItsChecksum() throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append(i).append(",1.").append(random.nextInt(99_999)).append("1,1.5\n");
    }
    byte[] zip = TestFiles.zip("20140501_eurusd_tick_quote.csv", text.toString());
    int found = 0;
    for (int i = 0; i < 40; i++) {
      byte[] corrupt = zip.clone();
      corrupt[200 + random.nextInt(zip.length - 400)] ^= (byte) (1 << random.nextInt(8));
      Path file = TestFiles.write(folder.resolve("20140501_quote.zip"), corrupt);
      try {
        TestFiles.readAll(TickFormat.LEAN_TICK, TickFileOptions.of(EURUSD), file);
      } catch (BadInputException e) {
        assertThat(e).hasMessageStartingWith(file + ":");
        found++;
      }
    }
    assertThat(found).isEqualTo(40);
  }

  @Test
  void truncatedGzipIsNamedWithItsPlace() throws IOException {
    byte[] gzip = TestFiles.gzip(GOOD.repeat(1_000));
    Path file =
        TestFiles.write(
            folder.resolve("20140501_quote.csv.gz"), Arrays.copyOf(gzip, gzip.length - 9));
    assertStops(file, file + ":");
    assertStops(file, file + ":1000: the file is cut off");
    Path none = TestFiles.write(folder.resolve("20140502_quote.csv.gz"), GOOD);
    assertStops(none, none + ": is not a gzip file");
  }

  @Test
  void namesThatContradictAreRefused() throws IOException {
    Path undated = TestFiles.write(folder.resolve("quote.csv"), GOOD);
    assertStops(undated, undated + ": the name does not begin with a date");
    Path impossible = TestFiles.write(folder.resolve("20140230_quote.csv"), GOOD);
    assertStops(impossible, impossible + ": the name does not begin with a date");
    Path otherDate = lean("20140502_quote.zip", GOOD);
    assertStops(otherDate, otherDate + ": holds 20140501_eurusd_tick_quote.csv");
    Path otherSymbol =
        TestFiles.write(
            folder.resolve("20140501_quote.zip"),
            TestFiles.zip("20140501_gbpusd_tick_quote.csv", GOOD));
    assertStops(otherSymbol, otherSymbol + ": holds GBPUSD, not EURUSD");
    Path two =
        TestFiles.write(
            folder.resolve("20140503_quote.zip"), TestFiles.zip("a.csv", GOOD, "b.csv", GOOD));
    assertStops(two, two + ": the zip holds more than one .csv file");
    Path none =
        TestFiles.write(
            folder.resolve("20140504_quote.zip"), TestFiles.zip("a.txt", GOOD, "b.txt", GOOD));
    assertStops(none, none + ": the zip holds no .csv file");
  }

  @Test
  void missingFileIsSaidBeforeAnythingIsRead() {
    Path missing = folder.resolve("20140501_quote.zip");
    for (OnError onError : OnError.values()) {
      assertThatThrownBy(
              () ->
                  TickFiles.open(
                      TickFormat.LEAN_TICK,
                      List.of(missing),
                      TickFileOptions.of(EURUSD).withOnError(onError)))
          .isInstanceOf(BadInputException.class)
          .hasMessage(missing + ": no such file");
    }
    assertThatThrownBy(
            () -> TickFiles.open(TickFormat.LEAN_TICK, List.of(folder), TickFileOptions.of(EURUSD)))
        .hasMessage(folder + ": is not a file");
  }

  @Test
  void foreignSymbolIsAnErrorOfItsLine() throws IOException {
    Path file =
        TestFiles.write(
            folder.resolve("t.csv"),
            "EUR/USD,20140501 00:00:00.123,1.3,1.4\nGBP/USD,20140501 00:00:00.123,1.3,1.4\n");
    assertThatThrownBy(() -> TestFiles.readAll(TickFormat.TRUEFX, TickFileOptions.of(EURUSD), file))
        .hasMessage(file + ":2: symbol is not EURUSD ('GBP/USD')");
  }

  @Test
  void missingHeaderColumnEndsTheFile() throws IOException {
    Path file = TestFiles.write(folder.resolve("t.csv"), "Time,Bid,Offer\n1,2,3\n");
    TickFileOptions options =
        TickFileOptions.of(EURUSD).withMapping(CsvMapping.parse("time=Time,bid=Bid,ask=Ask"));
    assertThatThrownBy(() -> TestFiles.readAll(TickFormat.CSV, options, file))
        .hasMessage(file + ":1: the header names no column 'Ask'");
  }

  @Test
  void damagedFirstLineDoesNotDecideTheLayout() throws IOException {
    Path file =
        TestFiles.write(
            folder.resolve("t.csv"),
            "EUR/USD,1.3,1.4\nEUR/USD,20140501 00:00:00.123,1.3,1.4\n".repeat(3));
    try (TickFileSource source =
        TickFiles.open(
            TickFormat.TRUEFX,
            List.of(file),
            TickFileOptions.of(EURUSD).withOnError(OnError.SKIP))) {
      assertThat(TestFiles.readAll(source)).hasSize(3);
      assertThat(source.skipped()).isEqualTo(3);
    }
  }

  @Test
  void lineWithoutEndIsBounded() throws IOException {
    for (int length : new int[] {16_300, 16_384, 16_390, 131_072, 1_000_000}) {
      Path file =
          TestFiles.write(
              folder.resolve("20140501_quote.csv"), GOOD + "9".repeat(length) + "\n" + GOOD);
      assertSkips(1, 0, 2, file);
      Path last = TestFiles.write(folder.resolve("20140501_quote.csv"), GOOD + "9".repeat(length));
      assertSkips(1, 0, 1, last);
    }
  }

  @Test
  void damagedTextsThrowNothingElse() throws IOException {
    String[] seeds = {
      "EUR/USD,20140501 00:00:00.123,1.38676,1.38686\n",
      "Gmt time,Ask,Bid,AskVolume,BidVolume\n01.05.2014 00:00:00.123,1.38686,1.38676,1.5,0.75\n",
      "20140430 190000123,1.38676,1.38686,0\n",
      "123,1.38676,1.38686\r\n",
      "\"a\",\"b\",\"c\"\n2014-05-01T00:00:00Z,1.3,1.4\n",
      "",
    };
    Random random = new Random(9);
    for (int i = 0; i < 1_000; i++) {
      byte[] text =
          seeds[random.nextInt(seeds.length)]
              .repeat(1 + random.nextInt(3))
              .getBytes(StandardCharsets.ISO_8859_1);
      byte[] damaged = Arrays.copyOf(text, random.nextInt(text.length + 10));
      for (int k = random.nextInt(6); k > 0 && damaged.length > 0; k--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Path file = TestFiles.write(folder.resolve("20140501_quote.csv"), damaged);
      for (TickFormat format : TickFormat.values()) {
        if (format != TickFormat.BI5) {
          readDamaged(format, file);
        }
      }
    }
  }

  @Test
  void damagedArchivesThrowNothingElse() throws IOException {
    byte[] zip = TestFiles.zip("20140501_eurusd_tick_quote.csv", GOOD.repeat(3));
    byte[] gzip = TestFiles.gzip(GOOD.repeat(3));
    Random random = new Random(13);
    for (int i = 0; i < 1_000; i++) {
      byte[] damaged = (i % 2 == 0 ? zip : gzip).clone();
      for (int k = random.nextInt(4); k >= 0; k--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Path file = TestFiles.write(folder.resolve("20140501_quote.csv"), damaged);
      readDamaged(TickFormat.LEAN_TICK, file);
    }
  }

  private static void readDamaged(TickFormat format, Path file) throws IOException {
    TickFileOptions options = TickFileOptions.of(EURUSD);
    if (format == TickFormat.CSV) {
      options = options.withMapping(CsvMapping.parse("time=0,bid=1,ask=2,bidSize=3"));
    }
    try {
      for (Read tick : TestFiles.readAll(format, options, file)) {
        assertThat(tick.bid()).isPositive();
        assertThat(tick.ask()).isPositive();
        assertThat(tick.eventTime()).isBetween(0L, TimeFormat.END);
      }
    } catch (BadInputException e) {
      assertThat(e).hasMessageStartingWith(file.toString());
    }
    try (TickFileSource source =
        TickFiles.open(format, List.of(file), options.withOnError(OnError.SKIP))) {
      TestFiles.readAll(source);
    }
  }

  private Path lean(String name, String text) throws IOException {
    return TestFiles.write(
        folder.resolve(name), TestFiles.zip("20140501_eurusd_tick_quote.csv", text));
  }

  private static void assertStops(Path file, String messageStart) {
    assertThatThrownBy(
            () -> TestFiles.readAll(TickFormat.LEAN_TICK, TickFileOptions.of(EURUSD), file))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(messageStart);
  }

  /** Reads the file, then a good one. */
  private void assertSkips(int lines, int files, int ticks, Path file) throws IOException {
    Path good = folder.resolve("20141231_quote.csv");
    Files.writeString(good, "86399999,1.1,1.2\n");
    try (TickFileSource source =
        TickFiles.open(
            TickFormat.LEAN_TICK,
            List.of(file, good),
            TickFileOptions.of(EURUSD).withOnError(OnError.SKIP))) {
      List<Read> read = TestFiles.readAll(source);
      assertThat(read).hasSize(ticks + 1);
      assertThat(read.getLast().eventTime()).isEqualTo(TestFiles.nanos("2014-12-31T23:59:59.999Z"));
      assertThat(source.skipped()).isEqualTo(lines);
      assertThat(source.abandonedFiles()).isEqualTo(files);
      assertThat(source.problems()).hasSize(lines + files);
      assertThat(source.filesDone()).isEqualTo(2);
      assertThat(source.bytesDone()).isEqualTo(source.bytesTotal());
    }
  }
}
