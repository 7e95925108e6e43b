package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.semnal.core.config.SemnalConfig;
import io.semnal.feed.TickSource;
import io.semnal.feed.file.OnError;
import io.semnal.feed.file.TickFileOptions;
import io.semnal.feed.file.TickFiles;
import io.semnal.feed.file.TickFormat;
import io.semnal.feed.fix.VenueSimulator;
import io.semnal.feed.fix.WireFaults;
import io.semnal.feed.session.Pace;
import io.semnal.fix.codec.FixVersion;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A day of recorded ticks from a simulated venue gives what the same ticks give otherwise. */
class FixPricesInServerTest {
  /** Room for every tick at once: nothing is conflated, however slow the machine is. */
  private static final int RING = 1 << 15;

  @TempDir private Path folder;

  @Test
  void aDayOverFixIsTheDayOfAnImport() throws Exception {
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(0, 1);
    int ticks = RealTicks.rows(files.getFirst()).size();
    assertTrue(ticks < RING, ticks + " ticks do not fit the ring");
    SemnalConfig reference = new ServerSetup(folder).load(folder.resolve("unused"), Map.of());
    VenueSimulator venue =
        new VenueSimulator(
            new VenueSimulator.Options(
                new InetSocketAddress("127.0.0.1", 0),
                FixVersion.FIX44,
                reference.engine().instruments(),
                Map.of(),
                VenueSimulator.Shape.ASKED,
                Pace.MAX,
                true,
                WireFaults.NONE));
    TickFileOptions options =
        new TickFileOptions(
            reference.engine().instruments().getFirst(),
            reference.engine().instruments(),
            null,
            null,
            -1,
            null,
            OnError.STOP);
    CompletableFuture<Void> played =
        CompletableFuture.runAsync(
            () -> {
              try (TickSource source =
                  TickFiles.open(TickFormat.parse("lean-tick"), files, options)) {
                venue.run(source);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    try {
      int port = venue.address().get(ServerSetup.PATIENCE.toSeconds(), TimeUnit.SECONDS).getPort();
      ServerSetup setup =
          new ServerSetup(
              folder,
              "rings.inbound = " + RING,
              "feed.fix.sessions.sim { addresses = [\"127.0.0.1:" + port + "\"]",
              "  senderCompId = US, targetCompId = SIM }");
      List<Message> imported = setup.imported(files);
      serve(setup, imported.size());
      Path journal = setup.journal();
      assertEquals(quotes(folder.resolve("imported")), quotes(journal));
      assertEquals(
          JournalView.behindSequences(imported),
          JournalView.behindSequences(JournalView.outbound(journal, JournalView::isSignalOrBar)));
    } finally {
      venue.stop();
    }
    played.get(ServerSetup.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Runs the server until it has published that many signals and bars. */
  private static void serve(ServerSetup setup, int published)
      throws IOException, InterruptedException {
    try (SemnalProcess server = setup.start();
        SemnalProcess heard = setup.listen(setup.tcp(), "signals,bars", published)) {
      assertEquals(0, heard.await(ServerSetup.PATIENCE), heard::output);
      assertEquals(0, server.stop(), server::output);
    }
  }

  /** What a quote says of the market. */
  private static List<String> quotes(Path journal) {
    QuoteDecoder q = new QuoteDecoder();
    return JournalView.inbound(journal, t -> t == QuoteDecoder.TEMPLATE_ID).stream()
        .map(
            m -> {
              q.wrapAndApplyHeader(m.buffer(), 0, new MessageHeaderDecoder());
              return q.sourceSeq()
                  + " "
                  + q.eventTime()
                  + " "
                  + q.bid()
                  + " "
                  + q.ask()
                  + " "
                  + q.bidSize()
                  + " "
                  + q.askSize()
                  + " "
                  + q.flags().getRaw();
            })
        .toList();
  }
}
