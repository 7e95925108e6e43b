package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.protocol.sbe.EndReason;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.RunHeaderDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.sbe.SignalEventDecoder;
import io.semnal.protocol.sbe.SignalState;
import io.semnal.protocol.sbe.SignalType;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL, and a restart with another configuration: nothing twice, nothing lost. */
class KillAndResumeTest {
  private static final int RATE = 50_000;

  @TempDir private Path folder;

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
      JournalProof.standsOnce(setup.journal(), files.subList(0, 6));
      JournalProof.verifies(setup.journal(), 2);
      openSignalsGoOn(setup.journal(), published);
    } finally {
      server.close();
    }
  }

  private static void feed(ServerSetup setup, List<Path> files)
      throws IOException, InterruptedException {
    try (SemnalProcess feed = setup.feed(RATE, files)) {
      assertEquals(0, feed.await(ServerSetup.PATIENCE), feed::output);
    }
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
