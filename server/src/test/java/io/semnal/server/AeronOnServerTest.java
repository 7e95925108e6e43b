package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.semnal.client.AeronClient;
import io.semnal.client.ClientHandler;
import io.semnal.client.ClientOptions;
import io.semnal.client.Subscription;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.BarDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionEncoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.ResumeToken;
import io.semnal.testing.Await;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quotes into a whole server over Aeron, its stream out over Aeron, another process at both. */
class AeronOnServerTest {
  private static final int QUOTES = 20_000;
  private static final int BARS = 30;
  private static final Channel[] CHANNELS = {
    Channel.SIGNALS, Channel.SCORES, Channel.BARS, Channel.STATUS
  };

  @TempDir private Path folder;
  private final List<Long> seen = new ArrayList<>();
  private int bars;

  @Test
  void quotesGoInAndTheStreamComesOutAsItIsJournaled() throws Exception {
    Path directory = folder.resolve("driver");
    asJournaled("aeron:ipc", "aeron:ipc", directory);
    assertThat(directory).doesNotExist();
  }

  /** The other process has a media driver of its own, as on another machine. */
  @Test
  void soItIsOverUdp() throws Exception {
    try (MediaDriver driver =
        MediaDriver.launchEmbedded(
            new MediaDriver.Context()
                .aeronDirectoryName(folder.resolve("own-driver").toString())
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnShutdown(true))) {
      asJournaled(udp(), udp(), Path.of(driver.aeronDirectoryName()));
    }
  }

  private static String udp() throws Exception {
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return "aeron:udp?endpoint=127.0.0.1:" + free.getLocalPort();
    }
  }

  /**
   * @param directory of the driver that the other process uses
   */
  private void asJournaled(String out, String in, Path directory) throws Exception {
    ServerSetup setup = new ServerSetup(folder);
    boolean followed;
    try (SemnalProcess server =
        setup.start(
            "-Daeron.directory=" + folder.resolve("driver"),
            "-Daeron.publish.enabled=true",
            "-Daeron.publish.channel=" + out,
            "-Daeron.feed.enabled=true",
            "-Daeron.feed.channel=" + in)) {
      followed = exchange(setup, directory, out, in);
      assertThat(server.stop()).as(server.output()).isZero();
    }
    assertThat(followed).isTrue();
    List<Long> published =
        JournalView.outbound(setup.journal(), t -> Channel.of(t) >= 0 && Channel.of(t) < 5).stream()
            .map(JournalView.Message::outSeq)
            .filter(outSeq -> outSeq <= seen.getLast())
            .toList();
    assertThat(seen).isEqualTo(published).hasSizeGreaterThan(BARS);
    assertThat(quotesOf(setup)).hasSize(QUOTES);
  }

  private static List<JournalView.Message> quotesOf(ServerSetup setup) {
    return JournalView.inbound(setup.journal(), t -> t == QuoteDecoder.TEMPLATE_ID);
  }

  /** Whether anything came over Aeron; its client is gone before the driver is. */
  private boolean exchange(ServerSetup setup, Path directory, String out, String in)
      throws Exception {
    boolean followed = false;
    try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString()));
        io.aeron.Subscription frames = aeron.addSubscription(out, 1001);
        ExclusivePublication quotes = aeron.addExclusivePublication(in, 1002);
        AeronClient client =
            new AeronClient(
                ClientOptions.of(setup.tcp(), ClientKey.read(setup.clientKey()))
                    .withTimeout(ServerSetup.PATIENCE),
                Subscription.to(CHANNELS).resumingAfter(new ResumeToken(1, 0)),
                frames,
                new Seen())) {
      client.connect();
      Sender sender = new Sender(quotes);
      Await.until(
          "both ways over Aeron",
          () -> {
            client.poll();
            return quotes.isConnected() && client.isFollowingAeron();
          });
      sender.define();
      for (int seq = 1; seq <= QUOTES; seq++) {
        Await.Deadline deadline = new Await.Deadline("room for a quote");
        while (!sender.quote(seq)) {
          client.poll();
          deadline.pause();
        }
        client.poll();
        followed |= client.isFollowingAeron() && !seen.isEmpty();
      }
      Await.until(
          () -> "more than " + bars + " of " + BARS + " bars",
          () -> {
            client.poll();
            return bars >= BARS;
          });
      // Bars come before the last quotes, which a server that stops does not wait for.
      Await.until("every quote's place in the journal", () -> quotesOf(setup).size() == QUOTES);
      return followed;
    }
  }

  private final class Seen implements ClientHandler {
    @Override
    public void onMessage(DirectBuffer buffer, int offset, int length) {
      int template = MessageLayout.templateId(buffer, offset);
      int channel = Channel.of(template);
      if (channel >= 0 && channel != Channel.DEFINITIONS) {
        seen.add(MessageLayout.outSeq(buffer, offset));
        bars += template == BarDecoder.TEMPLATE_ID ? 1 : 0;
      }
    }
  }

  /** A random walk, a tenth of a second from quote to quote. */
  private static final class Sender {
    private static final int OWN_ID = 77;
    private static final long START = 1_700_000_040_000_000_000L;
    private final ExclusivePublication publication;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final Random random = new Random(11);
    private long mid = 110_000_000L;
    private long made;

    Sender(ExclusivePublication publication) {
      this.publication = publication;
    }

    void define() {
      InstrumentDefinitionEncoder e = new InstrumentDefinitionEncoder();
      e.wrapAndApplyHeader(buffer, 0, header)
          .outSeq(0)
          .causeSeq(0)
          .streamSeq(0)
          .time(0)
          .instrumentId(OWN_ID)
          .timeframe(0)
          .strategyId(0)
          .symbol("EURUSD")
          .baseCurrency("EUR")
          .quoteCurrency("USD")
          .pip(10_000)
          .priceDecimals((short) 5);
      Await.until(
          "room for a definition",
          () -> publication.offer(buffer, 0, MessageLayout.HEADER + e.encodedLength()) >= 0);
    }

    boolean quote(long seq) {
      if (made != seq) {
        made = seq;
        mid += 1_000L * (random.nextInt(5) - 2);
        new QuoteEncoder()
            .wrapAndApplyHeader(buffer, 0, header)
            .journalSeq(0)
            .time(0)
            .eventTime(START + seq * 100_000_000L)
            .receiveTime(MessageLayout.ABSENT)
            .sourceSeq(seq)
            .bid(mid - 5_000)
            .ask(mid + 5_000)
            .bidSize(MessageLayout.ABSENT)
            .askSize(MessageLayout.ABSENT)
            .sourceId(0)
            .instrumentId(OWN_ID)
            .flags()
            .clear();
      }
      return publication.offer(buffer, 0, MessageLayout.HEADER + QuoteEncoder.BLOCK_LENGTH) > 0;
    }
  }
}
