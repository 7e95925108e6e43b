package io.semnal.feed.session;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.semnal.core.access.ApiKey;
import io.semnal.core.access.KeyMaker;
import io.semnal.core.market.Instrument;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.KeyLookup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A listener on a loopback port, driven by its own event loop, over a capturing port. */
final class FeedRig implements AutoCloseable {
  static final ApiKey KEY = KeyMaker.feed("lean", "lean-source");
  static final ApiKey OTHER = KeyMaker.feed("other", "other-source");
  static final ApiKey CLIENT = KeyMaker.client("demo", 1, false);
  static final KeyLookup KEYS = id -> Map.of("lean", KEY, "other", OTHER, "demo", CLIENT).get(id);
  static final ClientKey LEAN = new ClientKey("lean", KEY.secret());
  static final FeedLimits LIMITS =
      new FeedLimits(
          Duration.ofSeconds(5), Duration.ofSeconds(5), 1024, 1000, Duration.ofMillis(5), 4);

  final SourceRegistry sources;
  final CapturingPort port;
  final Metrics metrics = new Metrics();
  private FeedAccess access = FeedAccess.open(metrics);
  final FeedListener listener;
  private final EventLoopGroup group;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  /** Without a socket: for embedded channels. */
  FeedRig(FeedLimits limits) {
    sources = new SourceRegistry();
    port = new CapturingPort(sources, 1);
    group = null;
    listener = new FeedListener(context(limits));
  }

  FeedRig(CapturingPort port, FeedLimits limits, int tcpPort) throws Exception {
    this(port, limits, tcpPort, null);
  }

  /**
   * @param own {@code null} = in the clear, with the reference's limits
   */
  FeedRig(CapturingPort port, FeedLimits limits, int tcpPort, FeedAccess own) throws Exception {
    this.port = port;
    if (own != null) {
      access = own;
    }
    sources = port.sources;
    group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    listener = new FeedListener(context(limits));
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), tcpPort)).sync();
    group.next().scheduleWithFixedDelay(listener::doWork, 0, 200, TimeUnit.MICROSECONDS);
  }

  private FeedListener.Context context(FeedLimits limits) {
    TreeMap<Integer, Instrument> instruments = new TreeMap<>();
    instruments.put(1, new Instrument("EURUSD", "EUR", "USD", 10_000, 5));
    instruments.put(7, new Instrument("USDJPY", "USD", "JPY", 1_000_000, 3));
    return new FeedListener.Context(
        group,
        this::serverChannel,
        "test",
        KEYS,
        sources,
        instruments,
        port,
        source -> (instrument, eventTime, bid, ask, flags) -> flags | (bid > ask ? 1 : 0),
        nanos -> {},
        metrics,
        limits,
        access);
  }

  private NioServerSocketChannel serverChannel() {
    NioServerSocketChannel server =
        new NioServerSocketChannel() {
          @Override
          protected int doReadMessages(List<Object> accepted) throws Exception {
            int count = super.doReadMessages(accepted);
            accepted.forEach(channel -> channels.add((Channel) channel));
            return count;
          }
        };
    channels.add(server);
    return server;
  }

  InetSocketAddress address() {
    return listener.address();
  }

  long count(String name) {
    return metrics.counter(name, "").get();
  }

  /** As if the process died: every socket closes, and nobody is told why. */
  @Override
  public void close() {
    // First, as Netty's loop may end in the turn in which it is told to, without closing any.
    channels.close().syncUninterruptibly();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
