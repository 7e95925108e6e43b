package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * A week of recorded ticks over TCP into a running server, three listeners of different transports
 * and the clients of the documents beside it, and its journal replayed: whole, with one bit
 * flipped, with one message cut out.
 */
class FeedToListenersTest {
  private static final int RATE = 50_000;
  private static final int LEAST_SIGNALS = 100;
  @TempDir private Path folder;

  @Test
  void listenersSeeTheSameSignalsAndTheJournalProvesThem(TestReporter reporter)
      throws IOException, InterruptedException {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd");
    ServerSetup setup = new ServerSetup(folder);
    List<Message> imported = setup.imported(files);
    Listeners heard = feedAndListen(setup, files, imported.size(), reporter);

    List<Message> published = JournalView.outbound(setup.journal(), JournalView::isSignalOrBar);
    long signals =
        published.stream().filter(m -> m.template() == SignalDecoder.TEMPLATE_ID).count();
    assertTrue(signals >= LEAST_SIGNALS, signals + " signals are too few to mean anything");
    assertEquals(
        JournalView.behindSequences(imported),
        JournalView.behindSequences(published),
        "feed against import");
    List<Long> outSeqs = published.stream().map(Message::outSeq).toList();
    assertAll(
        () -> assertEquals(outSeqs, heard.outSeqs(), "tcp"),
        () -> assertEquals(heard.tcp(), heard.ws(), "ws against tcp"),
        () ->
            assertEquals(
                outSeqs, heard.json().stream().map(n -> n.get("outSeq").asLong()).toList()),
        () -> checkSignals(published, heard.json()),
        () -> checkDocumented(published, heard));

    String identical =
        CommandRun.done("replay", "--verify", "--journal", setup.journal().toString()).out();
    int inbound = JournalView.inbound(setup.journal(), t -> true).size();
    int outbound = JournalView.outbound(setup.journal(), t -> true).size();
    assertTrue(
        identical.contains(
            "identical: 1 run(s), "
                + inbound
                + " inbound messages replayed, "
                + outbound
                + " outbound messages compared"),
        identical);
    namesTheFlippedField(
        setup, SignalDecoder.TEMPLATE_ID, SignalDecoder.entryEncodingOffset(), "Signal", "entry");
    namesTheFlippedField(
        setup, ScoreDecoder.TEMPLATE_ID, ScoreDecoder.bidEncodingOffset(), "Score", "bid");
    namesThePlaceOfTheCut(setup);
  }

  /** Clients written from the documents alone say the same, field by field. */
  private static void checkDocumented(List<Message> published, Listeners heard) {
    for (List<JsonNode> documented : heard.documented()) {
      assertEquals(heard.json().size(), documented.size());
      for (int i = 0; i < documented.size(); i++) {
        JsonNode same = documented.get(i);
        // JavaScript writes 1.0 as 1.
        assertTrue(
            heard.json().get(i).equals(FeedToListenersTest::compareNumbers, same),
            heard.json().get(i) + " came as " + same);
      }
      checkSignals(published, documented);
    }
  }

  private static int compareNumbers(JsonNode one, JsonNode other) {
    boolean numbers = one.isNumber() && other.isNumber();
    return numbers
        ? Double.compare(one.doubleValue(), other.doubleValue())
        : one.equals(other) ? 0 : 1;
  }

  private record Listeners(
      List<Long> outSeqs,
      List<String> tcp,
      List<String> ws,
      List<JsonNode> json,
      List<List<JsonNode>> documented) {}

  private Listeners feedAndListen(
      ServerSetup setup, List<Path> files, long count, TestReporter reporter)
      throws IOException, InterruptedException {
    try (SemnalProcess server = setup.start();
        DocumentedClient python = DocumentedClient.python(setup, folder, "signals,bars", count);
        DocumentedClient node = DocumentedClient.node(setup, folder, "signals,bars", count);
        SemnalProcess tcp = setup.listen(setup.tcp(), "signals,bars", count);
        SemnalProcess ws = setup.listen(setup.ws(), "signals,bars", count);
        SemnalProcess json = setup.listen(setup.ws(), "signals,bars", count, "--json")) {
      for (SemnalProcess listener : List.of(tcp, ws, json)) {
        listener.awaitLine(ServerSetup.PATIENCE, line -> line.startsWith("connected"));
      }
      try (SemnalProcess feed = setup.feed(RATE, files)) {
        assertEquals(0, feed.await(ServerSetup.PATIENCE), feed::output);
        long ticks = 0;
        for (Path file : files) {
          ticks += RealTicks.rows(file).size();
        }
        String end = ticks + " ticks settled (0 were there before), 0 rejected, 0 reconnection(s)";
        assertTrue(feed.output().contains(end), feed::output);
        assertFalse(feed.output().contains("warning"), feed::output);
        warnsOfFilesThatMayBeOthers(setup, files.getFirst(), ticks);
      }
      for (SemnalProcess listener : List.of(tcp, ws, json)) {
        assertEquals(0, listener.await(ServerSetup.PATIENCE), listener::output);
        assertTrue(listener.lines().stream().noneMatch(l -> l.startsWith("GAP")), listener::output);
      }
      List<List<JsonNode>> documented = new ArrayList<>();
      for (DocumentedClient client : Arrays.asList(python, node)) {
        if (client != null) {
          documented.add(client.await());
        }
      }
      if (python == null) {
        reporter.publishEntry("not tried", "semnal_client.py: there is no Python 3.8 or later");
      }
      if (node == null) {
        reporter.publishEntry("not tried", "semnal-client.mjs: no Node with a WebSocket");
      }
      assertEquals(0, server.stop(), server::output);
      ObjectMapper mapper = new ObjectMapper();
      List<JsonNode> nodes = new ArrayList<>();
      for (String line : json.lines()) {
        if (line.startsWith("{")) {
          nodes.add(mapper.readTree(line));
        }
      }
      return new Listeners(tcp.outSeqs(), published(tcp), published(ws), nodes, documented);
    }
  }

  /** As many as the journal has of the key are left out, whatever they are: it says so. */
  private static void warnsOfFilesThatMayBeOthers(ServerSetup setup, Path file, long journaled)
      throws IOException, InterruptedException {
    try (SemnalProcess again = setup.feed(RATE, List.of(file))) {
      assertEquals(0, again.await(ServerSetup.PATIENCE), again::output);
      String[] last = RealTicks.rows(file).getLast();
      long millis = RealTicks.midnightMillis(file, ZoneOffset.UTC) + Long.parseLong(last[0]);
      String warning =
          "warning: the server's journal has "
              + journaled
              + " ticks of this key already: as many of these files, through "
              + Instant.ofEpochMilli(millis)
              + ", are taken for them, and not sent; that is all of them.";
      assertTrue(again.output().contains(warning), again::output);
    }
  }

  private static List<String> published(SemnalProcess listener) {
    return listener.lines().stream().filter(line -> line.startsWith("#")).toList();
  }

  /** JSON says of each signal what the journal holds. */
  private static void checkSignals(List<Message> published, List<JsonNode> json) {
    SignalDecoder signal = new SignalDecoder();
    for (int i = 0; i < published.size(); i++) {
      if (published.get(i).template() != SignalDecoder.TEMPLATE_ID) {
        continue;
      }
      signal.wrapAndApplyHeader(published.get(i).buffer(), 0, new MessageHeaderDecoder());
      JsonNode text = json.get(i);
      assertEquals("signal", text.get("type").asText());
      assertEquals(signal.signalType().name(), text.get("signalType").asText());
      assertEquals(signal.strength(), text.get("strength").asDouble());
      assertEquals(Long.toString(signal.time()), text.get("time").asText());
      assertEquals(signal.bid(), RealTicks.mantissa(text.get("bid").asText()));
      if (signal.entry() != MessageLayout.ABSENT) {
        assertEquals(signal.entry(), RealTicks.mantissa(text.get("entry").asText()));
        assertEquals(signal.stopLoss(), RealTicks.mantissa(text.get("stopLoss").asText()));
        assertEquals(signal.takeProfit(), RealTicks.mantissa(text.get("takeProfit").asText()));
      }
    }
  }

  private static void namesTheFlippedField(
      ServerSetup setup, int template, int offset, String message, String field)
      throws IOException {
    int at = MessageLayout.HEADER + offset;
    JournalSurgery.Found found = JournalSurgery.findOutbound(setup.journal(), template);
    JournalSurgery.flipByte(setup.journal(), found, at);
    CommandRun verified =
        CommandRun.of("replay", "--verify", "--journal", setup.journal().toString());
    found.bytes()[at] ^= 1;
    JournalSurgery.flipByte(setup.journal(), found, at);
    assertEquals(1, verified.exit(), verified::toString);
    assertTrue(
        verified.out().contains("outbound message " + found.outSeq() + " (" + message),
        verified::out);
    assertTrue(verified.out().contains("differs in " + field + ": "), verified::out);
    assertTrue(verified.out().contains(", 1 differ"), verified::out);
  }

  private void namesThePlaceOfTheCut(ServerSetup setup) throws IOException {
    List<Message> quotes = JournalView.inbound(setup.journal(), t -> t == QuoteDecoder.TEMPLATE_ID);
    long gone = quotes.get(quotes.size() / 2).journalSeq();
    Path cut = folder.resolve("cut");
    JournalSurgery.copyWithout(setup.journal(), cut, gone);
    CommandRun verified = CommandRun.of("replay", "--verify", "--journal", cut.toString());
    assertEquals(1, verified.exit(), verified::toString);
    assertTrue(verified.out().contains("inbound message " + gone + " is missing"), verified::out);
  }
}
