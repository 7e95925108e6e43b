package io.semnal.bench.wire;

import io.semnal.bench.ServerProcess;
import io.semnal.client.ClientHandler;
import io.semnal.client.ClientOptions;
import io.semnal.client.SemnalClient;
import io.semnal.client.Subscription;
import io.semnal.core.market.Instrument;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.protocol.Channel;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.HeartbeatDecoder;
import io.semnal.protocol.sbe.InstrumentDefinitionDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.MessageHeaderEncoder;
import io.semnal.protocol.sbe.QuoteEncoder;
import io.semnal.protocol.sbe.Role;
import io.semnal.protocol.sbe.ScoreDecoder;
import io.semnal.protocol.sbe.SessionErrorDecoder;
import io.semnal.protocol.sbe.SignalDecoder;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.FrameChannel;
import io.semnal.protocol.session.SessionTerms;
import io.semnal.protocol.session.SessionWriter;
import io.semnal.server.KeySetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;

/**
 * A feed and a client of a server on one thread: quotes go in over one TCP session, the scores that
 * they cause come back over another. A quote's number is told by its event time.
 */
final class SemnalLink implements WireLink {
  static final int REQUEST = 6 + MessageLayout.HEADER + QuoteEncoder.BLOCK_LENGTH;
  static final int REPLY = 6 + MessageLayout.HEADER + ScoreDecoder.BLOCK_LENGTH;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int READS = 256;

  private final ServerProcess server;
  private final FrameChannel feed;
  private final SemnalClient client;
  private final SessionTerms terms;
  private final TickSource prices;
  private final long from;
  private final long step;
  private final Tick tick = new Tick();
  private final Map<String, Integer> ids = new HashMap<>();
  private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final SessionWriter writer = new SessionWriter();
  private final QuoteEncoder quote = new QuoteEncoder();
  private final ScoreDecoder score = new ScoreDecoder();
  private final int[] instrumentIds;
  private LongConsumer answered = index -> {};
  private boolean defined;
  private long scored;
  private long unscored;
  private long signals;
  private boolean prepared;

  /**
   * @param instruments of which the prices are, by the prices' own numbers
   * @param prices their times are not used
   * @param from event time of quote 0, nanoseconds
   * @param step event time from one quote to the next
   */
  SemnalLink(
      ServerProcess server,
      boolean webSocket,
      List<Instrument> instruments,
      TickSource prices,
      long from,
      long step)
      throws IOException {
    this(server, true, webSocket, instruments, prices, from, step);
  }

  /** The feed alone, for a client that listens elsewhere. */
  static SemnalLink feed(
      ServerProcess server, List<Instrument> instruments, TickSource prices, long from, long step)
      throws IOException {
    return new SemnalLink(server, false, false, instruments, prices, from, step);
  }

  private SemnalLink(
      ServerProcess server,
      boolean listens,
      boolean webSocket,
      List<Instrument> instruments,
      TickSource prices,
      long from,
      long step)
      throws IOException {
    this.server = server;
    this.prices = prices;
    this.from = from;
    this.step = step;
    feed = FrameChannel.connect(address(server.feed()), TIMEOUT);
    ClientKey key = ClientKey.read(KeySetup.feedKey(server.keys()));
    terms = feed.login(Role.FEED, key, "bench", TIMEOUT);
    while (!defined) {
      if (feed.poll(this::onFeed, 1) == 0) {
        feed.await(TIMEOUT.toMillis());
      }
    }
    instrumentIds = instruments.stream().mapToInt(i -> ids.get(i.symbol())).toArray();
    client = listens ? listen(webSocket) : null;
  }

  private SemnalClient listen(boolean webSocket) throws IOException {
    SemnalClient listener =
        new SemnalClient(
            ClientOptions.of(
                webSocket ? "ws://" + server.webSocket() : "tcp://" + server.tcp(),
                ClientKey.read(KeySetup.clientKey(server.keys()))),
            new ClientHandler() {
              @Override
              public void onMessage(DirectBuffer buffer, int offset, int length) {
                onOutbound(buffer, offset);
              }
            });
    listener.connect();
    listener.subscribe(Subscription.to(Channel.SCORES, Channel.SIGNALS));
    return listener;
  }

  private static InetSocketAddress address(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    return new InetSocketAddress(
        hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
  }

  private void onFeed(DirectBuffer buffer, int offset, int length) throws IOException {
    switch (MessageLayout.templateId(buffer, offset)) {
      case InstrumentDefinitionDecoder.TEMPLATE_ID -> {
        InstrumentDefinitionDecoder definition =
            new InstrumentDefinitionDecoder().wrapAndApplyHeader(buffer, offset, header);
        int id = definition.instrumentId();
        ids.put(definition.symbol(), id);
      }
      case HeartbeatDecoder.TEMPLATE_ID -> defined = true;
      case SessionErrorDecoder.TEMPLATE_ID ->
          throw new IOException(
              new SessionErrorDecoder().wrapAndApplyHeader(buffer, offset, header).text());
      default -> {
        // Acknowledgements.
      }
    }
  }

  private void onOutbound(DirectBuffer buffer, int offset) {
    if (MessageLayout.templateId(buffer, offset) == ScoreDecoder.TEMPLATE_ID) {
      score.wrapAndApplyHeader(buffer, offset, header);
      if (Double.isNaN(score.buy())) {
        unscored++;
      } else {
        scored++;
      }
      answered.accept((score.eventTime() - from) / step);
    } else if (MessageLayout.templateId(buffer, offset) == SignalDecoder.TEMPLATE_ID) {
      signals++;
    }
  }

  @Override
  public boolean queue(long index) {
    prepare();
    int at = feed.claim(REQUEST);
    if (at < 0) {
      return false;
    }
    prepared = false;
    quote
        .wrapAndApplyHeader(feed.outBuffer(), at, headerEncoder)
        .journalSeq(0)
        .time(0)
        .eventTime(from + index * step)
        .receiveTime(MessageLayout.ABSENT)
        .sourceSeq(terms.lastSourceSeq() + index + 1)
        .bid(tick.bid)
        .ask(tick.ask)
        .bidSize(tick.bidSize)
        .askSize(tick.askSize)
        .sourceId(terms.sourceId())
        .instrumentId(instrumentIds[tick.instrument]);
    quote.flags().clear();
    feed.commit(MessageLayout.HEADER + QuoteEncoder.BLOCK_LENGTH);
    return true;
  }

  @Override
  public void flush() throws IOException {
    feed.flush();
  }

  /** The next price: the simulator is no part of what is measured. */
  @Override
  public void prepare() {
    if (!prepared) {
      try {
        prices.next(tick);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      prepared = true;
    }
  }

  @Override
  public void poll(LongConsumer told) throws IOException {
    answered = told;
    if (feed.pending() > 0) {
      feed.flush();
    }
    if (client != null) {
      client.poll();
    }
  }

  @Override
  public void keepAlive() throws IOException {
    while (feed.poll(this::onFeed, READS) > 0) {
      // Acknowledgements, until none is left.
    }
    int at = feed.claim(SessionWriter.MOST);
    if (at >= 0) {
      feed.commit(writer.heartbeat(feed.outBuffer(), at, 0, 0, MessageLayout.ABSENT));
      feed.flush();
    }
    if (client != null) {
      client.poll();
    }
  }

  long signals() {
    return signals;
  }

  @Override
  public long pid() {
    return server.pid();
  }

  /** Share of the scores so far whose row was really scored by the model. */
  double scoredShare() {
    return (double) scored / Math.max(1, scored + unscored);
  }

  @Override
  public void close() throws IOException {
    try (feed) {
      if (client != null) {
        client.close();
      }
    }
  }
}
