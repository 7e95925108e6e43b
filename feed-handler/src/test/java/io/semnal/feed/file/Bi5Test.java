package io.semnal.feed.file;

import static io.semnal.feed.file.TestFiles.EURUSD;
import static io.semnal.feed.file.TestFiles.USDJPY;
import static io.semnal.feed.file.TestFiles.XAUUSD;
import static io.semnal.feed.file.TestFiles.nanos;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.feed.BadInputException;
import io.semnal.feed.file.TestFiles.Read;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;

class Bi5Test {
  @TempDir Path folder;

  @Test
  void takesHourFromPathWithMonthsFromZero() throws IOException {
    Path file = hour("EURUSD/2014/04/01/09h_ticks.bi5", record(123, 138_686, 138_676, 1.5f, 0.75f));

    assertThat(TestFiles.readAll(TickFormat.BI5, TickFileOptions.of(EURUSD), file))
        .containsExactly(
            new Read(
                -1,
                nanos("2014-05-01T09:00:00.123Z"),
                138_676_000,
                138_686_000,
                75_000_000,
                150_000_000));
  }

  @Test
  void takesHourFromOptions() throws IOException {
    Path file = hour("ticks.bi5", record(0, 138_686, 138_676, 1, 1));

    assertThat(
            TestFiles.readAll(
                TickFormat.BI5,
                TickFileOptions.of(EURUSD).withStart(Instant.parse("2014-12-31T23:00:00Z")),
                file))
        .extracting(Read::eventTime)
        .containsExactly(nanos("2014-12-31T23:00:00Z"));
    assertThatThrownBy(() -> TestFiles.readAll(TickFormat.BI5, TickFileOptions.of(EURUSD), file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("ticks.bi5: the path does not say the hour");
  }

  @Test
  void pointIsThatOfTheInstrument() throws IOException {
    byte[] record = record(0, 101_126, 101_123, 1, 1);
    Path yen = hour("USDJPY/2014/04/01/00h_ticks.bi5", record);
    Path gold = hour("XAUUSD/2014/04/01/00h_ticks.bi5", record);
    TickFileOptions options = TickFileOptions.ofMany(List.of(XAUUSD, EURUSD, USDJPY));

    List<Read> ticks = TestFiles.readAll(TickFormat.BI5, options, yen, gold);

    assertThat(ticks).extracting(Read::instrument).containsExactly(2, 0);
    assertThat(ticks).extracting(Read::bid).containsOnly(10_112_300_000L);
    assertThat(TestFiles.readAll(TickFormat.BI5, options.withPointDecimals(1), gold))
        .extracting(Read::bid)
        .containsExactly(1_011_230_000_000L);
  }

  @Test
  void hourWithoutTicksIsAFileOfNoBytes() throws IOException {
    Path empty = TestFiles.write(folder.resolve("EURUSD/2014/04/03/12h_ticks.bi5"), new byte[0]);
    assertThat(TestFiles.readAll(TickFormat.BI5, TickFileOptions.of(EURUSD), empty)).isEmpty();
  }

  @Test
  void readsLongHours() throws IOException {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    Random random = new Random(7);
    long[] expected = new long[20_000];
    for (int i = 0; i < expected.length; i++) {
      int bid = 130_000 + random.nextInt(10_000);
      expected[i] = bid * 1_000L;
      records.write(record(i * 100, bid + 10, bid, 1, 1));
    }
    Path file = hour("EURUSD/2014/00/31/23h_ticks.bi5", records.toByteArray());

    List<Read> ticks = TestFiles.readAll(TickFormat.BI5, TickFileOptions.of(EURUSD), file);

    assertThat(ticks.stream().mapToLong(Read::bid).toArray()).isEqualTo(expected);
    assertThat(ticks.getLast().eventTime())
        .isEqualTo(nanos("2014-01-31T23:00:00Z") + 1_999_900_000_000L);
  }

  @Test
  void namesRecordThatIsCutOff() throws IOException {
    byte[] two = twoRecords();
    Path file = hour("EURUSD/2014/04/01/00h_ticks.bi5", Arrays.copyOf(two, 33));

    assertThatThrownBy(() -> TestFiles.readAll(TickFormat.BI5, TickFileOptions.of(EURUSD), file))
        .isInstanceOf(BadInputException.class)
        .hasMessage(file + ": record 2: the record is cut off after 13 of 20 bytes");
  }

  @Test
  void namesDamagedRecordAndSkipsIt() throws IOException {
    for (byte[] bad :
        List.of(
            record(3_600_000, 2, 1, 1, 1),
            record(-1, 2, 1, 1, 1),
            record(0, 0, 1, 1, 1),
            record(0, 2, -1, 1, 1),
            record(0, 2, 1, Float.NaN, 1),
            record(0, 2, 1, 1, -1))) {
      Path file = hour("EURUSD/2014/04/01/00h_ticks.bi5", record(0, 2, 1, 1, 1), bad, twoRecords());
      assertThatThrownBy(() -> TestFiles.readAll(TickFormat.BI5, TickFileOptions.of(EURUSD), file))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("00h_ticks.bi5: record 2: ");
      try (TickFileSource source =
          TickFiles.open(
              TickFormat.BI5,
              List.of(file),
              TickFileOptions.of(EURUSD).withOnError(OnError.SKIP))) {
        assertThat(TestFiles.readAll(source)).hasSize(3);
        assertThat(source.skipped()).isEqualTo(1);
        assertThat(source.abandonedFiles()).isZero();
      }
    }
  }

  @Test
  void refusesForeignSymbolInPath() throws IOException {
    Path file = hour("GBPUSD/2014/04/01/00h_ticks.bi5", twoRecords());
    assertThatThrownBy(() -> TestFiles.readAll(TickFormat.BI5, TickFileOptions.of(EURUSD), file))
        .hasMessageEndingWith("the path says GBPUSD, not EURUSD");
  }

  @Test
  void cutAndCorruptStreamsAreNamedAndSkipped() throws IOException {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    Random random = new Random(11);
    for (int i = 0; i < 5_000; i++) {
      records.write(record(i, 138_000 + random.nextInt(999), 137_000 + random.nextInt(999), 1, 1));
    }
    byte[] whole = lzma(records.toByteArray());
    byte[] cut = Arrays.copyOf(whole, whole.length / 2);
    byte[] corrupt = whole.clone();
    for (int i = whole.length / 2; i < whole.length / 2 + 64; i++) {
      corrupt[i] ^= 0x5A;
    }
    Path good = hour("EURUSD/2014/04/01/01h_ticks.bi5", twoRecords());
    byte[] noise = new byte[40];
    Arrays.fill(noise, (byte) 0x77);
    for (byte[] bad : List.of(cut, corrupt, new byte[] {1, 2, 3}, noise)) {
      Path file = TestFiles.write(folder.resolve("EURUSD/2014/04/01/00h_ticks.bi5"), bad);
      assertThatThrownBy(() -> TestFiles.readAll(TickFormat.BI5, TickFileOptions.of(EURUSD), file))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(file + ": ");
      try (TickFileSource source =
          TickFiles.open(
              TickFormat.BI5,
              List.of(file, good),
              TickFileOptions.of(EURUSD).withOnError(OnError.SKIP))) {
        List<Read> ticks = TestFiles.readAll(source);
        assertThat(source.abandonedFiles()).isEqualTo(1);
        assertThat(ticks.get(ticks.size() - 2).eventTime())
            .isEqualTo(nanos("2014-05-01T01:00:00.001Z"));
      }
    }
  }

  @Test
  void damagedFilesThrowNothingElse() throws IOException {
    byte[] whole = lzma(twoRecords());
    Random random = new Random(3);
    for (int i = 0; i < 1_000; i++) {
      byte[] damaged = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      for (int k = random.nextInt(4); k >= 0; k--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Path file = TestFiles.write(folder.resolve("EURUSD/2014/04/01/00h_ticks.bi5"), damaged);
      try {
        TestFiles.readAll(TickFormat.BI5, TickFileOptions.of(EURUSD), file);
      } catch (BadInputException e) {
        assertThat(e).hasMessageStartingWith(file + ": ");
      }
    }
  }

  private Path hour(String name, byte[]... records) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] record : records) {
      all.write(record);
    }
    return TestFiles.write(folder.resolve(name), lzma(all.toByteArray()));
  }

  private static byte[] twoRecords() throws IOException {
    ByteArrayOutputStream two = new ByteArrayOutputStream();
    two.write(record(1, 138_686, 138_676, 1, 1));
    two.write(record(2, 138_687, 138_677, 1, 1));
    return two.toByteArray();
  }

  private static byte[] record(int millis, int ask, int bid, float askVolume, float bidVolume)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(millis);
    out.writeInt(ask);
    out.writeInt(bid);
    out.writeFloat(askVolume);
    out.writeFloat(bidVolume);
    return bytes.toByteArray();
  }

  private static byte[] lzma(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LZMA2Options options = new LZMA2Options(1);
    options.setDictSize(1 << 16);
    try (LZMAOutputStream out = new LZMAOutputStream(bytes, options, content.length)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
