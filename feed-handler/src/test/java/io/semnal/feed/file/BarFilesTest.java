package io.semnal.feed.file;

import static io.semnal.feed.file.TestFiles.EURUSD;
import static io.semnal.feed.file.TestFiles.USDJPY;
import static io.semnal.feed.file.TestFiles.nanos;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.market.Alignment;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.feed.BadInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BarFilesTest {
  private static final Instrument GBPUSD = new Instrument("GBPUSD", "GBP", "USD", 10_000, 5);
  private static final List<Instrument> BOTH = List.of(EURUSD, USDJPY);

  @TempDir private Path folder;

  /** A copy of one bar. */
  private record Read(
      int instrument, long open, long close, List<Long> bid, List<Long> ask, double volume) {
    static Read of(FileBar b) {
      return new Read(
          b.instrument,
          b.openTime,
          b.closeTime,
          List.of(b.bidOpen, b.bidHigh, b.bidLow, b.bidClose),
          List.of(b.askOpen, b.askHigh, b.askLow, b.askClose),
          b.volume);
    }
  }

  private static List<Read> readAll(BarFileOptions options, BarFile... files) throws IOException {
    List<Read> all = new ArrayList<>();
    FileBar bar = new FileBar();
    try (BarFileSource source = BarFileSource.open(List.of(files), options)) {
      while (source.next(bar)) {
        all.add(Read.of(bar));
      }
    }
    return all;
  }

  private static BarFileOptions options() {
    return BarFileOptions.of(BOTH);
  }

  private BarFile eurusd(String text) {
    return BarFile.of(TestFiles.write(folder.resolve("bars.csv"), text), "EURUSD");
  }

  @Test
  void readsAHeadersColumnsInAnyOrder() throws IOException {
    List<Read> bars =
        readAll(
            options(),
            eurusd(
                """
                \u00EF\u00BB\u00BFVolume,Close,High,Low,Open,Date,note
                10,1.5,2,0.5,1,2017-01-03,"a, b"
                ,1.75,2,1,1.5,2017-01-04,
                """));
    assertThat(bars)
        .containsExactly(
            new Read(
                0,
                nanos("2017-01-03T00:00:00Z"),
                nanos("2017-01-04T00:00:00Z"),
                prices("1", "2", "0.5", "1.5"),
                prices("1", "2", "0.5", "1.5"),
                10),
            new Read(
                0,
                nanos("2017-01-04T00:00:00Z"),
                nanos("2017-01-05T00:00:00Z"),
                prices("1.5", "2", "1", "1.75"),
                prices("1.5", "2", "1", "1.75"),
                Double.NaN));
  }

  @Test
  void readsBidAndAskOfOneRowByInstrumentAndTimeframe() throws IOException {
    Path file =
        TestFiles.write(
            folder.resolve("export.csv"),
            """
            openTime,closeTime,instrument,timeframe,bidOpen,bidHigh,bidLow,bidClose,askOpen,askHigh,askLow,askClose,ticks,quality
            2014-05-01T00:00:00Z,2014-05-01T00:01:00Z,EURUSD,1m,1,3,1,2,1.1,3.1,1.1,2.1,7,
            2014-05-01T00:00:00Z,2014-05-01T00:01:00Z,USDJPY,1m,101,103,101,102,101.1,103.1,101.1,102.1,8,partial
            2014-05-01T00:00:00Z,2014-05-01T00:05:00Z,EURUSD,5m,1,3,1,2,1.1,3.1,1.1,2.1,7,
            """);
    List<Read> bars = readAll(options(), BarFile.of(file));
    assertThat(bars).hasSize(2);
    assertThat(bars.get(1))
        .isEqualTo(
            new Read(
                1,
                nanos("2014-05-01T00:00:00Z"),
                nanos("2014-05-01T00:01:00Z"),
                prices("101", "103", "101", "102"),
                prices("101.1", "103.1", "101.1", "102.1"),
                8));
    assertThat(readAll(options().withTimeframe(Timeframe.M5), BarFile.of(file)))
        .extracting(Read::close)
        .containsExactly(nanos("2014-05-01T00:05:00Z"));
  }

  @Test
  void mergesInstrumentsByClosingTimeAndFilesByTheirFirstBar() throws IOException {
    String header = "time,open,high,low,close\n";
    BarFile late = file("b.csv", header + bar("2020-01-01 00:02") + bar("2020-01-01 00:03"));
    BarFile early = file("c.csv", header + bar("2020-01-01 00:00") + bar("2020-01-01 00:01"));
    Path other = folder.resolve("a.csv");
    TestFiles.write(other, header + bar("2020-01-01 00:01") + bar("2020-01-01 00:03"));
    assertThat(readAll(options(), late, BarFile.of(other, "USDJPY"), early))
        .extracting(b -> b.instrument + "@" + (b.open / 60_000_000_000L) % 60)
        .containsExactly("0@0", "0@1", "1@1", "0@2", "0@3", "1@3");
  }

  @Test
  void readsEveryBarOfLeanFiles() throws IOException {
    DateTimeFormatter format = DateTimeFormatter.ofPattern("uuuuMMdd HH:mm");
    for (String name : List.of("fxcm/hour/eurusd.zip", "fxcm/minute/eurusd/20140505_quote.zip")) {
      Path zip = TestFiles.realData("lean/" + name);
      List<String[]> lines = zipLines(zip);
      List<Read> bars =
          readAll(
              options()
                  .withZone(ZoneOffset.ofHours(-5))
                  .withAlignment(Alignment.parse("fixed:-05:00")),
              BarFile.of(zip));
      assertThat(bars).hasSameSizeAs(lines);
      for (int i = 0; i < lines.size(); i++) {
        String[] f = lines.get(i);
        LocalDateTime time =
            f[0].contains(" ")
                ? LocalDateTime.parse(f[0], format)
                : LocalDateTime.of(2014, 5, 5, 0, 0).plusNanos(Long.parseLong(f[0]) * 1_000_000);
        assertThat(bars.get(i).open)
            .isEqualTo(time.toEpochSecond(ZoneOffset.ofHours(-5)) * 1_000_000_000L);
        assertThat(bars.get(i).bid).isEqualTo(prices(f[1], f[2], f[3], f[4]));
        assertThat(bars.get(i).ask).isEqualTo(prices(f[6], f[7], f[8], f[9]));
      }
    }
  }

  @Test
  void readsBidAndAskFilesSideBySide() throws IOException {
    Path data = TestFiles.realData("bars/fxcm-m1");
    Path bid = data.resolve("gbpusd-m1-bid-2012.csv");
    Path ask = data.resolve("gbpusd-m1-ask-2012.csv");
    List<Read> bars = readAll(BarFileOptions.of(List.of(GBPUSD)), new BarFile(bid, ask, "GBPUSD"));
    List<String> bids = Files.readAllLines(bid);
    List<String> asks = Files.readAllLines(ask);
    assertThat(bars).hasSize(bids.size() - 1);
    for (int i = 0; i < bars.size(); i++) {
      String[] b = bids.get(i + 1).split(",");
      String[] a = asks.get(i + 1).split(",");
      assertThat(bars.get(i).bid).isEqualTo(prices(b[1], b[2], b[3], b[4]));
      assertThat(bars.get(i).ask).isEqualTo(prices(a[1], a[2], a[3], a[4]));
      assertThat(bars.get(i).close - bars.get(i).open).isEqualTo(60_000_000_000L);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "date,open,high,low,close\\n2017-01-03,1,1,x,1 | :2: column low is not a price ('x')",
        "date,open,high,low,close\\n2017-01-03,1,1,1 | :2: line has 4 columns, the header 5",
        "date,open,high,low,close\\n2017-01-03,1,1,NaN,1 | :2: column low is not a price ('NaN')",
        "date,open,high,low,close\\n2017-01-03,1,1,-1,1 | :2: column low is negative ('-1')",
        "date,open,high,low,close\\n2017-01-03,1,1,1.2,1 | :2: line has a high below its low",
        "date,open,high,low,close\\n01/03/2017,1,1,1,1 | :2: time is not a time such as 2017-01-03",
        "date,open,high,low,close\\n2017-02-29,1,1,1,1 | :2: time is not a time such as 2017-01-03",
        "date,open,low,close | :1: the header 'date,open,low,close' has no column high",
        "open,low | :1: the header 'open,low' has no column date or time, high, close",
        "time,bidopen,askopen | :1: the header 'time,bidopen,askopen' has no column bidhigh,",
        "'' | : is empty",
        "date,open,high,low,close\\n2017-01-03,1,1,1,1\\n2017-01-03,1,1,1,1 | :3: 2017-01-03T00:00:00Z lies before the end of the 1d bar before it, 2017-01-04T00:00:00Z",
        "time,open,high,low,close\\n2017-01-03 09:30,1,1,1,1 | :2: 2017-01-03T09:30:00Z is not where a bar of 1d begins with alignment utc",
        "time,symbol,open,high,low,close\\n2017-01-03,XXXYYY,1,1,1,1 | :2: instrument is not EURUSD ('XXXYYY')",
      })
  void namesFileLineAndProblem(String content, String message) {
    BarFile file = eurusd(content.replace("\\n", "\n"));
    assertThatThrownBy(() -> readAll(options().withTimeframe(Timeframe.D1), file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(file.path() + message);
  }

  @Test
  void skipsWhatCannotBeReadIfAskedTo() throws IOException {
    BarFile file =
        eurusd(
            "date,open,high,low,close\n2017-01-03,1,1,x,1\n2017-01-04,1,1,1,1\n2017-01-04,1,1,1,1");
    BarFileOptions options = options().withTimeframe(Timeframe.D1).withOnError(OnError.SKIP);
    FileBar bar = new FileBar();
    try (BarFileSource source = BarFileSource.open(List.of(file), options)) {
      assertThat(source.next(bar)).isTrue();
      assertThat(source.next(bar)).isFalse();
      assertThat(source.skipped()).isEqualTo(2);
      assertThat(source.problems().getFirst()).contains("column low");
    }
  }

  @Test
  void asksForTheLengthWhereTimesDoNotShowIt() {
    BarFile file = eurusd("date,open,high,low,close\n2017-01-03,1,1,1,1\n");
    assertThatThrownBy(() -> readAll(options(), file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("give the bars' length");
  }

  @Test
  void saysWhichInstrumentAFileLacks() {
    Path file = TestFiles.write(folder.resolve("x.csv"), "date,open,high,low,close\n");
    assertThatThrownBy(() -> readAll(options().withTimeframe(Timeframe.D1), BarFile.of(file)))
        .hasMessageContaining("names no instrument, and several may be meant");
  }

  @Test
  void roundsWhatHasMoreThanEightDecimalsAndReadsExponents() throws IOException {
    List<Read> bars =
        readAll(
            options().withTimeframe(Timeframe.D1),
            eurusd("date,open,high,low,close\n2017-01-03,2.123456789,3,1.25e-05,2.123456784\n"));
    assertThat(bars.getFirst().bid).isEqualTo(prices("2.12345679", "3", "0.0000125", "2.12345678"));
  }

  private BarFile file(String name, String text) {
    return BarFile.of(TestFiles.write(folder.resolve(name), text), "EURUSD");
  }

  private static String bar(String time) {
    return time + ",1,1,1,1\n";
  }

  private static List<Long> prices(String... decimals) {
    return Stream.of(decimals).map(TestFiles::mantissa).toList();
  }

  private static List<String[]> zipLines(Path path) throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile());
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    zip.getInputStream(zip.entries().nextElement()), StandardCharsets.UTF_8))) {
      return reader.lines().map(line -> line.split(",")).toList();
    }
  }
}
