package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.client.ClientHandler;
import io.semnal.client.ClientOptions;
import io.semnal.client.SemnalClient;
import io.semnal.client.Subscription;
import io.semnal.journal.Floor;
import io.semnal.journal.JournalDirectory;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.ErrorCode;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SnapshotEndDecoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of one run, whose journal rolls every second and is pruned as old as it may be. */
class PrunedWhileRunningTest {
  private static final int RATE = 40_000;
  private static final long POLL_MILLIS = 50;

  /** Of the files, those that lie so far before the last that no warm-up reaches them. */
  private static final int OLD_FILES = 2;

  @TempDir private Path folder;

  @Test
  void removesFilesOfTheRunThatGoesOnAndLosesNothingElse()
      throws IOException, InterruptedException {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd");
    ServerSetup setup = new ServerSetup(folder);
    List<Message> expected = setup.imported(files);
    List<String> pruning =
        List.of("-Djournal.rollCycle=TEST_SECONDLY", "-Djournal.retention.age=4s");
    // A window that the first messages have left, and a client that reads them for minutes.
    SemnalProcess server =
        setup.start(with(pruning, "-Dgateway.window=4096", "-Dgateway.replayPerSecond=50"));
    try {
      feed(setup, files.subList(0, OLD_FILES));
      List<Path> first = firstFiles(setup.journal());
      try (ResumingListener slow =
          new ResumingListener(setup.tcp(), setup.clientKey(), beforeTheFirst(setup))) {
        slow.await(1, ServerSetup.PATIENCE);
        feed(setup, files);
        awaitFloor(setup.journal(), server);
        int before = slow.await(1, ServerSetup.PATIENCE).size();
        List<Message> read = slow.await(before + 50, ServerSetup.PATIENCE);
        assertEquals(List.of(), slow.complaints());
        assertEquals(
            JournalView.behindSequences(expected.subList(0, read.size())),
            JournalView.behindSequences(read),
            "read while the journal was pruned");
      }
      awaitGone(first, server);
      server.kill();
      server = setup.start(with(pruning, "-Dgateway.window=1024"));
      Floor floor = awaitFloor(setup.journal(), server);
      List<Message> kept = resumed(setup, floor);
      assertTrue(kept.size() > 1_000 && kept.size() < expected.size(), () -> "" + kept.size());
      assertEquals(
          JournalView.behindSequences(
              expected.subList(expected.size() - kept.size(), expected.size())),
          JournalView.behindSequences(kept),
          "an import whose journal was never pruned");
      agesOut(setup, floor);

      assertEquals(0, server.stop(), server::output);
      String text =
          CommandRun.done("replay", "--verify", "--journal", setup.journal().toString()).out();
      assertTrue(text.contains("identical: 1 run(s)"), text);
      assertTrue(text.contains("what lies before it was pruned"), text);
    } finally {
      server.close();
    }
  }

  /** What lies before the first bar, definitions, may be pruned before any quote is old. */
  private static ResumeToken beforeTheFirst(ServerSetup setup) {
    return new ResumeToken(
        1,
        JournalView.outbound(setup.journal(), JournalView::isSignalOrBar).getFirst().outSeq() - 1);
  }

  /** Everything that a client gets that asks from the floor on. */
  private static List<Message> resumed(ServerSetup setup, Floor floor)
      throws IOException, InterruptedException {
    int kept =
        (int)
            JournalView.outbound(setup.journal(), JournalView::isSignalOrBar).stream()
                .filter(m -> m.outSeq() >= floor.outSeq())
                .count();
    ResumeToken token = new ResumeToken(1, floor.outSeq() - 1);
    try (ResumingListener client = new ResumingListener(setup.tcp(), setup.clientKey(), token)) {
      List<Message> messages = client.await(kept, ServerSetup.PATIENCE);
      assertEquals(List.of(), client.complaints());
      return messages;
    }
  }

  private static String[] with(List<String> settings, String... more) {
    return Stream.concat(settings.stream(), Stream.of(more)).toArray(String[]::new);
  }

  /** All of them; what is in the journal already is not sent again. */
  private static void feed(ServerSetup setup, List<Path> files)
      throws IOException, InterruptedException {
    try (SemnalProcess feed = setup.feed(RATE, files)) {
      assertEquals(0, feed.await(ServerSetup.PATIENCE), feed::output);
    }
  }

  /** The first file of each queue. */
  private static List<Path> firstFiles(Path journal) throws IOException {
    List<Path> first = new ArrayList<>();
    for (String queue : List.of("inbound", "outbound")) {
      try (Stream<Path> files = Files.list(journal.resolve(queue))) {
        first.add(files.filter(f -> f.toString().endsWith(".cq4")).sorted().findFirst().get());
      }
    }
    return first;
  }

  private static void awaitGone(List<Path> files, SemnalProcess server)
      throws InterruptedException {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    while (files.stream().anyMatch(Files::exists)) {
      assertTrue(server.isAlive(), server::output);
      assertTrue(System.nanoTime() < deadline, () -> files + "\n" + server.output());
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Until the journal begins inside its run. */
  private static Floor awaitFloor(Path journal, SemnalProcess server) throws InterruptedException {
    long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
    Path replaced = journal.resolve("prune");
    while (true) {
      assertTrue(server.isAlive(), server::output);
      assertTrue(System.nanoTime() < deadline, server::output);
      try (JournalDirectory directory = JournalDirectory.openReadOnly(journal)) {
        Floor floor = directory.floor();
        if (floor.snapshotSeq() > 0 && !Files.exists(replaced)) {
          return floor;
        }
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** A token that points below the floor is refused in words, and a snapshot follows. */
  private static void agesOut(ServerSetup setup, Floor floor)
      throws IOException, InterruptedException {
    ClientOptions options =
        ClientOptions.of(setup.tcp(), ClientKey.read(setup.clientKey()))
            .withRetryFor(Duration.ZERO);
    Answers answers = new Answers();
    try (SemnalClient client = new SemnalClient(options, answers)) {
      client.connect();
      client.subscribe(
          Subscription.to(Channel.SIGNALS).resumingAfter(new ResumeToken(1, floor.outSeq() - 2)));
      long deadline = System.nanoTime() + ServerSetup.PATIENCE.toNanos();
      while (!answers.snapshot && System.nanoTime() < deadline) {
        if (client.poll() == 0) {
          client.await(POLL_MILLIS);
        }
      }
    }
    assertEquals(ErrorCode.REPLAY_AGED_OUT, answers.error);
    assertTrue(answers.snapshot);
  }

  private static final class Answers implements ClientHandler {
    private ErrorCode error;
    private boolean snapshot;

    @Override
    public void onMessage(DirectBuffer buffer, int offset, int length) {
      switch (MessageLayout.templateId(buffer, offset)) {
        case SessionErrorDecoder.TEMPLATE_ID ->
            error =
                new SessionErrorDecoder()
                    .wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder())
                    .code();
        case SnapshotEndDecoder.TEMPLATE_ID -> snapshot = true;
        default -> {
          // What the snapshot holds is other tests' concern.
        }
      }
    }
  }
}
