package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.sbe.MessageDecoderFlyweight;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code semnal export} of every kind, against what the generated decoders print of the journal's
 * messages, and against DuckDB as the reader of the files.
 */
class ExportTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final int TICKS = 6_000;
  private static final String ABSENT = Long.toString(Long.MIN_VALUE);

  @TempDir private static Path folder;
  private static Path journal;
  private static final Map<String, String> SYMBOLS = new HashMap<>();

  @BeforeAll
  static void importTicks() throws IOException {
    Path config = folder.resolve("semnal.conf");
    Files.writeString(
        config,
        """
        universe = [EURUSD, GBPUSD]
        policy { buyThreshold = 0.34, sellThreshold = 0.34, margin = 0, cooldownBars = 1, maxSpreadPips = 10 }
        """);
    Path ticks = folder.resolve("ticks.csv");
    Files.write(ticks, walk());
    journal = folder.resolve("journal");
    CommandRun.done(
        "import",
        "--config=" + config,
        "-Dmodels.directory=" + TestModels.directory(),
        "--journal=" + journal,
        "--format=csv",
        "--mapping=time=time,symbol=symbol,bid=bid,ask=ask,bidSize=size",
        ticks.toString());
    JournalView.inbound(journal, t -> t == DefineInstrumentDecoder.TEMPLATE_ID)
        .forEach(
            m -> {
              DefineInstrumentDecoder d = new DefineInstrumentDecoder();
              d.wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
              SYMBOLS.put(Integer.toString(d.instrumentId()), d.symbol());
            });
  }

  /** With crossed and repeated ticks, some without a size. */
  private static List<String> walk() {
    Random random = new Random(11);
    List<String> lines = new ArrayList<>(List.of("time,symbol,bid,ask,size"));
    long[] bids = {116_000, 131_000};
    long millis = START.toEpochMilli();
    for (int i = 0; i < TICKS; i++) {
      millis += random.nextInt(132_000);
      int of = random.nextInt(2);
      bids[of] += random.nextInt(41) - 20;
      long ask = bids[of] + (random.nextInt(400) == 0 ? -3 : 2 + random.nextInt(12));
      String line =
          "%s,%s,1.%05d,1.%05d,%s"
              .formatted(
                  Instant.ofEpochMilli(millis),
                  of == 0 ? "EURUSD" : "GBPUSD",
                  bids[of] - 100_000,
                  ask - 100_000,
                  random.nextInt(100) * 1_000 + ".25");
      lines.add(line);
      if (random.nextInt(100) == 0) {
        lines.add(line);
      }
    }
    return lines;
  }

  @Test
  void quotesAreThoseOfTheJournal() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Map<String, String> q : decoded(true, QuoteDecoder.TEMPLATE_ID, new QuoteDecoder())) {
      expected.add(
          row(
              time(q, "time"),
              time(q, "eventTime"),
              time(q, "receiveTime"),
              q.get("journalSeq"),
              SYMBOLS.get(q.get("instrumentId")),
              "import",
              q.get("sourceSeq"),
              price(q, "bid"),
              price(q, "ask"),
              decimal(q, "bidSize", 2),
              decimal(q, "askSize", 2),
              flags(q),
              "1,,,,"));
    }
    assertTrue(expected.size() >= TICKS, expected.size() + " quotes");
    assertTrue(expected.stream().anyMatch(line -> line.contains(",crossed,")), "crossed");
    assertEquals(expected, csv("quotes"));
  }

  @Test
  void barsAreThoseOfTheJournal() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Map<String, String> b : decoded(false, BarDecoder.TEMPLATE_ID, new BarDecoder())) {
      double mean = Long.parseLong(b.get("spreadSum")) / 1e8 / Long.parseLong(b.get("ticks"));
      expected.add(
          row(
              time(b, "openTime"),
              time(b, "closeTime"),
              time(b, "time"),
              SYMBOLS.get(b.get("instrumentId")),
              timeframe(b),
              price(b, "bidOpen"),
              price(b, "bidHigh"),
              price(b, "bidLow"),
              price(b, "bidClose"),
              price(b, "askOpen"),
              price(b, "askHigh"),
              price(b, "askLow"),
              price(b, "askClose"),
              price(b, "spreadMin"),
              price(b, "spreadMax"),
              Double.toString(mean),
              b.get("ticks"),
              flags(b),
              b.get("outSeq"),
              b.get("causeSeq")));
    }
    assertTrue(expected.size() > 500, expected.size() + " bars");
    assertEquals(expected, csv("bars"));
  }

  @Test
  void scoresAreThoseOfTheJournal() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Map<String, String> s : decoded(false, ScoreDecoder.TEMPLATE_ID, new ScoreDecoder())) {
      expected.add(
          row(
              time(s, "time"),
              time(s, "eventTime"),
              SYMBOLS.get(s.get("instrumentId")),
              timeframe(s),
              "core-1m",
              model(s),
              s.get("trigger"),
              s.get("side"),
              s.get("reason"),
              real(s, "buy"),
              real(s, "sell"),
              real(s, "neutral"),
              real(s, "output"),
              price(s, "bid"),
              price(s, "ask"),
              Long.toUnsignedString(Long.parseLong(s.get("featureHash"))),
              s.get("outSeq"),
              s.get("causeSeq")));
    }
    assertTrue(expected.size() > 200, expected.size() + " scores");
    assertEquals(expected, csv("scores"));
  }

  @Test
  void eventsAreThoseOfTheJournal() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Map<String, String> e : events()) {
      expected.add(
          row(
              time(e, "time"),
              time(e, "eventTime"),
              e.get("signalId"),
              SYMBOLS.get(e.get("instrumentId")),
              timeframe(e),
              "core-1m",
              model(e),
              e.get("signalType"),
              e.get("state"),
              reason(e),
              e.get("session"),
              e.get("repeats"),
              price(e, "price"),
              price(e, "bid"),
              price(e, "ask"),
              real(e, "pips"),
              e.get("outSeq"),
              e.get("causeSeq")));
    }
    assertTrue(expected.size() > 20, expected.size() + " events");
    assertEquals(expected, csv("events"));
  }

  @Test
  void signalsHaveTheirOutcome() throws IOException {
    List<String> expected = signals(Long.MIN_VALUE, Long.MAX_VALUE);
    assertTrue(expected.size() > 20, expected.size() + " signals");
    assertTrue(expected.stream().anyMatch(line -> line.contains(",ENDED,")), "none ended");
    assertEquals(expected, csv("signals"));
  }

  /** Their ends may lie beyond it. */
  @Test
  void signalsOfARangeOfTimeHaveTheirOutcomeToo() throws IOException {
    Instant from = START.plusSeconds(80 * 3_600);
    for (int minutes = 60; minutes <= 480; minutes += 140) {
      Instant to = from.plusSeconds(60L * minutes);
      assertEquals(
          signals(Times.nanos(from), Times.nanos(to)),
          csv("signals", "--from=" + from, "--to=" + to));
    }
  }

  private static List<String> signals(long from, long to) {
    List<Map<String, String>> events = events();
    List<String> expected = new ArrayList<>();
    for (Map<String, String> s : decoded(false, SignalDecoder.TEMPLATE_ID, new SignalDecoder())) {
      long time = Long.parseLong(s.get("time"));
      if (time < from || time >= to) {
        continue;
      }
      Map<String, String> entry = Map.of();
      Map<String, String> exit = Map.of();
      Map<String, String> last = Map.of("state", "PENDING", "session", "", "repeats", "0");
      for (Map<String, String> e : events) {
        if (e.get("signalId").equals(s.get("outSeq"))) {
          last = e;
          if (e.get("state").equals("ACTIVE")) {
            entry = e;
          } else {
            exit = e;
          }
        }
      }
      expected.add(
          row(
              time(s, "time"),
              time(s, "eventTime"),
              s.get("outSeq"),
              SYMBOLS.get(s.get("instrumentId")),
              timeframe(s),
              "core-1m",
              model(s),
              s.get("signalType"),
              s.get("trigger"),
              s.get("strength"),
              price(s, "bid"),
              price(s, "ask"),
              price(s, "entry"),
              price(s, "stopLoss"),
              price(s, "takeProfit"),
              time(s, "expiration"),
              s.get("signalType").equals("NEUTRAL") ? "" : last.get("state"),
              time(entry, "time"),
              price(entry, "price"),
              time(exit, "time"),
              price(exit, "price"),
              exit.isEmpty() ? "" : reason(exit),
              last.get("session"),
              last.get("repeats"),
              exit.isEmpty() ? "" : real(exit, "pips"),
              Long.toUnsignedString(Long.parseLong(s.get("featureHash"))),
              s.get("causeSeq")));
    }
    return expected;
  }

  private static List<Map<String, String>> events() {
    return decoded(false, SignalEventDecoder.TEMPLATE_ID, new SignalEventDecoder());
  }

  /** Every value, of every kind, with and without {@code --decimal}; and the order of the rows. */
  @ParameterizedTest
  @ValueSource(strings = {"quotes", "bars", "scores", "signals", "events"})
  void parquetHoldsWhatTheCsvHoldsAsDuckDbReadsIt(String what) throws IOException, SQLException {
    for (String[] how : new String[][] {{}, {"--decimal"}}) {
      Path csv = export(what, what + ".csv", how);
      Path parquet = export(what, what + ".parquet", how);
      List<String> lines = Files.readAllLines(csv);
      try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
          Statement duck = connection.createStatement()) {
        duck.execute("SET threads = 1");
        duck.execute("SET TimeZone = 'UTC'");
        duck.execute("CREATE TABLE parquet AS SELECT * FROM '%s'".formatted(parquet));
        duck.execute("CREATE TABLE csv AS SELECT * FROM parquet LIMIT 0");
        duck.execute(
            "INSERT INTO csv SELECT * FROM read_csv('%s', header = true, all_varchar = true)"
                .formatted(csv));
        assertEquals(lines.getFirst(), String.join(",", column(duck, "DESCRIBE parquet")));
        String rows = Integer.toString(lines.size() - 1);
        assertEquals(List.of(rows), column(duck, "SELECT count(*) FROM parquet"));
        assertEquals(
            List.of("0"),
            column(
                duck,
                "SELECT count(*) FROM ((FROM parquet EXCEPT ALL FROM csv)"
                    + " UNION ALL (FROM csv EXCEPT ALL FROM parquet))"));
        assertEquals(
            List.of("0"),
            column(
                duck,
                "SELECT count(*) FROM (SELECT available_at < lag(available_at) OVER () AS back FROM"
                    + " parquet) WHERE back"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "quotes, bid, '', DOUBLE, null",
    "quotes, bid, --decimal, INT64, 'DecimalType(scale=8, precision=18)'",
    "quotes, ask_size, --decimal, INT64, 'DecimalType(scale=2, precision=18)'",
    "quotes, instrument, '', BYTE_ARRAY, StringType()",
    "bars, spread_mean, --decimal, DOUBLE, null",
    "scores, feature_hash, '', INT64, 'IntType(bitWidth=@, isSigned=0)'",
  })
  void columnsHaveTheirTypes(String what, String column, String how, String type, String logical)
      throws IOException, SQLException {
    Path file = export(what, "types.parquet", how.isEmpty() ? new String[0] : new String[] {how});
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement duck = connection.createStatement()) {
      String of = "FROM parquet_schema('%s') WHERE name = '%s'".formatted(file, column);
      assertEquals(List.of(type), column(duck, "SELECT type " + of));
      assertEquals(List.of(logical), column(duck, "SELECT logical_type " + of));
      assertEquals(
          List.of(
              "TimestampType(isAdjustedToUTC=1, unit=TimeUnit(MILLIS=<null>, MICROS=<null>,"
                  + " NANOS=NanoSeconds()))"),
          column(
              duck,
              "SELECT logical_type FROM parquet_schema('%s') WHERE name = 'available_at'"
                  .formatted(file)));
      if (type.equals("BYTE_ARRAY")) {
        assertEquals(
            List.of("PLAIN, RLE, RLE_DICTIONARY"),
            column(
                duck,
                "SELECT DISTINCT encodings FROM parquet_metadata('%s') WHERE path_in_schema = '%s'"
                    .formatted(file, column)));
      }
    }
  }

  @Test
  void theFileSaysWhereItComesFrom() throws IOException, SQLException {
    RunHeaderDecoder header = new RunHeaderDecoder();
    header.wrapAndApplyHeader(
        JournalView.inbound(journal, t -> t == RunHeaderDecoder.TEMPLATE_ID).getFirst().buffer(),
        0,
        new MessageHeaderDecoder());
    header.models().forEach(model -> {});
    String build = header.build();
    byte[] configuration = new byte[header.configurationLength()];
    header.getConfiguration(configuration, 0, configuration.length);
    Path file = export("bars", "m.parquet", "--from=2026-03-04", "--instruments=EURUSD");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement duck = connection.createStatement()) {
      String value =
          "SELECT decode(value) FROM parquet_kv_metadata('" + file + "') WHERE decode(key) = '%s'";
      assertEquals(
          List.of(new String(configuration, StandardCharsets.UTF_8)),
          column(duck, value.formatted("semnal.configuration")));
      String runs = column(duck, value.formatted("semnal.runs")).getFirst();
      assertTrue(runs.contains("\"build\":\"" + build + "\""), runs);
      assertTrue(runs.contains("\"model\":\"default@1\""), runs);
      assertEquals(List.of("2026-03-04T00:00:00Z"), column(duck, value.formatted("semnal.from")));
      assertEquals(List.of("[\"EURUSD\"]"), column(duck, value.formatted("semnal.instruments")));
    }
  }

  @Test
  void aRangeOfTimeAndInstrumentsChooseRows() throws IOException {
    List<String> all = csv("quotes");
    Instant from = Instant.parse(all.get(1_500).split(",")[0]);
    Instant to = Instant.parse(all.get(3_500).split(",")[0]);
    List<String> expected =
        all.stream()
            .filter(
                line -> {
                  Instant time = Instant.parse(line.split(",")[0]);
                  return line.contains(",GBPUSD,") && !time.isBefore(from) && time.isBefore(to);
                })
            .toList();
    assertTrue(expected.size() > 800, expected.size() + " rows");
    assertEquals(expected, csv("quotes", "--from=" + from, "--to=" + to, "--instruments=GBPUSD"));
  }

  @Test
  void featuresAreThoseOfTheFeaturesCommand() throws IOException {
    Path here = export("features", "f.parquet", "--features=fx-core");
    Path there = folder.resolve("g.parquet");
    CommandRun.done("features", "--journal=" + journal, "--features=fx-core", "--out=" + there);
    assertEquals(-1, Files.mismatch(here, there));
  }

  @Test
  void misuseIsNamed() {
    assertTells("--features goes with", 2, "--what=bars", "--features=fx-core");
    assertTells("--what features needs --features SET", 2, "--what=features");
    assertTells("does not lie before", 2, "--what=bars", "--from=2026-03-05", "--to=2026-03-05");
    assertTells(
        "the journal has no instrument 'EURUSX'; it has EURUSD, GBPUSD",
        1,
        "--what=bars",
        "--instruments=EURUSX");
  }

  private static void assertTells(String sentence, int exit, String... args) {
    List<String> all = new ArrayList<>(List.of("export", "--journal=" + journal));
    all.addAll(List.of(args));
    all.add("--out=" + folder.resolve("none.csv"));
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertEquals(exit, run.exit(), run::toString);
    assertTrue(run.err().contains(sentence), run::toString);
  }

  private static Path export(String what, String name, String... how) throws IOException {
    Path file = folder.resolve(name);
    List<String> all = new ArrayList<>(List.of("export", "--journal=" + journal, "--what=" + what));
    all.addAll(List.of(how));
    all.add("--out=" + file);
    CommandRun.done(all.toArray(String[]::new));
    return file;
  }

  /** The rows of a CSV with exact decimals. */
  private static List<String> csv(String what, String... how) throws IOException {
    List<String> all = new ArrayList<>(List.of(how));
    all.add("--decimal");
    List<String> lines = Files.readAllLines(export(what, "x.csv", all.toArray(String[]::new)));
    assertFalse(lines.isEmpty());
    return lines.subList(1, lines.size());
  }

  private static List<String> column(Statement duck, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet result = duck.executeQuery(sql)) {
      while (result.next()) {
        values.add(String.valueOf(result.getString(1)));
      }
    }
    return values;
  }

  /** The fields of messages as the generated decoder prints them, by the schema's names. */
  private static List<Map<String, String>> decoded(
      boolean inbound, int template, MessageDecoderFlyweight decoder) {
    List<JournalView.Message> messages =
        inbound
            ? JournalView.inbound(journal, t -> t == template)
            : JournalView.outbound(journal, t -> t == template);
    List<Map<String, String>> all = new ArrayList<>();
    for (JournalView.Message message : messages) {
      UnsafeBuffer buffer = message.buffer();
      MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, 0);
      decoder.wrap(buffer, header.encodedLength(), header.blockLength(), header.version());
      String text = decoder.toString();
      Map<String, String> fields = new LinkedHashMap<>();
      for (String field : text.substring(text.indexOf("):") + 2).split("\\|")) {
        int equals = field.indexOf('=');
        fields.put(field.substring(0, equals), field.substring(equals + 1));
      }
      all.add(fields);
    }
    return all;
  }

  private static String row(String... cells) {
    return String.join(",", cells);
  }

  private static String time(Map<String, String> fields, String name) {
    String nanos = fields.getOrDefault(name, ABSENT);
    return nanos.equals(ABSENT) ? "" : Instant.ofEpochSecond(0, Long.parseLong(nanos)).toString();
  }

  private static String price(Map<String, String> fields, String name) {
    return decimal(fields, name, 8);
  }

  private static String decimal(Map<String, String> fields, String name, int decimals) {
    String mantissa = fields.getOrDefault(name, ABSENT);
    return mantissa.equals(ABSENT)
        ? ""
        : new BigDecimal(mantissa)
            .scaleByPowerOfTen(-decimals)
            .stripTrailingZeros()
            .toPlainString();
  }

  private static String real(Map<String, String> fields, String name) {
    return fields.get(name).equals("NaN") ? "" : fields.get(name);
  }

  private static String flags(Map<String, String> fields) {
    String set = fields.get("flags");
    return set.equals("{}") ? "ok" : set.substring(1, set.length() - 1).replace(',', '|');
  }

  private static String timeframe(Map<String, String> fields) {
    return switch (fields.get("timeframe")) {
      case "60" -> "1m";
      case "300" -> "5m";
      case "900" -> "15m";
      case "3600" -> "1h";
      case "14400" -> "4h";
      case "86400" -> "1d";
      default -> throw new AssertionError(fields);
    };
  }

  private static String model(Map<String, String> fields) {
    return fields.get("modelId").equals("0") ? "" : "default@1";
  }

  private static String reason(Map<String, String> fields) {
    return fields.get("reason").equals("NONE") ? "" : fields.get("reason");
  }
}
