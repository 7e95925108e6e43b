package io.semnal.gateway;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.semnal.core.config.RuntimeConfig;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** One listening socket of the gateway. */
final class SessionListener {
  private static final int BACKLOG = 1024;
  private static final int HIGH_WATER = 64 * 1024;

  private volatile Channel channel;

  /**
   * @param children where accepted connections go
   * @return the address bound; see {@link Listening#listen}
   */
  CompletableFuture<InetSocketAddress> listen(
      GatewayLoop loop,
      EventLoopGroup children,
      SessionInitializer initializer,
      String what,
      RuntimeConfig.Gateway config,
      int port) {
    int high = Math.max(2, Math.min(HIGH_WATER, config.maxPending() / 2));
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop.loop(), children)
            .channel(loop.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(high / 2, high))
            .childHandler(initializer);
    return Listening.listen(bootstrap, what, config.host(), port, config.insecure())
        .thenApply(
            bound -> {
              channel = bound;
              return (InetSocketAddress) bound.localAddress();
            });
  }

  /** Takes no more connections. */
  void close() {
    Channel open = channel;
    if (open != null) {
      open.close();
    }
  }
}
