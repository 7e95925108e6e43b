package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The options of {@code semnal replay} on a journal of five recorded days, scored at every bar's
 * close; what they say is held against the journal's own messages.
 */
class ReplayOptionsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final MessageHeaderDecoder HEADER = new MessageHeaderDecoder();

  @TempDir private static Path folder;
  private static ServerSetup setup;
  private static Path journal;
  private static List<Message> inbound;
  private static List<Message> outbound;

  @BeforeAll
  static void importFiveDays() throws IOException {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 5);
    setup = new ServerSetup(folder, "strategies.core-1m.publishFeatures = true");
    setup.imported(files);
    journal = folder.resolve("imported");
    inbound = JournalView.inbound(journal, t -> true);
    outbound = JournalView.outbound(journal, t -> true);
    assertTrue(signals(outbound).size() > 50, "signals to compare");
  }

  private static String[] what(String... more) {
    List<String> args = new ArrayList<>(List.of("replay", "--journal", journal.toString()));
    args.addAll(List.of(more));
    return args.toArray(String[]::new);
  }

  private static String[] whatIf(String... more) {
    List<String> args = new ArrayList<>(List.of("--config", config(), "--what-if"));
    args.add("-Dmodels.directory=" + TestModels.directory());
    args.addAll(List.of(more));
    return what(args.toArray(String[]::new));
  }

  private static String config() {
    return folder.resolve("engine.conf").toString();
  }

  private static JsonNode json(String... args) throws IOException {
    return JSON.readTree(CommandRun.done(args).out());
  }

  private static List<SignalDecoder> signals(List<Message> messages) {
    return messages.stream()
        .filter(m -> m.template() == SignalDecoder.TEMPLATE_ID)
        .map(m -> new SignalDecoder().wrapAndApplyHeader(m.buffer(), 0, HEADER))
        .toList();
  }

  private static List<ScoreDecoder> scores(List<Message> messages) {
    return messages.stream()
        .filter(m -> m.template() == ScoreDecoder.TEMPLATE_ID)
        .map(m -> new ScoreDecoder().wrapAndApplyHeader(m.buffer(), 0, HEADER))
        .toList();
  }

  private static long count(List<SignalDecoder> signals, SignalType type) {
    return signals.stream().filter(s -> s.signalType() == type).count();
  }

  @Test
  void theSameConfigurationDiffersInNothingAndMakesTheSameJournal() throws IOException {
    Path out = folder.resolve("same");
    JsonNode same = json(whatIf("--json", "--out", out.toString()));
    assertTrue(same.get("identical").asBoolean(), same::toString);
    assertEquals(signals(outbound).size(), same.get("allSignals").get("same").asInt());
    assertEquals(inbound.size(), same.get("inbound").asInt());
    assertEquals(JournalView.hex(outbound), JournalView.hex(JournalView.outbound(out, t -> true)));
    String verified = CommandRun.done("replay", "--verify", "--journal", out.toString()).out();
    assertTrue(verified.contains("identical: 1 run(s), " + inbound.size()), verified);
    String table = CommandRun.done(what("--config", config())).out();
    assertTrue(table.contains("no differences in signals"), table);
  }

  @Test
  void aRaisedThresholdLeavesTheScoresThatReachIt() throws IOException {
    double raised = 0.38;
    Path out = folder.resolve("raised");
    JsonNode said =
        json(
            whatIf(
                "--json",
                "--out",
                out.toString(),
                "-Dpolicy.buyThreshold=" + raised,
                "-Dpolicy.sellThreshold=" + raised));
    List<Message> other = JournalView.outbound(out, t -> true);
    List<ScoreDecoder> then = scores(outbound);
    List<ScoreDecoder> now = scores(other);
    assertEquals(then.size(), now.size());
    int below = 0;
    for (int i = 0; i < then.size(); i++) {
      assertEquals(then.get(i).causeSeq(), now.get(i).causeSeq());
      assertEquals(then.get(i).buy(), now.get(i).buy());
      assertEquals(then.get(i).featureHash(), now.get(i).featureHash());
      double most = Math.max(then.get(i).buy(), then.get(i).sell());
      if (Double.isNaN(most)) {
        assertEquals(then.get(i).reason(), now.get(i).reason());
      } else {
        boolean isBelow = most < raised;
        assertEquals(isBelow, now.get(i).reason() == ScoreReason.BELOW_THRESHOLD);
        below += isBelow ? 1 : 0;
      }
    }
    assertTrue(below > 0 && below < then.size(), below + " of " + then.size());
    for (SignalDecoder signal : signals(other)) {
      assertTrue(signal.signalType() == SignalType.NEUTRAL || signal.strength() >= raised);
    }
    checkCounts(said, other);
    checkOutcomes(said.get("outcomes"), "journal", outbound);
    checkOutcomes(said.get("outcomes"), "whatIf", other);
    assertFalse(said.get("identical").asBoolean());
    Path csv = folder.resolve("raised.csv");
    CommandRun.done(
        "export", "--journal", out.toString(), "--what", "signals", "--out", csv.toString());
    assertEquals(1 + signals(other).size(), Files.readAllLines(csv).size());
  }

  /** Counts by type, and those in both, one by one. */
  private static void checkCounts(JsonNode said, List<Message> other) {
    Map<String, SignalDecoder> ours = new TreeMap<>();
    signals(outbound).forEach(s -> ours.put(s.causeSeq() + " " + s.signalType(), s));
    long same = 0;
    long otherLevels = 0;
    for (SignalDecoder signal : signals(other)) {
      SignalDecoder our = ours.get(signal.causeSeq() + " " + signal.signalType());
      if (our != null) {
        boolean alike =
            our.entry() == signal.entry()
                && our.stopLoss() == signal.stopLoss()
                && our.takeProfit() == signal.takeProfit()
                && our.expiration() == signal.expiration();
        same += alike ? 1 : 0;
        otherLevels += alike ? 0 : 1;
      }
    }
    JsonNode all = said.get("allSignals");
    assertEquals(signals(outbound).size(), all.get("journal").asLong());
    assertEquals(signals(other).size(), all.get("whatIf").asLong());
    assertEquals(same, all.get("same").asLong() + all.get("otherStrength").asLong());
    assertEquals(otherLevels, all.get("otherLevels").asLong());
    assertEquals(signals(other).size() - same - otherLevels, all.get("onlyWhatIf").asLong());
    for (JsonNode group : said.get("signals")) {
      SignalType type = SignalType.valueOf(group.get("type").asText());
      assertEquals("EURUSD", group.get("instrument").asText());
      assertEquals(count(signals(outbound), type), group.get("journal").asLong());
      assertEquals(count(signals(other), type), group.get("whatIf").asLong());
    }
  }

  private static void checkOutcomes(JsonNode outcomes, String side, List<Message> messages) {
    for (JsonNode group : outcomes) {
      SignalType type = SignalType.valueOf(group.get("type").asText());
      List<Double> pips =
          messages.stream()
              .filter(m -> m.template() == SignalEventDecoder.TEMPLATE_ID)
              .map(m -> new SignalEventDecoder().wrapAndApplyHeader(m.buffer(), 0, HEADER))
              .filter(e -> e.signalType() == type && !Double.isNaN(e.pips()))
              .map(SignalEventDecoder::pips)
              .toList();
      JsonNode said = group.get(side);
      assertEquals(pips.size(), said.get("count").asInt(), type + " " + side);
      double wins = pips.stream().filter(p -> p > 0).count();
      double won = pips.stream().filter(p -> p > 0).mapToDouble(p -> p).sum();
      double lost = -pips.stream().filter(p -> p <= 0).mapToDouble(p -> p).sum();
      if (pips.isEmpty()) {
        continue;
      }
      assertEquals(wins / pips.size(), said.get("hitRate").asDouble(), 1e-12);
      assertEquals((won - lost) / pips.size(), said.get("expectancyPips").asDouble(), 1e-9);
      if (lost > 0) {
        assertEquals(won / lost, said.get("profitFactor").asDouble(), 1e-9);
      }
    }
  }

  @Test
  void anotherModelScoresInItsPlace() throws IOException {
    Path models = folder.resolve("models");
    FeatureSetConfig set =
        setup.load(folder.resolve("none"), Map.of()).engine().featureSet("fx-core");
    // SELL, NEUTRAL, BUY: a half for a sale, a quarter each for the others.
    new ModelRegistry(models, ScorerChoice.AUTO)
        .register(
            OnnxWriter.logistic(
                new double[3][set.columns().size()],
                new double[] {Math.log(2), 0, 0},
                ModelSwapTest.CLASSES),
            ModelSwapTest.card(
                set.name(), HexFormat.of().formatHex(FeaturePipeline.hash(set)), set.columns()));
    Path out = folder.resolve("seller");
    CommandRun run =
        CommandRun.done(
            what("--model", "default@1", "--out", out.toString(), "-Dmodels.directory=" + models));
    List<Message> other = JournalView.outbound(out, t -> true);
    long scored = scores(other).stream().filter(s -> !Double.isNaN(s.sell())).count();
    assertTrue(scored > 100);
    scores(other).stream()
        .filter(s -> !Double.isNaN(s.sell()))
        .forEach(s -> assertEquals(0.5, s.sell(), 1e-6));
    assertEquals(0, count(signals(other), SignalType.BUY));
    assertTrue(count(signals(other), SignalType.SELL) > 10);
    assertTrue(run.out().contains("the signals differ"), run.out());
    CommandRun.done("replay", "--verify", "--journal", out.toString());
  }

  @Test
  void theOriginalJournalIsNotTouched() throws IOException {
    Map<String, Long> before = files();
    CommandRun.done(whatIf("-Dpolicy.buyThreshold=0.4"));
    CommandRun.done(what("--until", Integer.toString(inbound.size() / 2)));
    assertEquals(before, files());
  }

  private static Map<String, Long> files() throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (var walk = Files.walk(journal)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(file.toString(), Files.getLastModifiedTime(file).toMillis());
      }
    }
    return files;
  }

  @Test
  void theStateBehindAQuoteIsThatOfTheMessagesBefore() throws IOException {
    List<SignalDecoder> signals = signals(outbound);
    for (int at : new int[] {signals.size() / 3, signals.size() - 2}) {
      long until = signals.get(at).causeSeq();
      JsonNode state = json(what("--until", Long.toString(until), "--json"));
      checkForming(state, until);
      checkOpenSignals(state, until);
      checkInputs(state, signals.get(at));
      long last =
          outbound.stream()
              .filter(m -> m.causeSeq() <= until)
              .mapToLong(Message::outSeq)
              .max()
              .orElseThrow();
      assertEquals(last, state.get("outSeq").asLong());
      assertEquals("default@1", state.get("models").get(0).get("model").asText());
      checkOutcomeCount(state, until);
    }
    String text = CommandRun.done(what("--until", "1000")).out();
    assertTrue(text.startsWith("behind inbound message 1000 of run 1, at 2014-"), text);
  }

  /** The minute's bar from the quotes themselves. */
  private static void checkForming(JsonNode state, long until) {
    List<QuoteDecoder> quotes =
        inbound.stream()
            .filter(m -> m.template() == QuoteDecoder.TEMPLATE_ID && m.journalSeq() <= until)
            .map(m -> new QuoteDecoder().wrapAndApplyHeader(m.buffer(), 0, HEADER))
            .toList();
    long minute = 60_000_000_000L;
    long open = Math.floorDiv(quotes.getLast().time(), minute) * minute;
    List<QuoteDecoder> own = quotes.stream().filter(q -> q.time() >= open).toList();
    JsonNode bar = state.get("formingBars").get(0);
    assertEquals("1m", bar.get("timeframe").asText());
    assertEquals(own.size(), bar.get("ticks").asInt());
    assertEquals(own.getFirst().bid(), RealTicks.mantissa(bar.get("bidOpen").asText()));
    assertEquals(own.getLast().ask(), RealTicks.mantissa(bar.get("askClose").asText()));
    assertEquals(
        own.stream().mapToLong(QuoteDecoder::bid).max().orElseThrow(),
        RealTicks.mantissa(bar.get("bidHigh").asText()));
    assertEquals(
        own.stream().mapToLong(QuoteDecoder::ask).min().orElseThrow(),
        RealTicks.mantissa(bar.get("askLow").asText()));
  }

  /** Published and not ended. */
  private static void checkOpenSignals(JsonNode state, long until) {
    Map<Long, SignalDecoder> open = new TreeMap<>();
    for (Message message : outbound) {
      if (message.causeSeq() > until) {
        break;
      }
      if (message.template() == SignalDecoder.TEMPLATE_ID) {
        SignalDecoder s = new SignalDecoder().wrapAndApplyHeader(message.buffer(), 0, HEADER);
        if (s.signalType() != SignalType.NEUTRAL) {
          open.put(s.outSeq(), s);
        }
      } else if (message.template() == SignalEventDecoder.TEMPLATE_ID) {
        SignalEventDecoder e =
            new SignalEventDecoder().wrapAndApplyHeader(message.buffer(), 0, HEADER);
        if (e.state() != SignalState.ACTIVE) {
          open.remove(e.signalId());
        }
      }
    }
    assertEquals(open.size(), state.get("openSignals").size());
    for (JsonNode signal : state.get("openSignals")) {
      SignalDecoder published = open.get(signal.get("id").asLong());
      assertEquals(published.entry(), RealTicks.mantissa(signal.get("entry").asText()));
      assertEquals(published.stopLoss(), RealTicks.mantissa(signal.get("stopLoss").asText()));
      assertEquals(published.strength(), signal.get("strength").asDouble());
    }
  }

  /** The values that the signal published. */
  private static void checkInputs(JsonNode state, SignalDecoder signal) {
    signal.sbeRewind();
    byte[] bytes = new byte[signal.featuresLength()];
    signal.getFeatures(bytes, 0, bytes.length);
    ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    JsonNode values = state.get("inputs").get(0).get("values");
    assertEquals(bytes.length / Float.BYTES, values.size());
    assertNotEquals(0, values.size());
    for (JsonNode value : values) {
      assertEquals(floats.getFloat(), (float) value.asDouble());
    }
  }

  private static void checkOutcomeCount(JsonNode state, long until) {
    long ended =
        outbound.stream()
            .filter(m -> m.causeSeq() <= until && m.template() == SignalEventDecoder.TEMPLATE_ID)
            .map(m -> new SignalEventDecoder().wrapAndApplyHeader(m.buffer(), 0, HEADER))
            .filter(e -> !Double.isNaN(e.pips()))
            .count();
    long counted = 0;
    for (JsonNode outcome : state.get("outcomes")) {
      counted += outcome.get("count").asLong();
    }
    assertEquals(ended, counted);
  }

  @Test
  void aPartIsVerifiedByTimeOrSequence() {
    long quarter = inbound.get(inbound.size() / 4).journalSeq();
    long time = MessageLayout.inboundTime(inbound.get(inbound.size() / 4).buffer(), 0);
    String bySeq = CommandRun.done(what("--verify", "--to", Long.toString(quarter))).out();
    long compared = outbound.stream().filter(m -> m.causeSeq() <= quarter).count();
    String expected =
        "identical: 1 run(s), "
            + quarter
            + " inbound messages replayed, "
            + compared
            + " outbound messages compared, ";
    assertTrue(bySeq.contains(expected), bySeq);
    String byTime = CommandRun.done(what("--verify", "--to", Times.iso(time))).out();
    assertTrue(byTime.contains("identical: 1 run(s), "), byTime);
    CommandRun wrong = CommandRun.of(what("--verify", "--from", "yesterday"));
    assertEquals(2, wrong.exit());
    assertTrue(wrong.err().contains("'yesterday' is not a time such as"), wrong.err());
    CommandRun nothing = CommandRun.of(what("--verify", "--from", "2030-01-01"));
    assertEquals(1, nothing.exit());
    assertTrue(nothing.err().contains("no inbound message in that time"), nothing.err());
    CommandRun beyond = CommandRun.of(what("--until", "99999999"));
    assertEquals(1, beyond.exit());
    assertTrue(beyond.err().contains("no run has an inbound message 99999999"), beyond.err());
  }

  @Test
  void twoImportsOfTheSameFilesHaveOneHash() throws IOException {
    List<String> first = hashes(journal);
    assertEquals(2, first.size());
    Path again = Files.createDirectory(folder.resolve("again"));
    new ServerSetup(again, "strategies.core-1m.publishFeatures = true")
        .imported(RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 5));
    Path second = again.resolve("imported");
    assertEquals(first, hashes(second));
    assertEquals(
        JournalView.hex(outbound), JournalView.hex(JournalView.outbound(second, t -> true)));
    assertEquals(
        JournalView.hex(withoutWallTime(inbound)),
        JournalView.hex(withoutWallTime(JournalView.inbound(second, t -> true))));
  }

  /** A run's header says when it was started; nothing else in a journal of an import does. */
  private static List<Message> withoutWallTime(List<Message> messages) {
    int wallTime = MessageLayout.HEADER + RunHeaderDecoder.wallTimeEncodingOffset();
    List<Message> copies = new ArrayList<>();
    for (Message message : messages) {
      UnsafeBuffer copy = new UnsafeBuffer(message.bytes().clone());
      if (message.template() == RunHeaderDecoder.TEMPLATE_ID) {
        copy.putLong(wallTime, 0);
      }
      copies.add(new Message(copy));
    }
    return copies;
  }

  static List<String> hashes(Path journal) {
    return CommandRun.done("replay", "--verify", "--hash", "--journal", journal.toString())
        .out()
        .lines()
        .filter(line -> line.contains(" sha256 "))
        .toList();
  }
}
