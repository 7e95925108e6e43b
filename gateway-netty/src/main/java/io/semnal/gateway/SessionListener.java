package io.semnal.gateway;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.semnal.core.config.RuntimeConfig;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** One listening socket of the gateway. */
final class SessionListener {
  private static final int BACKLOG = 1024;
  private static final int HIGH_WATER = 64 * 1024;

  private static final int LEAST_READ = 256;
  private static final int FIRST_READ = 512;
  private static final int MOST_READ = 4096;
  private static final int READS = 4;

  private volatile Channel channel;

  /**
   * @param children where accepted connections go
   * @return the address bound; see {@link Listening#listen}
   */
  CompletableFuture<InetSocketAddress> listen(
      GatewayLoop loop,
      EventLoopGroup children,
      ChannelHandler initializer,
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
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers())
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(high / 2, high))
            .childHandler(initializer);
    return Listening.listen(
            bootstrap, what, config.host(), port, config.insecure() || config.tls().isOn())
        .thenApply(
            bound -> {
              channel = bound;
              return (InetSocketAddress) bound.localAddress();
            });
  }

  /**
   * Requests are short. What one client floods the loop with is read in small bites, so that the
   * others have their turn in between.
   */
  private static RecvByteBufAllocator receiveBuffers() {
    return new AdaptiveRecvByteBufAllocator(LEAST_READ, FIRST_READ, MOST_READ)
        .maxMessagesPerRead(READS);
  }

  /** Takes no more connections. */
  void close() {
    Channel open = channel;
    if (open != null) {
      open.close();
    }
  }
}
