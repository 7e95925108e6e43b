package io.semnal.research.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.semnal.core.ingress.MessageLog;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.RunHeaders;
import io.semnal.journal.RunInfo;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ConflatedQuoteEncoder;
import io.semnal.protocol.sbe.DefineInstrumentEncoder;
import io.semnal.protocol.sbe.DefineSourceEncoder;
import io.semnal.protocol.sbe.InstrumentDefinitionEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.ModelDefinitionEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.sbe.ScoreEncoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.protocol.sbe.StrategyDefinitionEncoder;
import io.semnal.protocol.sbe.Trigger;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.agrona.ExpandableDirectByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal written message by message, exported as Parquet and read by DuckDB. */
class JournalExportTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = 1_772_409_600L * SECOND;

  @TempDir private Path folder;
  private final ExpandableDirectByteBuffer buffer = new ExpandableDirectByteBuffer(1024);
  private final MessageHeaderEncoder header = new MessageHeaderEncoder();
  private long seq;
  private long time = START;

  /** Two runs: a quote in the first; a conflated and a plain quote in the second. */
  @BeforeEach
  void writeJournal() {
    try (JournalDirectory journal = JournalDirectory.open(folder.resolve("j"), "FAST_DAILY")) {
      MessageLog in = journal.inboundLog();
      beginRun(in, 1, "a = 1");
      DefineInstrumentEncoder instrument =
          new DefineInstrumentEncoder().wrapAndApplyHeader(buffer, 0, header);
      instrument.instrumentId(4).symbol("EURUSD").priceDecimals((short) 5).pip(10_000);
      stamp(in, instrument.encodedLength());
      DefineSourceEncoder source = new DefineSourceEncoder().wrapAndApplyHeader(buffer, 0, header);
      source.sourceId(2).name("lp-one");
      stamp(in, source.encodedLength());
      quote(in, 116_000_000L);
      time += 10 * SECOND;
      beginRun(in, 2, "a = 2");
      conflated(in);
      time += 10 * SECOND;
      quote(in, 116_100_000L);
      outbound(journal.outboundLog());
      shadow(journal.shadowLog());
    }
  }

  private void stamp(MessageLog log, int encoded) {
    MessageLayout.stamp(buffer, 0, ++seq, time);
    log.append(buffer, 0, MessageLayout.HEADER + encoded);
  }

  private void beginRun(MessageLog log, long run, String text) {
    RunInfo info =
        new RunInfo(run, ++seq, time, 1, 0, 0, START, true, "build-" + run, text, List.of());
    log.append(buffer, 0, RunHeaders.encode(info, buffer));
  }

  private void quote(MessageLog log, long bid) {
    QuoteEncoder q = new QuoteEncoder().wrapAndApplyHeader(buffer, 0, header);
    q.eventTime(time).receiveTime(MessageLayout.ABSENT).sourceSeq(seq).bid(bid).ask(bid + 7_000);
    q.bidSize(100).askSize(250).sourceId(2).instrumentId(4).flags().clear();
    stamp(log, q.encodedLength());
  }

  private void conflated(MessageLog log) {
    ConflatedQuoteEncoder q = new ConflatedQuoteEncoder().wrapAndApplyHeader(buffer, 0, header);
    q.eventTime(time).receiveTime(MessageLayout.ABSENT).sourceSeq(77);
    q.bid(116_050_000L).ask(116_060_000L).bidSize(100).askSize(MessageLayout.ABSENT);
    q.sourceId(2).instrumentId(4).count(9).flags().clear().conflated(true);
    q.bidHigh(116_090_000L).bidLow(116_000_000L).askHigh(116_099_000L).askLow(116_010_000L);
    stamp(log, q.encodedLength());
  }

  private void outbound(MessageLog log) {
    InstrumentDefinitionEncoder instrument =
        new InstrumentDefinitionEncoder().wrapAndApplyHeader(buffer, 0, header);
    instrument.outSeq(1).causeSeq(2).time(START).instrumentId(4).symbol("EURUSD");
    log.append(buffer, 0, MessageLayout.HEADER + instrument.encodedLength());
    StrategyDefinitionEncoder strategy =
        new StrategyDefinitionEncoder().wrapAndApplyHeader(buffer, 0, header);
    strategy.outSeq(2).causeSeq(2).time(START).strategyId(3).name("core-1m");
    log.append(buffer, 0, MessageLayout.HEADER + strategy.encodedLength());
  }

  private void shadow(MessageLog log) {
    ModelDefinitionEncoder model =
        new ModelDefinitionEncoder().wrapAndApplyHeader(buffer, 0, header);
    model.causeSeq(2).time(START).modelId(9).name("rival").version(3);
    log.append(buffer, 0, MessageLayout.HEADER + model.encodedLength());
    ScoreEncoder score = new ScoreEncoder().wrapAndApplyHeader(buffer, 0, header);
    score.outSeq(0).causeSeq(8).time(time).eventTime(time).instrumentId(4).timeframe(60);
    score.strategyId(3).modelId(9).buy(0.5).sell(0.25).neutral(0.25).output(Double.NaN);
    score.featureHash(-2).bid(116_100_000L).ask(116_107_000L).side(SignalType.BUY);
    score.reason(ScoreReason.SIGNAL).trigger(Trigger.BAR_CLOSE);
    log.append(buffer, 0, MessageLayout.HEADER + score.encodedLength());
  }

  private Path export(ExportKind kind, long from) throws IOException {
    Path out = folder.resolve("out.parquet");
    try (JournalDirectory journal = JournalDirectory.openReadOnly(folder.resolve("j"))) {
      ExportRequest request = new ExportRequest(kind, from, Long.MAX_VALUE, Set.of(), true);
      JournalExport.write(journal, request, TableFormat.PARQUET, out, "exporter", count -> {});
    }
    return out;
  }

  @Test
  void aConflatedQuoteIsARowWithItsExtremesAndItsCount() throws IOException, SQLException {
    Path out = export(ExportKind.QUOTES, Long.MIN_VALUE);
    assertThat(
            DuckDb.rows(
                ("SELECT journal_seq, instrument, source, source_seq, bid, ask, bid_size, ask_size,"
                        + " quality, ticks, bid_high, bid_low, ask_high, ask_low FROM '%s'")
                    .formatted(out)))
        .containsExactly(
            "4|EURUSD|lp-one|3|1.16000000|1.16007000|1.00|2.50|ok|1|null|null|null|null",
            "6|EURUSD|lp-one|77|1.16050000|1.16060000|1.00|null|conflated|9|1.16090000|1.16000000"
                + "|1.16099000|1.16010000",
            "7|EURUSD|lp-one|6|1.16100000|1.16107000|1.00|2.50|ok|1|null|null|null|null");
  }

  @Test
  void severalRunsAreNamedInOneFileEachWithItsConfiguration() throws IOException, SQLException {
    Path out = export(ExportKind.QUOTES, Long.MIN_VALUE);
    assertThat(
            DuckDb.rows(
                ("SELECT decode(key), decode(value) FROM parquet_kv_metadata('%s') WHERE"
                        + " decode(key) LIKE 'semnal.conf%%' OR decode(key) = 'semnal.runs'")
                    .formatted(out)))
        .satisfiesExactlyInAnyOrder(
            row -> assertThat(row).isEqualTo("semnal.configuration|a = 2"),
            row -> assertThat(row).isEqualTo("semnal.configuration.run-1|a = 1"),
            row ->
                assertThat(row)
                    .startsWith("semnal.runs|")
                    .contains("\"run\":1,\"journal_seq\":1,", "\"build\":\"build-1\"")
                    .contains("\"run\":2,\"journal_seq\":5,", "\"build\":\"build-2\""));
  }

  @Test
  void whatWasDefinedBeforeTheRangeStillNamesItsRows() throws IOException, SQLException {
    Path out = export(ExportKind.QUOTES, START + 20 * SECOND);
    assertThat(DuckDb.rows("SELECT journal_seq, instrument, source FROM '%s'".formatted(out)))
        .containsExactly("7|EURUSD|lp-one");
  }

  @Test
  void aChallengersScoreIsARowOfParquet() throws IOException, SQLException {
    Path out = export(ExportKind.SHADOW, Long.MIN_VALUE);
    assertThat(
            DuckDb.rows(
                ("SELECT epoch_us(available_at), instrument, timeframe, strategy, model, \"trigger\","
                        + " side, reason, buy, sell, neutral, output, bid, feature_hash, cause_seq"
                        + " FROM '%s'")
                    .formatted(out)))
        .containsExactly(
            (START / 1_000 + 20_000_000)
                + "|EURUSD|1m|core-1m|rival@3|BAR_CLOSE|BUY|SIGNAL|0.5|0.25|0.25|null|1.16100000"
                + "|18446744073709551614|8");
  }
}
