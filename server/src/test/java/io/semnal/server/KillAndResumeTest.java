package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL in the middle of a feed, and restarts with another configuration: nothing twice, nothing
 * lost.
 */
class KillAndResumeTest {
  private static final int RATE = 50_000;

  /** Before the features are warm, about then, in the midst of signals, and near the end. */
  private static final long[] ENDED_AT = {30_000, 110_000, 150_000, 230_000};

  /** Which of these ends is an orderly one, in the midst of the feed. */
  private static final int STOPPED = 1;

  /** How long the next start lasts until it is killed as well: as far as it has come then. */
  private static final long[] STARTING_MILLIS = {400, 800, 1_300, 2_000};

  private static final long POLL_MILLIS = 5;

  @TempDir private Path folder;

  /** A listener comes back after a loss, but its first connection must succeed. */
  private static SemnalProcess connected(SemnalProcess listener) throws InterruptedException {
    listener.awaitLine(ServerSetup.PATIENCE, line -> line.startsWith("connected"));
    return listener;
  }

  @Test
  void publishesEverythingOnceThroughKills() throws IOException, InterruptedException {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd");
    ServerSetup setup = new ServerSetup(folder);
    List<Message> expected = setup.imported(files);
    SemnalProcess server = setup.start();
    try (SemnalProcess listener =
            connected(setup.listen(setup.tcp(), "signals,bars", expected.size()));
        ResumingListener resuming = new ResumingListener(setup.ws(), setup.clientKey())) {
      try (SemnalProcess feed = setup.feed(RATE, files)) {
        for (int i = 0; i < ENDED_AT.length; i++) {
          awaitInbound(setup.journal(), ENDED_AT[i], server);
          resuming.awaitSessions(i + 1, ServerSetup.PATIENCE);
          if (i == STOPPED) {
            assertEquals(0, server.stop(), server::output);
          } else {
            server.kill();
          }
          assertTrue(feed.isAlive(), feed::output);
          dieAtStart(setup, i);
          server = setup.start();
          String recovered =
              server.awaitLine(ServerSetup.PATIENCE, line -> line.startsWith("recovered from "));
          assertTrue(recovered.contains("the snapshot at"), recovered);
        }
        assertEquals(0, feed.await(ServerSetup.PATIENCE), feed::output);
      }
      assertEquals(0, listener.await(ServerSetup.PATIENCE), listener::output);
      List<Message> resumed = resuming.await(expected.size(), ServerSetup.PATIENCE);
      assertEquals(0, server.stop(), server::output);

      List<Message> published = JournalView.outbound(setup.journal(), JournalView::isSignalOrBar);
      assertEquals(List.of(), resuming.complaints());
      assertEquals(JournalView.hex(published), JournalView.hex(resumed), "by token");
      assertTrue(listener.lines().stream().noneMatch(l -> l.startsWith("GAP")), listener::output);
      assertEquals(
          published.stream().map(Message::outSeq).toList(),
          listener.outSeqs(),
          "the listener that comes back by itself");
      assertEquals(
          JournalView.behindSequences(expected),
          JournalView.behindSequences(published),
          "kills change nothing");
      standsOnce(setup.journal(), files);
      verifies(setup.journal(), 1);
    } finally {
      server.close();
    }
  }

  @Test
  void anotherConfigurationContinuesSequenceAndOpenSignals()
      throws IOException, InterruptedException {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd");
    // Levels and horizon so far away that a signal is open at the end of the fifth file.
    ServerSetup setup =
        new ServerSetup(folder, "policy { stopAtr = 30.0, targetAtr = 30.0, horizonBars = 1200 }");
    SemnalProcess server = setup.start();
    try (ResumingListener resuming = new ResumingListener(setup.tcp(), setup.clientKey())) {
      feed(setup, files.subList(0, 5));
      server.kill();
      server = setup.start("-Dpolicy.buyThreshold=0.4");
      feed(setup, files.subList(0, 6));
      assertEquals(0, server.stop(), server::output);

      List<Message> published = JournalView.outbound(setup.journal(), JournalView::isSignalOrBar);
      assertEquals(
          JournalView.hex(published),
          JournalView.hex(resuming.await(published.size(), ServerSetup.PATIENCE)));
      assertEquals(List.of(), resuming.complaints());
      standsOnce(setup.journal(), files.subList(0, 6));
      verifies(setup.journal(), 2);
      openSignalsGoOn(setup.journal(), published);
    } finally {
      server.close();
    }
  }

  private static void dieAtStart(ServerSetup setup, int i)
      throws IOException, InterruptedException {
    try (SemnalProcess early = setup.launch()) {
      Thread.sleep(STARTING_MILLIS[i]);
      early.kill();
    }
  }

  private static void feed(ServerSetup setup, List<Path> files)
      throws IOException, InterruptedException {
    try (SemnalProcess feed = setup.feed(RATE, files)) {
      assertEquals(0, feed.await(ServerSetup.PATIENCE), feed::output);
    }
  }

  private static void awaitInbound(Path journal, long sequence, SemnalProcess server)
      throws InterruptedException {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.inboundReader()) {
      while (!reader.seekToSequence(sequence)) {
        assertTrue(server.isAlive(), server::output);
        assertTrue(System.nanoTime() < deadline, server::output);
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  /** Every tick of the files is in the inbound journal, in order, at its price, once. */
  private static void standsOnce(Path journal, List<Path> files) throws IOException {
    List<Message> quotes = JournalView.inbound(journal, t -> t == QuoteDecoder.TEMPLATE_ID);
    QuoteDecoder quote = new QuoteDecoder();
    int at = 0;
    for (Path file : files) {
      long midnight = RealTicks.midnightMillis(file, ZoneOffset.UTC);
      for (String[] row : RealTicks.rows(file)) {
        assertTrue(at < quotes.size(), "the journal ends after " + at + " ticks");
        quote.wrapAndApplyHeader(quotes.get(at).buffer(), 0, new MessageHeaderDecoder());
        at++;
        assertEquals(at, quote.sourceSeq());
        assertEquals((midnight + Long.parseLong(row[0])) * 1_000_000L, quote.eventTime());
        assertEquals(RealTicks.mantissa(row[1]), quote.bid());
        assertEquals(RealTicks.mantissa(row[2]), quote.ask());
      }
    }
    assertEquals(at, quotes.size());
  }

  private static void verifies(Path journal, int runs) {
    String text = CommandRun.done("replay", "--verify", "--journal", journal.toString()).out();
    assertTrue(text.contains("identical: " + runs + " run(s)"), text);
  }

  /** A signal that was open when a run ended has its end in the next one; each ends once. */
  private static void openSignalsGoOn(Path journal, List<Message> published) {
    List<Message> headers = JournalView.inbound(journal, t -> t == RunHeaderDecoder.TEMPLATE_ID);
    SignalDecoder signal = new SignalDecoder();
    SignalEventDecoder event = new SignalEventDecoder();
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    Set<Long> open = new HashSet<>();
    Set<Long> carried = null;
    for (Message message : published) {
      if (carried == null && message.causeSeq() > headers.getLast().journalSeq()) {
        carried = new HashSet<>(open);
      }
      if (message.template() == SignalDecoder.TEMPLATE_ID) {
        signal.wrapAndApplyHeader(message.buffer(), 0, header);
        if (signal.signalType() != SignalType.NEUTRAL) {
          assertTrue(open.isEmpty(), "two open signals of one strategy and instrument");
          open.add(message.outSeq());
        }
      } else if (message.template() == SignalEventDecoder.TEMPLATE_ID) {
        event.wrapAndApplyHeader(message.buffer(), 0, header);
        assertTrue(open.contains(event.signalId()), "event of a signal that is not open");
        if (event.state() == SignalState.ENDED || event.state() == SignalState.INVALIDATED) {
          assertFalse(event.reason() == EndReason.CANCELLED, "a new configuration cancels nothing");
          open.remove(event.signalId());
        }
      }
    }
    assertEquals(1, carried.size(), "signals open between two runs");
    assertTrue(open.stream().noneMatch(carried::contains), "it never ended");
  }
}
