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
import io.semnal.gateway.ModelAdmin;
import io.semnal.gateway.rest.AdminResources;
import io.semnal.gateway.rest.EngineDesk;
import io.semnal.gateway.rest.RestAggregator;
import io.semnal.gateway.rest.RestHandler;
import io.semnal.gateway.rest.RestPort;
import io.semnal.protocol.session.KeyLookup;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
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
  private final Supplier<List<String>> notReady;
  private final Supplier<List<String>> warming;
  private final Supplier<List<String>> problems;
  private final RestPort rest;
  private volatile Channel channel;

  /**
   * @param notReady why the server is not ready, a sentence each; empty when it is. Called on the
   *     loop's thread, so it answers at once
   * @param warming what scores nothing yet, and what it waits for; like {@code notReady}. A server
   *     is ready all the same: it warms up by being fed
   */
  public AdminHttp(
      GatewayLoop loop,
      RuntimeConfig.Admin config,
      Metrics metrics,
      Supplier<List<String>> notReady,
      Supplier<List<String>> warming) {
    this(loop, config, metrics, notReady, warming, List::of, null);
  }

  /**
   * The same with the requests that holders of admin keys may sign.
   *
   * @param problems what an operator has to look at though the server does its work; like {@code
   *     notReady}
   * @param clockMillis the wall clock, by which signatures age
   * @param desk sessions and engine commands; {@code null} = there is no gateway
   */
  public AdminHttp(
      GatewayLoop loop,
      RuntimeConfig.Admin config,
      Metrics metrics,
      Supplier<List<String>> notReady,
      Supplier<List<String>> warming,
      Supplier<List<String>> problems,
      KeyLookup keys,
      LongSupplier clockMillis,
      ModelAdmin models,
      EngineDesk desk) {
    this(
        loop,
        config,
        metrics,
        notReady,
        warming,
        problems,
        AdminResources.port(keys, clockMillis, models, desk));
  }

  private AdminHttp(
      GatewayLoop loop,
      RuntimeConfig.Admin config,
      Metrics metrics,
      Supplier<List<String>> notReady,
      Supplier<List<String>> warming,
      Supplier<List<String>> problems,
      RestPort rest) {
    this.loop = loop;
    this.config = config;
    this.metrics = metrics;
    this.notReady = notReady;
    this.warming = warming;
    this.problems = problems;
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
    pipeline.addLast(new AdminHandler(metrics, notReady, warming, problems));
  }

  public void close() {
    Channel open = channel;
    if (open != null) {
      open.close();
    }
  }
}
