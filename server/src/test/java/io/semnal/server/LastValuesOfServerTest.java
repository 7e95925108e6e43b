package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.last.LastPosition;
import io.semnal.journal.last.LastValues;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.DefineInstrumentDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.server.last.LastValueAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code semnal top} shows of a journal is what the journal says last. */
class LastValuesOfServerTest {
  private static final long MINUTE = 60_000_000_000L;
  private static final Map<String, Long> PERIODS = Map.of("1m", MINUTE, "1h", 60 * MINUTE);

  @TempDir private static Path folder;
  private static Path journal;
  private static EngineConfig config;
  private static final Map<Integer, String> SYMBOLS = new HashMap<>();

  @BeforeAll
  static void importTicks() throws IOException {
    Path file = folder.resolve("semnal.conf");
    Files.writeString(file, "universe = [EURUSD, GBPUSD]\nquality { crossed = drop }\n");
    config = ConfigLoader.load(file, Map.of(), Map.of()).engine();
    Path ticks = folder.resolve("ticks.csv");
    Files.write(ticks, walk());
    journal = folder.resolve("journal");
    CommandRun.done(
        "import",
        "--config=" + file,
        "-Dmodels.directory=" + TestModels.directory(),
        "--journal=" + journal,
        "--format=csv",
        "--mapping=time=time,symbol=symbol,bid=bid,ask=ask",
        ticks.toString());
    JournalView.inbound(journal, t -> t == DefineInstrumentDecoder.TEMPLATE_ID)
        .forEach(
            m -> {
              DefineInstrumentDecoder d = new DefineInstrumentDecoder();
              d.wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
              SYMBOLS.put(d.instrumentId(), d.symbol());
            });
  }

  private static List<String> walk() {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>(List.of("time,symbol,bid,ask"));
    long millis = Instant.parse("2026-03-04T09:00:00Z").toEpochMilli();
    int bid = 16_000;
    for (int i = 0; i < 3_000; i++) {
      millis += random.nextInt(4_000);
      bid += random.nextInt(41) - 20;
      int ask = bid + (random.nextInt(30) == 0 ? -3 : 2);
      lines.add(
          "%s,%s,1.%05d,1.%05d"
              .formatted(Instant.ofEpochMilli(millis), i % 3 == 0 ? "EURUSD" : "GBPUSD", bid, ask));
    }
    return lines;
  }

  /** From the journal alone, with no file of values there, and with a damaged one. */
  @Test
  void showsTheEndOfTheJournal() throws Exception {
    for (boolean damaged : new boolean[] {false, true}) {
      Path values = journal.resolve("last-values.cm3");
      Files.deleteIfExists(values);
      if (damaged) {
        Files.write(values, new byte[5_000]);
      }
      follow();
      JsonNode top =
          new ObjectMapper()
              .readTree(CommandRun.done("top", "--once", "--json", "--journal=" + journal).out());
      assertEquals(quotes(), shown(top.get("quotes"), "instrument", "bid", "ask", "time"));
      assertEquals(closedBars(), bars(top, false));
      Map<String, String> forming = bars(top, true);
      formingBars().forEach((key, bar) -> assertEquals(bar, forming.get(key), key));
      assertEquals(scores(), shown(top.get("scores"), "instrument", "reason", "time"));
    }
  }

  private static void follow() throws Exception {
    int[] ids = new int[config.instruments().size()];
    SYMBOLS.forEach((id, symbol) -> ids[config.instrumentIndex(symbol)] = id);
    long head = JournalView.outbound(journal, t -> true).getLast().outSeq();
    try (JournalDirectory directory = JournalDirectory.open(journal, "FAST_DAILY");
        LastValueAgent agent = new LastValueAgent(directory, config, ids)) {
      agent.onStart();
      long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
      while (position() != head) {
        agent.doWork();
        assertTrue(System.nanoTime() < deadline, "the values do not come");
        Thread.sleep(20);
      }
    }
  }

  private static long position() {
    try {
      return LastPosition.read(LastValues.read(journal).get(LastPosition.KEY)).outSeq();
    } catch (RuntimeException e) {
      return -1;
    }
  }

  private static Map<String, String> shown(JsonNode rows, String key, String... fields) {
    Map<String, String> shown = new HashMap<>();
    for (JsonNode row : rows) {
      List<String> cells = new ArrayList<>();
      for (String field : fields) {
        cells.add(row.get(field).asText());
      }
      shown.put(row.get(key).asText(), String.join(" ", cells));
    }
    return shown;
  }

  private static Map<String, String> bars(JsonNode top, boolean forming) {
    Map<String, String> shown = new HashMap<>();
    for (JsonNode bar : top.get("bars")) {
      if (bar.get("forming").asBoolean() == forming) {
        shown.put(
            bar.get("instrument").asText() + " " + bar.get("timeframe").asText(),
            bar.get("openTime").asText()
                + " %.6f %.6f %d"
                    .formatted(
                        bar.get("open").asDouble(),
                        bar.get("close").asDouble(),
                        bar.get("ticks").asLong()));
      }
    }
    return shown;
  }

  private static Map<String, String> quotes() {
    Map<String, String> last = new HashMap<>();
    for (QuoteDecoder q : decodedQuotes()) {
      last.put(
          SYMBOLS.get(q.instrumentId()),
          q.bid() / 1e8 + " " + q.ask() / 1e8 + " " + Times.iso(q.time()));
    }
    return last;
  }

  private static List<QuoteDecoder> decodedQuotes() {
    return JournalView.inbound(journal, t -> t == QuoteDecoder.TEMPLATE_ID).stream()
        .map(m -> new QuoteDecoder().wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder()))
        .toList();
  }

  private static Map<String, String> closedBars() {
    Map<String, String> last = new HashMap<>();
    for (JournalView.Message m : JournalView.outbound(journal, t -> t == BarDecoder.TEMPLATE_ID)) {
      BarDecoder b = new BarDecoder().wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
      String timeframe =
          switch (b.timeframe()) {
            case 60 -> "1m";
            case 300 -> "5m";
            case 900 -> "15m";
            case 3_600 -> "1h";
            case 14_400 -> "4h";
            default -> "1d";
          };
      last.put(
          SYMBOLS.get(b.instrumentId()) + " " + timeframe,
          Times.iso(b.openTime())
              + " %.6f %.6f %d"
                  .formatted(
                      (b.bidOpen() + b.askOpen()) / 2e8,
                      (b.bidClose() + b.askClose()) / 2e8,
                      b.ticks()));
    }
    return last;
  }

  /** Over the quotes since the period's begin that are not crossed, naively. */
  private static Map<String, String> formingBars() {
    List<QuoteDecoder> quotes = decodedQuotes();
    long end =
        JournalView.inbound(journal, t -> true).stream()
            .mapToLong(m -> io.semnal.protocol.MessageLayout.inboundTime(m.buffer(), 0))
            .max()
            .orElseThrow();
    Map<String, String> forming = new LinkedHashMap<>();
    for (Map.Entry<Integer, String> instrument : SYMBOLS.entrySet()) {
      PERIODS.forEach(
          (timeframe, length) -> {
            long open = Math.floorDiv(end, length) * length;
            List<QuoteDecoder> inside =
                quotes.stream()
                    .filter(q -> q.instrumentId() == instrument.getKey())
                    .filter(q -> q.time() >= open && q.bid() <= q.ask())
                    .toList();
            if (!inside.isEmpty()) {
              QuoteDecoder first = inside.getFirst();
              QuoteDecoder last = inside.getLast();
              forming.put(
                  instrument.getValue() + " " + timeframe,
                  Times.iso(open)
                      + " %.6f %.6f %d"
                          .formatted(
                              (first.bid() + first.ask()) / 2e8,
                              (last.bid() + last.ask()) / 2e8,
                              inside.size()));
            }
          });
    }
    assertFalse(forming.isEmpty(), "no bar is forming");
    return forming;
  }

  private static Map<String, String> scores() {
    Map<String, String> last = new HashMap<>();
    for (JournalView.Message m :
        JournalView.outbound(journal, t -> t == ScoreDecoder.TEMPLATE_ID)) {
      ScoreDecoder s =
          new ScoreDecoder().wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
      last.put(SYMBOLS.get(s.instrumentId()), s.reason() + " " + Times.iso(s.time()));
    }
    return last;
  }

  @Test
  void tablesFitTheirTerminal() throws Exception {
    Files.deleteIfExists(journal.resolve("last-values.cm3"));
    follow();
    for (int width : new int[] {80, 120}) {
      List<String> lines =
          CommandRun.done("top", "--once", "--width=" + width, "--journal=" + journal)
              .out()
              .lines()
              .toList();
      assertTrue(lines.stream().allMatch(line -> line.length() <= width), lines::toString);
      assertTrue(lines.stream().anyMatch(line -> line.startsWith("GBPUSD ")), lines::toString);
      assertTrue(lines.stream().noneMatch(line -> line.contains("\u001B")), lines::toString);
    }
  }

  @Test
  void saysThatThereIsNothing() throws IOException {
    CommandRun none = CommandRun.of("top", "--once", "--journal=" + folder.resolve("nowhere"));
    assertEquals(1, none.exit());
    assertTrue(none.err().contains("there is no journal at"), none::err);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    CommandRun unwritten = CommandRun.of("top", "--once", "--journal=" + empty);
    assertEquals(1, unwritten.exit());
    assertTrue(unwritten.err().contains("there are no last values"), unwritten::err);
  }
}
