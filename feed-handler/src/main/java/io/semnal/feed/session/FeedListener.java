package io.semnal.feed.session;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.market.Instrument;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.session.KeyLookup;
import io.semnal.protocol.session.NonceSource;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.agrona.concurrent.Agent;

/**
 * Takes quotes from feeds over SBE/TCP: authenticates them, checks and flags their quotes, offers
 * them to the {@link InboundPort} in place, and acknowledges what stands in the journal.
 *
 * <p>Conversation: the handshake for role FEED; Accepted with the id of the source and its last
 * journaled {@code sourceSeq}; one InstrumentDefinition (outSeq 0) per instrument that the key
 * allows, then a Heartbeat, which says that the list is complete; then the feed streams Quote with
 * contiguous {@code sourceSeq} from the next one on. FeedAck tells how far they are settled:
 * journaled, or rejected with a non-fatal SessionError. A source has one session at a time: another
 * login is refused with BUSY, unless the first was silent for two heartbeats.
 *
 * <p>Everything runs on the event loop's thread, {@link #doWork} included: with a {@code
 * ManualIoEventLoop}, the thread that drives it.
 */
public final class FeedListener implements Agent, AutoCloseable {
  private static final int READ_BYTES = 1 << 16;

  private final Context context;
  private final StatusQueue statuses;
  private final FeedCounters counters;
  private final SortedMap<Integer, Instrument> instruments;
  private final NonceSource nonces = NonceSource.secure();
  private final List<FeedSession> sessions = new ArrayList<>();
  private final Map<Integer, QuoteCheck> checks = new HashMap<>();
  private long lastSessionId;
  private long keysVersion;
  private int turn;
  private volatile Channel server;
  private Throwable failure;

  /**
   * What a listener needs.
   *
   * @param group the event loop; one thread
   * @param channels makes the server's channel: epoll or NIO, as the loop
   * @param instruments by the id that the journal gave
   * @param checks judges the quotes of a source
   * @param receivedAt told the {@link System#nanoTime()} of its reading before each quote is
   *     offered
   */
  public record Context(
      EventLoopGroup group,
      ChannelFactory<? extends ServerChannel> channels,
      String serverName,
      KeyLookup keys,
      SourceRegistry sources,
      SortedMap<Integer, Instrument> instruments,
      InboundPort port,
      QuoteCheck.Factory checks,
      LongConsumer receivedAt,
      Metrics metrics,
      FeedLimits limits,
      FeedAccess access) {}

  public FeedListener(Context context) {
    this.context = context;
    keysVersion = context.keys().version();
    statuses = new StatusQueue(context.port());
    counters = new FeedCounters(context.metrics());
    instruments = new TreeMap<>(context.instruments());
  }

  /** Binds; port 0 takes any free one. Wait for the future unless on the loop's own thread. */
  public ChannelFuture bind(InetSocketAddress address) {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(context.group())
            .channelFactory(context.channels())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (context.access().tls() != null) {
                      channel.pipeline().addLast(context.access().tls().apply(channel.alloc()));
                    }
                    channel.pipeline().addLast(new FeedSession(FeedListener.this));
                  }
                })
            .bind(address);
    server = bound.channel();
    return bound;
  }

  /** Where it listens, once bound. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  @Override
  public int doWork() {
    return doWork(System.nanoTime());
  }

  /**
   * Offers again what had no room, acknowledges, and keeps heartbeats and timeouts.
   *
   * @return quotes and messages moved
   */
  int doWork(long now) {
    if (failure != null) {
      throw new IllegalStateException("a quote could not be handed to the ingress", failure);
    }
    int work = statuses.isEmpty() ? 0 : statuses.drain();
    int count = sessions.size();
    if (count == 0) {
      return work;
    }
    if (context.keys().version() != keysVersion) {
      keysVersion = context.keys().version();
      sessions.forEach(FeedSession::onKeys);
    }
    // The first to be served changes, or one greedy feed would starve the others.
    turn = turn + 1 < count ? turn + 1 : 0;
    for (int i = 0; i < count; i++) {
      int index = turn + i < count ? turn + i : turn + i - count;
      // A session that closes itself removes itself later, on the loop: indexes hold.
      work += sessions.get(index).doWork(now);
    }
    return work;
  }

  @Override
  public String roleName() {
    return "feed-listener";
  }

  /** Another instrument, defined at run time; told to every feed. The loop's thread. */
  public void define(int id, Instrument instrument) {
    instruments.put(id, instrument);
    sessions.forEach(session -> session.define(id, instrument));
  }

  /** Tells every feed, then closes it and the listening socket. The loop's thread. */
  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    for (FeedSession session : List.copyOf(sessions)) {
      session.shutdown("the server shuts down");
    }
  }

  /**
   * The ingress failed under an offer: that is not the feed's fault, and {@link #doWork} throws.
   */
  void fail(Throwable cause) {
    failure = cause;
  }

  Context context() {
    return context;
  }

  FeedCounters counters() {
    return counters;
  }

  SortedMap<Integer, Instrument> instruments() {
    return instruments;
  }

  StatusQueue statuses() {
    return statuses;
  }

  NonceSource nonces() {
    return nonces;
  }

  QuoteCheck check(int sourceId) {
    return checks.computeIfAbsent(sourceId, context.checks()::create);
  }

  long nextSessionId() {
    return ++lastSessionId;
  }

  /** Whether there is room for one more. */
  boolean add(FeedSession session) {
    return sessions.add(session) && sessions.size() <= context.limits().maxSessions();
  }

  void remove(FeedSession session) {
    sessions.remove(session);
  }

  /** The session that speaks for the source, or {@code null}. */
  FeedSession holder(int sourceId) {
    for (FeedSession session : sessions) {
      if (session.holds(sourceId)) {
        return session;
      }
    }
    return null;
  }
}
