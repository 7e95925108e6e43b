package io.semnal.server;

import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.Instrument;
import io.semnal.feed.TickSource;
import io.semnal.feed.file.OnError;
import io.semnal.feed.file.TickFileOptions;
import io.semnal.feed.file.TickFiles;
import io.semnal.feed.file.TickFormat;
import io.semnal.feed.fix.VenueSimulator;
import io.semnal.feed.fix.WireFaults;
import io.semnal.feed.session.Pace;
import io.semnal.fix.codec.FixVersion;
import io.semnal.journal.JournalDirectory;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.server.JournalView.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** A simulated venue on a thread of its own that plays recorded EURUSD ticks over sockets. */
final class PlayedVenue implements AutoCloseable {
  private final VenueSimulator venue;
  private final CompletableFuture<Void> played;

  private PlayedVenue(VenueSimulator venue, CompletableFuture<Void> played) {
    this.venue = venue;
    this.played = played;
  }

  static PlayedVenue of(
      SemnalConfig config,
      List<Path> files,
      VenueSimulator.Shape shape,
      Pace pace,
      WireFaults faults) {
    List<Instrument> instruments = config.engine().instruments();
    VenueSimulator venue =
        new VenueSimulator(
            new VenueSimulator.Options(
                new InetSocketAddress("127.0.0.1", 0),
                FixVersion.FIX44,
                instruments,
                Map.of(),
                shape,
                pace,
                true,
                faults));
    TickFileOptions options =
        new TickFileOptions(
            instruments.getFirst(), instruments, null, null, -1, null, OnError.STOP);
    return new PlayedVenue(
        venue,
        CompletableFuture.runAsync(
            () -> {
              try (TickSource source =
                  TickFiles.open(TickFormat.parse("lean-tick"), files, options)) {
                venue.run(source);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }));
  }

  int port() throws Exception {
    return venue.address().get(ServerSetup.PATIENCE.toSeconds(), TimeUnit.SECONDS).getPort();
  }

  long told() {
    return venue.told();
  }

  /** Faults so far; once it is closed, all of them. */
  long spoiled() {
    return venue.spoiled();
  }

  /** Waits until a running server has journaled a quote of that time. */
  static void awaitQuote(Path journal, long eventTime) throws InterruptedException {
    long deadline = System.nanoTime() + 2 * ServerSetup.PATIENCE.toNanos();
    long[] last = {Long.MIN_VALUE};
    try (JournalDirectory directory = JournalDirectory.openReadOnly(journal);
        QueueReader reader = directory.inboundReader()) {
      while (last[0] < eventTime) {
        boolean read =
            reader.readNext(
                (buffer, offset, length) -> {
                  if (MessageLayout.templateId(buffer, offset) == QuoteDecoder.TEMPLATE_ID) {
                    byte[] bytes = new byte[length];
                    buffer.getBytes(offset, bytes);
                    last[0] = eventTime(new Message(new UnsafeBuffer(bytes)));
                  }
                });
        if (!read) {
          if (System.nanoTime() > deadline) {
            throw new AssertionError("the last tick is not journaled; the last one is " + last[0]);
          }
          Thread.sleep(5);
        }
      }
    }
  }

  static long eventTime(Message quote) {
    return new QuoteDecoder()
        .wrapAndApplyHeader(quote.buffer(), 0, new MessageHeaderDecoder())
        .eventTime();
  }

  /** Closes the venue, and fails if it had to end before. */
  @Override
  public void close() {
    venue.stop();
    played.orTimeout(ServerSetup.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }
}
