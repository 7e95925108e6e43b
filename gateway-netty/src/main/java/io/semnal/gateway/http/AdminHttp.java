package io.semnal.gateway.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.gateway.GatewayLoop;
import io.semnal.gateway.Listening;
import io.semnal.gateway.rest.RestAggregator;
import io.semnal.gateway.rest.RestHandler;
import io.semnal.gateway.rest.RestPort;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The operator's HTTP port: {@code /health/live}, {@code /health/ready} with reasons, {@code
 * /metrics}, and signed requests about models. Runs on the edge loop.
 */
public final class AdminHttp {
  private static final int MOST_LINE = 1024;
  private static final int MOST_HEADERS = 8192;
  private static final int CHUNK = 1024;
  private static final int MOST_CONTENT = 1024;
  private static final int READ_SECONDS = 10;

  private final GatewayLoop loop;
  private final RuntimeConfig.Admin config;
  private final Metrics metrics;
  private final Supplier<List<HealthCondition>> health;
  private final Supplier<List<String>> warming;
  private final RestPort rest;
  private volatile Channel channel;

  /**
   * @param health what is not as it should be; called on the loop's thread, so it answers at once
   * @param warming what scores nothing yet, and what it waits for; like {@code health}. A server is
   *     ready all the same: it warms up by being fed
   * @param rest the requests that holders of admin keys may sign; {@code null} = none
   */
  public AdminHttp(
      GatewayLoop loop,
      RuntimeConfig.Admin config,
      Metrics metrics,
      Supplier<List<HealthCondition>> health,
      Supplier<List<String>> warming,
      RestPort rest) {
    this.loop = loop;
    this.config = config;
    this.metrics = metrics;
    this.health = health;
    this.warming = warming;
    this.rest = rest;
  }

  /**
   * Opens the port. Any thread; the loop must be running for the result to come.
   *
   * @return the address bound, or a {@link io.semnal.gateway.ListenException}
   */
  public CompletableFuture<InetSocketAddress> listen() {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop.loop(), loop.loop())
            .channel(loop.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel child) {
                    fill(child.pipeline());
                  }
                });
    return Listening.listen(
            bootstrap, "health and metrics (HTTP)", config.host(), config.port(), config.insecure())
        .thenApply(
            bound -> {
              channel = bound;
              return (InetSocketAddress) bound.localAddress();
            });
  }

  private void fill(ChannelPipeline pipeline) {
    pipeline.addLast(
        new HttpServerCodec(MOST_LINE, MOST_HEADERS, CHUNK),
        new RestAggregator(MOST_CONTENT),
        new RequestDeadline(READ_SECONDS));
    if (rest != null) {
      pipeline.addLast(new RestHandler(rest));
    }
    pipeline.addLast(new AdminHandler(metrics, health, warming));
  }

  public void close() {
    Channel open = channel;
    if (open != null) {
      open.close();
    }
  }
}
