package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.semnal.core.access.KeyFile;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.file.OnError;
import io.semnal.feed.file.TickFileOptions;
import io.semnal.feed.file.TickFiles;
import io.semnal.feed.file.TickFormat;
import io.semnal.feed.session.FeedClient;
import io.semnal.feed.session.Pace;
import io.semnal.journal.Progress;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * However the work is spread over threads, the same ticks over TCP give the same outbound bytes,
 * and listeners on hot and edge threads receive them.
 */
class ThreadCompositionsTest {
  private static final List<Map<String, String>> THREADS =
      List.of(
          threads("shared", "backoff"),
          threads("paired", "yield"),
          threads("dedicated", "backoff"),
          threads("shared", "yield"),
          // Rings that are full again and again.
          Map.of(
              "threads.composition",
              "dedicated",
              "threads.idle",
              "yield",
              "rings.inbound",
              "16",
              "rings.outbound",
              "16"));

  @TempDir private Path folder;

  private static Map<String, String> threads(String composition, String idle) {
    return Map.of("threads.composition", composition, "threads.idle", idle);
  }

  @Test
  void sayTheSameBytes() throws IOException, InterruptedException {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 5);
    ServerSetup setup = new ServerSetup(folder, "strategies.core-1m.trigger = tick");
    List<Message> imported = setup.imported(files);
    List<Message> first = null;
    for (Map<String, String> threads : THREADS) {
      List<Message> published = run(setup, threads, files, imported);
      assertEquals(
          JournalView.behindSequences(imported),
          JournalView.behindSequences(published),
          () -> threads + " against an import");
      if (first == null) {
        first = published;
      }
      assertEquals(first.size(), published.size(), threads::toString);
      for (int i = 0; i < first.size(); i++) {
        int at = i;
        assertArrayEquals(
            first.get(i).bytes(),
            published.get(i).bytes(),
            () -> threads + ", outbound message " + (at + 1));
      }
    }
  }

  /** Everything that the ticks caused to be published. */
  private List<Message> run(
      ServerSetup setup, Map<String, String> threads, List<Path> files, List<Message> expected)
      throws IOException, InterruptedException {
    SemnalConfig config =
        setup.load(folder.resolve("journal-" + THREADS.indexOf(threads)), threads);
    KeyFile keys = KeySetup.openOrMake(config.runtime().gateway().keysFile(), "feed");
    Metrics metrics = new Metrics();
    try (EngineHost host = EngineHost.open(config, metrics, Progress.NONE)) {
      try (SignalServer server = new SignalServer(config, host, metrics, keys, keys, null)) {
        SignalServer.Ports ports = server.start();
        try (ResumingListener hot = new ResumingListener("tcp:/" + ports.tcp(), setup.clientKey());
            ResumingListener edge =
                new ResumingListener("ws:/" + ports.ws() + "/ws", setup.clientKey())) {
          feed(config, ports, files);
          List<String> onHot = JournalView.hex(hot.await(expected.size(), ServerSetup.PATIENCE));
          List<String> onEdge = JournalView.hex(edge.await(expected.size(), ServerSetup.PATIENCE));
          Path journal = config.runtime().journal().directory();
          List<String> journaled =
              JournalView.hex(JournalView.outbound(journal, JournalView::isSignalOrBar));
          assertEquals(expected.size(), onHot.size(), threads::toString);
          assertEquals(journaled, onHot, threads::toString);
          assertEquals(journaled, onEdge, threads::toString);
          assertEquals(List.of(), hot.complaints());
          assertEquals(List.of(), edge.complaints());
        }
        assertNull(server.fault(), threads::toString);
      }
    }
    Path journal = config.runtime().journal().directory();
    // The feed's goodbye is an inbound message too, and comes when the sockets please.
    long last =
        JournalView.inbound(journal, t -> t == QuoteDecoder.TEMPLATE_ID).getLast().journalSeq();
    return JournalView.outbound(journal, t -> true).stream()
        .filter(m -> m.causeSeq() <= last)
        .toList();
  }

  static void feed(SemnalConfig config, SignalServer.Ports ports, List<Path> files)
      throws IOException, InterruptedException {
    TickFileOptions options =
        new TickFileOptions(
            config.engine().instruments().getFirst(),
            config.engine().instruments(),
            null,
            null,
            -1,
            null,
            OnError.STOP);
    FeedClient client =
        new FeedClient(
            new FeedClient.Options(
                ports.feed(),
                ClientKey.read(KeySetup.feedKey(config.runtime().feed().keysFile())),
                "test",
                Pace.MAX,
                Duration.ofSeconds(5),
                ServerSetup.PATIENCE),
            List.of("EURUSD"),
            () -> TickFiles.open(TickFormat.parse("lean-tick"), files, options),
            progress -> {});
    client.run();
  }
}
