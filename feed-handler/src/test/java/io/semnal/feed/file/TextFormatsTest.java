package io.semnal.feed.file;

import static io.semnal.feed.file.TestFiles.EURUSD;
import static io.semnal.feed.file.TestFiles.USDJPY;
import static io.semnal.feed.file.TestFiles.XAUUSD;
import static io.semnal.feed.file.TestFiles.nanos;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.feed.Tick;
import io.semnal.feed.file.TestFiles.Read;
import io.semnal.protocol.MessageLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormatsTest {
  private static final long NONE = MessageLayout.ABSENT;
  private static final List<Read> TWO =
      List.of(
          tick("2014-05-01T00:00:00.123Z", 138_676_000, 138_686_000),
          tick("2014-05-01T23:59:59.999Z", 138_693_000, 138_706_000));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(TickFormat.class)
  void formatsAreFoundByTheirNames(TickFormat format) {
    assertThat(TickFormat.parse(format.wireName())).isSameAs(format);
  }

  @Test
  void unknownFormatNamesTheKnownOnes() {
    assertThat(TickFormat.parse("Lean-Tick")).isSameAs(TickFormat.LEAN_TICK);
    assertThatThrownBy(() -> TickFormat.parse("excel"))
        .hasMessage(
            "'excel' is not a tick format: lean-tick, truefx, histdata, dukascopy, bi5, csv");
  }

  @Test
  void leanTakesDateFromNameAndZoneFromOptions() throws IOException {
    byte[] zip =
        TestFiles.zip("20140501_eurusd_tick_quote.csv", "123,1.38676,1.38686\r\n86399999,1.4,1.5");
    Path file = TestFiles.write(folder.resolve("20140501_quote.zip"), zip);

    assertThat(read(TickFormat.LEAN_TICK, TickFileOptions.of(EURUSD), file))
        .extracting(Read::eventTime)
        .containsExactly(nanos("2014-05-01T00:00:00.123Z"), nanos("2014-05-01T23:59:59.999Z"));
    assertThat(
            read(
                TickFormat.LEAN_TICK,
                TickFileOptions.of(EURUSD).withZone(ZoneOffset.ofHours(-5)),
                file))
        .extracting(Read::eventTime)
        .containsExactly(nanos("2014-05-01T05:00:00.123Z"), nanos("2014-05-02T04:59:59.999Z"));
  }

  @Test
  void leanEntryChoosesAmongSeveralInstruments() throws IOException {
    Path file =
        TestFiles.write(
            folder.resolve("20140501_quote.zip"),
            TestFiles.zip("20140501_usdjpy_tick_quote.csv", "123,101.1,101.2"));

    assertThat(read(TickFormat.LEAN_TICK, TickFileOptions.ofMany(List.of(EURUSD, USDJPY)), file))
        .extracting(Read::instrument)
        .containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EUR/USD,20140501 00:00:00.123,1.38676,1.38686\n"
            + "EUR/USD,20140501 23:59:59.999,1.38693,1.38706\n",
        "EUR/USD,20140501 00:00:00.123,1.38676,1.38686\r\n\r\n"
            + "EUR/USD,20140501 23:59:59.999,1.38693,1.38706",
        "20140501 00:00:00.123,1.38676,1.38686\n20140501 23:59:59.999,1.38693,1.38706\n",
        "symbol,timestamp,bid,ask\nEURUSD,20140501 00:00:00.123,1.38676,1.38686\n"
            + "eur_usd,20140501 23:59:59.999,1.38693,1.38706\n",
        "\uFEFFtimestamp,bid,ask\n2014-05-01 00:00:00.123000+00:00,1.38676,1.38686\n"
            + "2014-05-02 01:59:59.999000+02:00,1.38693,1.38706\n",
      })
  void readsTrueFxInAllItsShapes(String text) throws IOException {
    Path file = folder.resolve("EURUSD-2014-05.csv");
    TestFiles.write(file, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThat(read(TickFormat.TRUEFX, TickFileOptions.of(EURUSD), file)).isEqualTo(TWO);
  }

  @Test
  void histDataIsNewYorkStandardTimeInSummerToo() throws IOException {
    String text = "20140701 190000123,1.38676,1.38686,0\n20140101 190000123,1.38676,1.38686\n";
    Path file = TestFiles.write(folder.resolve("h.csv"), text);

    assertThat(read(TickFormat.HISTDATA, TickFileOptions.of(EURUSD), file))
        .containsExactly(
            tick("2014-07-02T00:00:00.123Z", 138_676_000, 138_686_000),
            tick("2014-01-02T00:00:00.123Z", 138_676_000, 138_686_000));
  }

  @Test
  void histDataZipMayHoldItsReport() throws IOException {
    byte[] zip =
        TestFiles.zip(
            "DAT_ASCII_EURUSD_T_201405.txt",
            "gaps: none",
            "DAT_ASCII_EURUSD_T_201405.csv",
            "20140430 190000123,1.38676,1.38686,0\n20140501 185959999,1.38693,1.38706,0\n");
    Path file = TestFiles.write(folder.resolve("h.zip"), zip);

    assertThat(read(TickFormat.HISTDATA, TickFileOptions.of(EURUSD), file)).isEqualTo(TWO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Gmt time,Ask,Bid,AskVolume,BidVolume\n01.05.2014 00:00:00.123,1.38686,1.38676,1.5,0.75\n",
        "01.05.2014 00:00:00.123,1.38686,1.38676,1.5,0.75\n",
        "Time,Bid,Ask,BidVolume,AskVolume\n2014.05.01 00:00:00.123,1.38676,1.38686,0.75,1.5\n",
        "Local time,Ask,Bid,AskVolume,BidVolume\n"
            + "01.05.2014 03:00:00.123 GMT+0300,1.38686,1.38676,1.5,0.75\n",
        "timestamp,askPrice,bidPrice,askVolume,bidVolume\n"
            + "2014-05-01T00:00:00.123Z,1.38686,1.38676,1.5,0.75\n",
        "2014-05-01T02:00:00.123+02:00,1.38686,1.38676,1.5,0.75\n",
        "1398902400123,1.38686,1.38676,1.5,0.75\n",
      })
  void readsDukascopyInAllItsShapes(String text) throws IOException {
    Path file = TestFiles.write(folder.resolve("EURUSD.csv"), text);

    assertThat(read(TickFormat.DUKASCOPY, TickFileOptions.of(EURUSD), file))
        .containsExactly(
            new Read(
                -1,
                nanos("2014-05-01T00:00:00.123Z"),
                138_676_000,
                138_686_000,
                75_000_000,
                150_000_000));
  }

  @Test
  void dukascopyLocalTimeNeedsAnOffset() throws IOException {
    String text = "Local time,Ask,Bid\n01.05.2014 03:00:00.123,1.38686,1.38676\n";
    Path file = TestFiles.write(folder.resolve("EURUSD.csv"), text);

    assertThatThrownBy(() -> read(TickFormat.DUKASCOPY, TickFileOptions.of(EURUSD), file))
        .hasMessageContaining(":2: time is not a time such as")
        .hasMessageContaining("no zone is given");
    assertThat(
            read(
                TickFormat.DUKASCOPY,
                TickFileOptions.of(EURUSD).withZone(ZoneOffset.ofHours(3)),
                file))
        .containsExactly(TWO.getFirst());
  }

  @Test
  void csvMapsColumnsByNumber() throws IOException {
    String text =
        "2014-05-01T00:00:00.123Z, EUR/USD, 1.38676, 1.38686\n"
            + "2014-05-01T00:00:01,USD/JPY,101.123,101.126\n"
            + "2014-05-01T00:00:02,XAU-USD,1290.55,1290.95,more\n";
    Path file = TestFiles.write(folder.resolve("mixed.csv"), text);

    assertThat(
            read(
                TickFormat.CSV,
                TickFileOptions.ofMany(List.of(EURUSD, USDJPY, XAUUSD))
                    .withMapping(CsvMapping.parse("time=0,bid=2,ask=3,symbol=1")),
                file))
        .containsExactly(
            new Read(0, nanos("2014-05-01T00:00:00.123Z"), 138_676_000, 138_686_000, NONE, NONE),
            new Read(
                1, nanos("2014-05-01T00:00:01Z"), 10_112_300_000L, 10_112_600_000L, NONE, NONE),
            new Read(
                2, nanos("2014-05-01T00:00:02Z"), 129_055_000_000L, 129_095_000_000L, NONE, NONE));
  }

  @Test
  void csvMapsColumnsByNameWithQuotesSizesAndDate() throws IOException {
    String text =
        "\"Date\";\"Time\";\"Note\";\"Offer\";\"Bid\";\"Vol\"\n"
            + "2014-05-01;02:00:00.123;\"a;b\";\"1.38686\";\"1.38676\";1000000.005\n"
            + "2014-05-02;01:59:59.999;;1.38706;1.38693;\n";
    Path file = TestFiles.write(folder.resolve("named.csv"), text);
    CsvMapping mapping =
        CsvMapping.parse("date=date,time=time,bid=bid,ask=OFFER,bidSize=vol,delimiter=semicolon");

    assertThat(
            read(
                TickFormat.CSV,
                TickFileOptions.of(EURUSD).withMapping(mapping).withZone(ZoneOffset.ofHours(2)),
                file))
        .containsExactly(
            new Read(
                -1, nanos("2014-05-01T00:00:00.123Z"), 138_676_000, 138_686_000, 100_000_001, NONE),
            TWO.get(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1398902400123,1.38676,1.38686\n1398988799999,1.38693,1.38706\n",
        "t,b,a\n1398902400123,1.38676,1.38686\n1398988799999,1.38693,1.38706",
      })
  void csvFindsHeaderItself(String text) throws IOException {
    TickFileOptions options =
        TickFileOptions.of(EURUSD)
            .withMapping(CsvMapping.parse("time=0,bid=1,ask=2,timeFormat=epoch-ms"));

    assertThat(read(TickFormat.CSV, options, TestFiles.write(folder.resolve("a.csv"), text)))
        .isEqualTo(TWO);
    assertThat(
            read(
                TickFormat.CSV,
                options,
                TestFiles.write(folder.resolve("a.csv.gz"), TestFiles.gzip(text))))
        .isEqualTo(TWO);
    assertThat(
            read(
                TickFormat.CSV,
                options,
                TestFiles.write(folder.resolve("a.csv.zip"), TestFiles.zip("a.csv", text))))
        .isEqualTo(TWO);
  }

  @Test
  void csvTakesPatternsOfItsUser() throws IOException {
    String text = "05/01/2014 12:00:00.123 AM|1.38676|1.38686\n";
    CsvMapping mapping =
        CsvMapping.parse("time=0,bid=1,ask=2")
            .withTimeFormat("MM/dd/yyyy hh:mm:ss.SSS a")
            .withDelimiter('|');
    Path file = TestFiles.write(folder.resolve("p.csv"), text);

    assertThat(read(TickFormat.CSV, TickFileOptions.of(EURUSD).withMapping(mapping), file))
        .containsExactly(TWO.getFirst());
  }

  @Test
  void filesFollowEachOtherAsGivenAndTimeMayGoBack() throws IOException {
    Path later = TestFiles.write(folder.resolve("b.csv"), "20140502 000000000,1.2,1.3,0\n");
    Path earlier = TestFiles.write(folder.resolve("a.csv"), "20140501 000000000,1.2,1.3,0\n");
    Path empty = TestFiles.write(folder.resolve("c.csv"), "");

    assertThat(read(TickFormat.HISTDATA, TickFileOptions.of(EURUSD), later, empty, earlier, later))
        .extracting(Read::eventTime)
        .containsExactly(
            nanos("2014-05-02T05:00:00Z"),
            nanos("2014-05-01T05:00:00Z"),
            nanos("2014-05-02T05:00:00Z"));
  }

  @Test
  void linesMayLieAcrossBufferBorders() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 30_000; i++) {
      text.append(i).append(",1.").append(10_000 + i % 90_000).append(",2.5\n");
    }
    Path file = TestFiles.write(folder.resolve("20140501_quote.csv"), text.toString());

    List<Read> all = read(TickFormat.LEAN_TICK, TickFileOptions.of(EURUSD), file);
    assertThat(all).hasSize(30_000);
    long midnight = nanos("2014-05-01T00:00:00Z");
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).eventTime()).isEqualTo(midnight + i * 1_000_000L);
      assertThat(all.get(i).bid()).isEqualTo((100_000L + 10_000 + i % 90_000) * 1_000);
    }
  }

  @Test
  void progressGrowsToTheSizeOfAllFiles() throws IOException {
    String line = "20140501 000000000,1.2,1.3,0\n";
    Path one = TestFiles.write(folder.resolve("a.csv"), line.repeat(50_000));
    Path two =
        TestFiles.write(folder.resolve("b.zip"), TestFiles.zip("b.csv", line.repeat(50_000)));
    long total = Files.size(one) + Files.size(two);
    try (TickFileSource source =
        TickFiles.open(TickFormat.HISTDATA, List.of(one, two), TickFileOptions.of(EURUSD))) {
      long last = 0;
      Tick tick = new Tick();
      for (int i = 1; source.next(tick); i++) {
        assertThat(source.bytesDone()).isBetween(last, total);
        assertThat(source.ticks()).isEqualTo(i);
        last = source.bytesDone();
      }
      assertThat(last).isEqualTo(Files.size(one));
      assertThat(source.bytesDone()).isEqualTo(source.bytesTotal()).isEqualTo(total);
    }
  }

  @Test
  void optionsThatDoNotFitAreRefused() {
    TickFileOptions plain = TickFileOptions.of(EURUSD);
    Path file = TestFiles.write(folder.resolve("a"), "");
    assertThatThrownBy(() -> read(TickFormat.CSV, plain, file)).hasMessageContaining("mapping");
    assertThatThrownBy(
            () ->
                read(
                    TickFormat.TRUEFX,
                    plain.withMapping(CsvMapping.parse("time=0,bid=1,ask=2")),
                    file))
        .hasMessage("truefx takes no column mapping");
    assertThatThrownBy(() -> read(TickFormat.HISTDATA, plain.withStart(Instant.EPOCH), file))
        .hasMessage("histdata takes no start");
    assertThatThrownBy(() -> read(TickFormat.BI5, plain.withZone(ZoneOffset.ofHours(1)), file))
        .hasMessageContaining("UTC");
    assertThatThrownBy(() -> read(TickFormat.BI5, plain.withStart(Instant.EPOCH), file, file))
        .hasMessageContaining("2 are given");
    assertThatThrownBy(() -> CsvMapping.parse("time=0,bid=1")).hasMessageContaining("ask");
    assertThatThrownBy(() -> CsvMapping.parse("time=0,bid=1,ask=2,offer=3"))
        .hasMessageContaining("offer");
    assertThatThrownBy(() -> CsvMapping.parse("time=0,bid=1,ask=200"))
        .hasMessageContaining("column 200");
    assertThatThrownBy(() -> CsvMapping.parse("time=0,bid=bid,ask=2,header=no"))
        .hasMessageContaining("needs a header");
    assertThatThrownBy(() -> CsvMapping.parse("time=0,,bid=1,ask=2"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TickFileOptions.ofMany(List.of()))
        .hasMessage("no instrument is given");
  }

  private static List<Read> read(TickFormat format, TickFileOptions options, Path... files)
      throws IOException {
    return TestFiles.readAll(format, options, files);
  }

  private static Read tick(String time, long bid, long ask) {
    return new Read(-1, nanos(time), bid, ask, NONE, NONE);
  }
}
