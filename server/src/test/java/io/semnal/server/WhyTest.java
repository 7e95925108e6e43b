package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code semnal why} over a journal of a random walk, Wednesday to Saturday, with one strategy for
 * each reason that there can be.
 */
class WhyTest {
  private static final String CONFIGURATION =
      """
      universe = [EURUSD, GBPUSD, USDJPY]
      policy {
        buyThreshold = 0.1, sellThreshold = 0.1, margin = 0.0, maxSpreadPips = 50.0
        cooldownBars = 7, horizonBars = 5, allowLabelMismatch = true
      }
      quality.crossed = flag
      strategies {
        core-1m { enabled = false }
        all-pass = ${strategy} { instruments = [EURUSD, USDJPY] }
        high-threshold = ${strategy} { policy { buyThreshold = 0.99, sellThreshold = 0.98 } }
        high-margin = ${strategy} { policy { margin = 0.97 } }
        tight-spread = ${strategy} { policy { maxSpreadPips = 0.25 } }
        on-tick = ${strategy} { trigger = tick }
      }
      strategy = {
        enabled = true, instruments = [EURUSD], timeframe = 1m, trigger = bar-close
        features = fx-core, model = default, publishFeatures = false, policy {}
      }
      """;

  private static final Instant WEDNESDAY = Instant.parse("2026-03-04T00:00:00Z");
  private static final Instant FRIDAY_EVENING = Instant.parse("2026-03-06T21:59:50Z");
  private static final Instant SATURDAY = Instant.parse("2026-03-07T12:00:00Z");
  private static final int SECONDS = 20;
  private static final Pattern SCORE = Pattern.compile("#(\\d+)  (\\S+)  (\\S+) 1m on .*");
  private static final Pattern REASON = Pattern.compile("  ([A-Z_]+): .*");

  @TempDir private static Path folder;
  private static Path journal;

  @BeforeAll
  static void importWalk() throws IOException {
    journal = folder.resolve("journal");
    Files.writeString(folder.resolve("why.conf"), flat(CONFIGURATION));
    Files.write(folder.resolve("walk.csv"), walk());
    CommandRun.done(
        "import",
        "--config",
        folder.resolve("why.conf").toString(),
        "-Dmodels.directory=" + TestModels.directory(),
        "--format",
        "csv",
        "--mapping",
        "time=0,bid=1,ask=2,header=no",
        "--instrument",
        "EURUSD",
        "--journal",
        journal.toString(),
        folder.resolve("walk.csv").toString());
  }

  /** The shorthand for a strategy's usual settings, written out: an unknown key stops the start. */
  private static String flat(String text) {
    int at = text.indexOf("strategy = {");
    String usual = text.substring(at + "strategy = ".length()).strip();
    return text.substring(0, at).replace("${strategy}", usual);
  }

  private static List<String> walk() {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>();
    long mid = 1_100_000;
    for (Instant t = WEDNESDAY; t.isBefore(FRIDAY_EVENING); t = t.plusSeconds(SECONDS)) {
      mid += random.nextInt(101) - 50;
      boolean crossed = random.nextInt(200) == 0;
      lines.add(line(t, mid, crossed ? -5 : 40));
    }
    lines.add(line(FRIDAY_EVENING, mid, 40));
    lines.add(line(SATURDAY, mid, 40));
    lines.add(line(SATURDAY.plusSeconds(SECONDS), mid, 40));
    return lines;
  }

  /** A mid and half a spread, in millionths. */
  private static String line(Instant time, long mid, int half) {
    return String.format(Locale.ROOT, "%s,%.6f,%.6f", time, (mid - half) / 1e6, (mid + half) / 1e6);
  }

  private static List<String> why(String... more) {
    List<String> args = new ArrayList<>(List.of("why", "--journal", journal.toString()));
    args.addAll(List.of(more));
    if (!args.contains("--instrument")) {
      args.addAll(List.of("--instrument", "EURUSD"));
    }
    return CommandRun.done(args.toArray(String[]::new)).out().lines().toList();
  }

  private static String firstWith(List<String> lines, String start) {
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow(() -> new AssertionError(start + " is not in " + String.join("\n", lines)));
  }

  @Test
  void saysOfEachScoreWhatTheJournalHolds() {
    List<String> lines = why("--last", "4000", "--at", FRIDAY_EVENING.toString());
    List<String> told = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher score = SCORE.matcher(lines.get(i));
      if (score.matches()) {
        Matcher reason = REASON.matcher(lines.get(i + 1));
        assertTrue(reason.matches(), lines.get(i + 1));
        boolean hashed = lines.get(i + 3).endsWith("is the published one:");
        told.add(score.group(1) + " " + score.group(2) + " " + reason.group(1) + " " + hashed);
      }
    }
    List<String> journaled = new ArrayList<>();
    ScoreDecoder decoder = new ScoreDecoder();
    for (JournalView.Message m :
        JournalView.outbound(journal, t -> t == ScoreDecoder.TEMPLATE_ID)) {
      decoder.wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
      if (decoder.time() <= Times.nanos(FRIDAY_EVENING)) {
        boolean hashed = decoder.featureHash() != 0;
        journaled.add(
            m.outSeq() + " " + Times.iso(decoder.time()) + " " + decoder.reason() + " " + hashed);
      }
    }
    List<String> last = journaled.subList(journaled.size() - 4_000, journaled.size());
    assertEquals(last, told);
    long hashed = last.stream().filter(score -> score.endsWith("true")).count();
    assertTrue(hashed > 1_000, hashed + " scores are too few to mean anything");
    assertTrue(lines.stream().noneMatch(line -> line.contains("NOT those")));
  }

  /** The inputs are those of the bars: one column computed here from exported prices. */
  @Test
  void showsInputsThatFollowFromTheBars() throws IOException {
    Path csv = folder.resolve("bars.csv");
    CommandRun.done(
        "export", "--journal", journal.toString(), "--what", "bars", "--out", csv.toString());
    List<String> lines =
        why("--last", "1", "--strategy", "all-pass", "--at", "2026-03-06T12:00:00");
    Matcher score = SCORE.matcher(firstWith(lines, "#"));
    assertTrue(score.matches());
    List<Double> closes = new ArrayList<>();
    for (String row : Files.readAllLines(csv)) {
      String[] cells = row.split(",");
      if (cells[3].equals("EURUSD")
          && cells[4].equals("1m")
          && !Instant.parse(cells[1]).isAfter(Instant.parse(score.group(2)))) {
        closes.add((Double.parseDouble(cells[8]) + Double.parseDouble(cells[12])) / 2);
      }
    }
    double last = closes.getLast();
    String told = firstWith(lines, "    return(5) ").strip().split(" +")[1];
    double before = closes.get(closes.size() - 6);
    assertEquals(last / before - 1, Double.parseDouble(told), 1e-9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "high-threshold ; BELOW_THRESHOLD ; the likelier side is (BUY with 0\\.\\d{4}, below"
            + " buyThreshold = 0.99|SELL with 0\\.\\d{4}, below sellThreshold = 0.98)",
        "high-margin ; MARGIN ; (BUY|SELL) 0\\.\\d{4} leads (BUY|SELL) 0\\.\\d{4} by 0\\.\\d{4}"
            + " only, less than margin = 0.97",
        "tight-spread ; SPREAD ; the spread of 0.8 pips is wider than policy.maxSpreadPips = 0.25",
        "all-pass ; SIGNAL ; published as signal #\\d+: (BUY|SELL) 0\\.\\d{4} reaches"
            + " (buy|sell)Threshold = 0.1 and leads the other side by margin = 0 or more",
        "all-pass ; POSITION_OPEN ; signal #\\d+ \\((BUY|SELL)\\) of this strategy is still open:"
            + " the same side again is counted, not published",
        "all-pass ; COOLDOWN ; the last signal ended at \\S+Z, and policy.cooldownBars = 7 bars of"
            + " 1m after a signal's end none is opened, until \\S+Z",
        "on-tick ; QUALITY ; the quote is flagged crossed, and quality says that such a quote"
            + " scores nothing",
        "all-pass ; QUALITY ; the bar is flagged crossed, and quality says that such a quote scores"
            + " nothing",
      })
  void namesTheLimitThatDecided(String strategy, String reason, String words) {
    List<String> lines =
        why("--strategy", strategy, "--last", "400", "--at", FRIDAY_EVENING.toString());
    String line = firstWith(lines, "  " + reason + ": ");
    assertTrue(line.matches("  " + reason + ": " + words + ".*"), line);
  }

  @Test
  void namesTheColumnsThatAreNotWarm() {
    List<String> lines =
        why("--strategy", "all-pass", "--last", "1", "--at", "2026-03-04T01:00:00Z");
    String line = firstWith(lines, "  NOT_WARM: ");
    assertTrue(line.contains("rsi(14)@15m"), line);
    assertTrue(line.contains("the ATR of stop and target, atr(14)"), line);
    assertTrue(firstWith(lines, "    rsi(14)@15m ").endsWith("NaN (missing), not warm"));
    assertTrue(firstWith(lines, "  inputs as they stood (not scored").contains("run 1"));
  }

  @Test
  void saysWhenTheMarketIsClosed() {
    String line = firstWith(why("--strategy", "on-tick", "--last", "1"), "  CLOSED: ");
    assertEquals("  CLOSED: the market is closed at that time, by the calendar of weekends", line);
  }

  @Test
  void explainsSilence() {
    assertEquals(
        List.of(
            "GBPUSD has no score:",
            "  no strategy of the run (all-pass, high-margin, high-threshold, on-tick, tight-spread)"
                + " has GBPUSD among its instruments",
            "  no quote of GBPUSD had come"),
        why("--instrument", "GBPUSD"));
    assertEquals(
        List.of("USDJPY has no score:", "  no quote of USDJPY had come"),
        why("--instrument", "USDJPY"));
    assertEquals(
        List.of(
            "EURUSD has no score of strategy all-pass at or before 2026-03-04T00:00:30Z:",
            "  strategy all-pass scores when a 1m bar closes, and none of EURUSD had closed",
            "  2 quote(s) of EURUSD came, from 2026-03-04T00:00:00Z to 2026-03-04T00:00:20Z"),
        why("--strategy", "all-pass", "--at", "2026-03-04T00:00:30Z"));
    assertEquals(
        "  the run has no strategy 'other'; it has all-pass, high-margin, high-threshold, on-tick,"
            + " tight-spread",
        why("--strategy", "other").get(1));
  }

  @Test
  void refusesWhatTheJournalDoesNotKnow() {
    CommandRun run =
        CommandRun.of("why", "--journal", journal.toString(), "--instrument", "EURUSX");
    assertEquals(1, run.exit());
    assertEquals(
        "semnal: the journal has no instrument 'EURUSX'; it has EURUSD, GBPUSD, USDJPY\n",
        run.err());
  }
}
