package io.semnal.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.semnal.core.config.SemnalConfig;
import io.semnal.feed.fix.VenueSimulator;
import io.semnal.feed.fix.WireFaults;
import io.semnal.feed.session.Pace;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.server.JournalView.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A day of recorded ticks from a simulated venue gives what the same ticks give otherwise. */
class FixPricesInServerTest {
  @TempDir private Path folder;

  @Test
  void aDayOverFixIsTheDayOfAnImport() throws Exception {
    // A Sunday: short.
    List<Path> files = RealTicks.zips("lean/oanda/tick/eurusd").subList(2, 3);
    SemnalConfig config = new ServerSetup(folder).load(folder.resolve("unused"), Map.of());
    try (PlayedVenue venue =
        PlayedVenue.of(config, files, VenueSimulator.Shape.ASKED, Pace.MAX, WireFaults.NONE)) {
      ServerSetup setup =
          new ServerSetup(
              folder,
              "feed.fix.sessions.sim { addresses = [\"127.0.0.1:" + venue.port() + "\"]",
              "  senderCompId = US, targetCompId = SIM }");
      List<Message> imported = setup.imported(files);
      try (SemnalProcess server = setup.start();
          SemnalProcess heard = setup.listen(setup.tcp(), "signals,bars", imported.size())) {
        assertEquals(0, heard.await(ServerSetup.PATIENCE), heard::output);
        assertEquals(0, server.stop(), server::output);
      }
      assertEquals(quotes(folder.resolve("imported")), quotes(setup.journal()));
      assertEquals(
          JournalView.behindSequences(imported),
          JournalView.behindSequences(
              JournalView.outbound(setup.journal(), JournalView::isSignalOrBar)));
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
