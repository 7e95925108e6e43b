package io.semnal.client;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.semnal.core.access.ApiKey;
import io.semnal.core.access.KeyMaker;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.EdgeGateway;
import io.semnal.gateway.GatewayContext;
import io.semnal.gateway.GatewayLoop;
import io.semnal.gateway.HotGateway;
import io.semnal.gateway.Replayer;
import io.semnal.gateway.SessionHub;
import io.semnal.protocol.session.ClientKey;
import io.semnal.protocol.session.KeyLookup;
import io.semnal.protocol.session.NonceSource;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/** The real gateway on loopback ports, over an outbound journal in memory. */
final class GatewayRig implements AutoCloseable {
  static final ApiKey KEY = KeyMaker.client("demo", 31, true);
  static final ClientKey CLIENT = new ClientKey("demo", KEY.secret());

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final Metrics metrics = new Metrics();
  private final HotGateway hot;
  private final EdgeGateway edge;
  final InetSocketAddress tcp;
  final InetSocketAddress ws;

  /** What a rig may have beyond the usual. */
  static final class Settings {
    int tcpPort;
    int wsPort;
    Duration heartbeat = Duration.ofSeconds(5);
    int maxPending = 1 << 20;
    RuntimeConfig.Gateway.Tls tls = RuntimeConfig.Gateway.Tls.NONE;
    KeyLookup keys = id -> id.equals("demo") ? KEY : null;
    LongSupplier wallClock = () -> 1_000_000_000L;
  }

  GatewayRig(Outbound journal, int tcpPort, int wsPort) throws Exception {
    this(journal, at(tcpPort, wsPort));
  }

  private static Settings at(int tcpPort, int wsPort) {
    Settings settings = new Settings();
    settings.tcpPort = tcpPort;
    settings.wsPort = wsPort;
    return settings;
  }

  GatewayRig(Outbound journal, Settings settings) throws Exception {
    RuntimeConfig.Gateway config =
        new RuntimeConfig.Gateway(
            true,
            "127.0.0.1",
            settings.tcpPort,
            settings.wsPort,
            false,
            Path.of("keys.conf"),
            settings.heartbeat,
            10,
            4_096,
            256,
            1_000_000,
            settings.maxPending,
            List.of(),
            RuntimeConfig.Gateway.Limits.DEFAULT,
            settings.tls,
            null);
    Replayer replayer = new Replayer(() -> {});
    GatewayContext context =
        new GatewayContext(
            config,
            List.of(Timeframe.M1),
            settings.keys,
            NonceSource.secure(),
            journal,
            (buffer, offset, length) -> true,
            replayer,
            metrics,
            settings.wallClock,
            "test");
    GatewayLoop gatewayLoop = new GatewayLoop(loop, NioServerSocketChannel.class);
    edge = new EdgeGateway(context, gatewayLoop);
    hot = new HotGateway(context, gatewayLoop, edge, 8);
    for (SessionHub hub : List.of(hot.hub(), edge.hub())) {
      journal.messages().forEach(m -> hub.onEarlier(new UnsafeBuffer(m), 0, m.length));
      hub.startAt(journal.head(), 1);
    }
    loop.scheduleWithFixedDelay(
        () -> {
          hot.doWork();
          edge.doWork();
          replayer.doWork();
        },
        0,
        1,
        TimeUnit.MILLISECONDS);
    tcp = hot.listen().get(60, TimeUnit.SECONDS);
    ws = edge.listen().get(60, TimeUnit.SECONDS);
  }

  void publish(byte[] message) {
    loop.execute(
        () -> {
          for (SessionHub hub : List.of(hot.hub(), edge.hub())) {
            hub.onOutbound(new UnsafeBuffer(message), 0, message.length, 0);
            hub.onBatchEnd();
          }
        });
  }

  /** Client sessions that stand. */
  long sessions() {
    return metrics.gauges().stream()
        .filter(g -> g.name().equals("gateway_sessions"))
        .findFirst()
        .orElseThrow()
        .value()
        .getAsLong();
  }

  /** A quote goes by: viewers of quotes are told. */
  void inbound(byte[] message) {
    loop.execute(
        () -> {
          for (SessionHub hub : List.of(hot.hub(), edge.hub())) {
            hub.onInbound(new UnsafeBuffer(message), 0, message.length);
            hub.onBatchEnd();
          }
        });
  }

  @Override
  public void close() {
    loop.submit(
            () -> {
              hot.shutdown(0, "test");
              edge.shutdown(0, "test");
            })
        .syncUninterruptibly();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
