package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.core.access.KeyFile;
import io.semnal.core.config.SemnalConfig;
import io.semnal.feed.session.Pace;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.JournalScan;
import io.semnal.journal.JournalState;
import io.semnal.journal.Progress;
import io.semnal.journal.ReplayRange;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.session.PeerKey;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.server.JournalView.Message;
import io.semnal.server.replay.PacedJournal;
import io.semnal.server.replay.ReadOnlyKeys;
import io.semnal.server.replay.ServedRange;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two recorded days once more, for clients and for people; held against the journal's messages. */
class ReplayServeTest {
  @TempDir private static Path folder;
  private static ServerSetup setup;
  private static Path journal;
  private static List<Message> inbound;
  private static List<Message> outbound;

  @BeforeAll
  static void importTwoDays() throws IOException {
    setup = new ServerSetup(folder);
    setup.imported(RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 2));
    journal = folder.resolve("imported");
    inbound = JournalView.inbound(journal, t -> true);
    outbound = JournalView.outbound(journal, t -> true);
  }

  private static List<String> expected(long from, long until) {
    return JournalView.hex(
        outbound.stream()
            .filter(m -> JournalView.isSignalOrBar(m.template()))
            .filter(m -> m.causeSeq() >= from && m.causeSeq() <= until)
            .toList());
  }

  /** What is done while a range is served as fast as possible. */
  private interface Visit {
    void of(ReplayServer.Ports ports, ServedRange served) throws IOException, InterruptedException;
  }

  private static void serve(ReplayRange range, Visit visit)
      throws IOException, InterruptedException {
    SemnalConfig config = setup.load(journal, Map.of());
    KeyFile keys = KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed");
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal)) {
      JournalState state = JournalScan.scan(directory, null, Progress.NONE);
      ServedRange served = ServedRange.of(directory, state, range);
      try (ReplayServer server =
          new ReplayServer(
              config, directory, served, config.engine().timeframes(), Pace.MAX, keys)) {
        visit.of(server.start(), served);
        server.awaitEnd();
        assertNull(server.fault());
      }
    }
  }

  @Test
  void clientsGetTheJournalsMessages() throws IOException, InterruptedException {
    List<String> all = expected(1, Long.MAX_VALUE);
    assertTrue(all.size() > 200, "messages to compare");
    serve(
        ReplayRange.ALL,
        (ports, served) -> {
          ResumeToken from = new ResumeToken(served.epoch(), 0);
          try (ResumingListener tcp =
                  new ResumingListener("tcp:/" + ports.tcp(), setup.clientKey(), from);
              ResumingListener ws =
                  new ResumingListener("ws:/" + ports.ws() + "/ws", setup.clientKey(), from)) {
            assertEquals(all, JournalView.hex(tcp.await(all.size(), ServerSetup.PATIENCE)));
            assertEquals(all, JournalView.hex(ws.await(all.size(), ServerSetup.PATIENCE)));
            assertEquals(List.of(), tcp.complaints());
            assertEquals(List.of(), ws.complaints());
          }
        });
  }

  @Test
  void aPartBeginsWithItsFirstMessageAndEndsWithItsLast() throws IOException, InterruptedException {
    long from = inbound.get(inbound.size() / 3).journalSeq();
    long until = inbound.get(inbound.size() / 2).journalSeq();
    List<String> part = expected(from, until);
    assertTrue(part.size() > 10);
    serve(
        new ReplayRange(from, until),
        (ports, served) -> {
          long first =
              outbound.stream()
                  .filter(m -> m.causeSeq() >= from)
                  .findFirst()
                  .orElseThrow()
                  .outSeq();
          assertEquals(first, served.firstOutSeq());
          try (ResumingListener tcp =
              new ResumingListener(
                  "tcp:/" + ports.tcp(),
                  setup.clientKey(),
                  new ResumeToken(served.epoch(), first - 1))) {
            assertEquals(part, JournalView.hex(tcp.await(part.size(), ServerSetup.PATIENCE)));
          }
        });
  }

  @Test
  void aLiveTokenIsRefused() throws IOException, InterruptedException {
    serve(
        ReplayRange.ALL,
        (ports, served) -> {
          assertTrue(served.epoch() >= ServedRange.EPOCHS);
          try (ResumingListener live =
              new ResumingListener(
                  "tcp:/" + ports.tcp(), setup.clientKey(), new ResumeToken(1, 5))) {
            long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
            while (live.complaints().isEmpty() && System.nanoTime() < deadline) {
              TimeUnit.MILLISECONDS.sleep(10);
            }
            assertEquals("the server sent an error", live.complaints().getFirst());
          }
        });
  }

  @Test
  void nobodyMayCommand() throws IOException, ReflectiveOperationException {
    KeyFile keys = KeySetup.openOrMake(folder.resolve("other-keys.conf"), "feed");
    assertTrue(keys.find("client").admin());
    PeerKey reader = new ReadOnlyKeys(keys).find("client");
    assertFalse(reader.admin());
    // Whatever else a key may do or not, it still may.
    for (Method property : PeerKey.class.getMethods()) {
      if (property.getParameterCount() == 0 && !property.getName().equals("admin")) {
        assertEquals(
            text(property.invoke(keys.find("client"))),
            text(property.invoke(reader)),
            property.getName());
        assertEquals(
            reader.getClass(),
            reader.getClass().getMethod(property.getName()).getDeclaringClass(),
            property.getName());
      }
    }
    assertNull(new ReadOnlyKeys(keys).find("nobody"));
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
  }

  /** At ten times the speed, after a minute ten minutes of messages, and not one more. */
  @Test
  void keepsThePaceOfTheMessages() {
    long[] now = {0};
    List<Long> handed = new ArrayList<>();
    List<Long> said = new ArrayList<>();
    PacedJournal.Target target =
        new PacedJournal.Target() {
          @Override
          public boolean hasRoom() {
            return true;
          }

          @Override
          public void inbound(DirectBuffer buffer, int offset, int length) {
            handed.add(MessageLayout.journalSeq(buffer, offset));
          }

          @Override
          public void outbound(DirectBuffer buffer, int offset, int length) {
            assertTrue(MessageLayout.causeSeq(buffer, offset) <= handed.getLast());
            said.add(MessageLayout.outSeq(buffer, offset));
          }
        };
    long start = inbound.size() / 2;
    long startTime = MessageLayout.inboundTime(inbound.get((int) start - 1).buffer(), 0);
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal)) {
      ServedRange served =
          ServedRange.of(
              directory,
              JournalScan.scan(directory, null, Progress.NONE),
              new ReplayRange(start, Long.MAX_VALUE));
      try (PacedJournal paced =
          new PacedJournal(
              directory,
              served.range(),
              served.firstOutSeq(),
              Pace.speed(10),
              () -> now[0],
              target)) {
        for (long seconds : new long[] {0, 1, 60, 600}) {
          now[0] = TimeUnit.SECONDS.toNanos(seconds);
          while (paced.advance(100) > 0) {
            // All that is due.
          }
          long due = startTime + 10 * now[0];
          long last =
              inbound.stream()
                  .filter(m -> MessageLayout.inboundTime(m.buffer(), 0) <= due)
                  .mapToLong(Message::journalSeq)
                  .max()
                  .orElseThrow();
          assertEquals(last, handed.getLast());
          assertEquals(last - start + 1, handed.size());
          long outbounds =
              outbound.stream().filter(m -> m.causeSeq() >= start && m.causeSeq() <= last).count();
          assertEquals(outbounds, said.size());
        }
        now[0] = Long.MAX_VALUE / 4;
        while (!paced.isEnded()) {
          paced.advance(1_000);
        }
        assertEquals(outbound.getLast().outSeq(), said.getLast());
      }
    }
  }

  @Test
  void peopleSeeSignalsTheirChangesAndStatuses() {
    CommandRun run =
        CommandRun.done("replay", "--speed", "max", "--journal", journal.toString(), "--json");
    long expected =
        outbound.stream()
            .filter(
                m -> {
                  int channel = Channel.of(m.template());
                  return channel == Channel.SIGNALS.ordinal()
                      || channel == Channel.STATUS.ordinal();
                })
            .count();
    assertEquals(expected, run.out().lines().count());
    CommandRun wrong = CommandRun.of("replay", "--speed", "fast", "--journal", journal.toString());
    assertEquals(2, wrong.exit());
    assertTrue(wrong.err().contains("'fast' is not a speed such as 1x, 100x or max"), wrong::err);
  }
}
