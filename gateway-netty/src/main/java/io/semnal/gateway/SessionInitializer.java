package io.semnal.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.gateway.rest.RestAggregator;
import io.semnal.gateway.rest.RestHandler;
import io.semnal.gateway.rest.RestPort;
import java.util.function.Function;

/** Sets up the handlers of an accepted connection: SBE over TCP, or WebSocket. */
final class SessionInitializer extends ChannelInitializer<Channel> {
  private static final int MOST_CONTENT = 1024;
  private static final int MOST_LINE = 4096;
  private static final int MOST_HEADERS = 8192;
  private static final int CHUNK = 8192;

  private final Function<Channel, SessionHub> hubs;
  private final RestPort rest;

  private SessionInitializer(Function<Channel, SessionHub> hubs, RestPort rest) {
    this.hubs = hubs;
    this.rest = rest;
  }

  /**
   * @param hubs the sessions of the loop that a connection was given to
   */
  static SessionInitializer tcp(Function<Channel, SessionHub> hubs) {
    return new SessionInitializer(hubs, null);
  }

  /** WebSocket, with REST beside it. */
  static SessionInitializer webSocket(SessionHub hub, RestPort rest) {
    return new SessionInitializer(channel -> hub, rest);
  }

  @Override
  protected void initChannel(Channel channel) {
    SessionHub hub = hubs.apply(channel);
    TlsCertificates tls = hub.context().tls();
    if (tls != null) {
      channel.pipeline().addLast(tls.handler(channel.alloc()));
    }
    if (rest != null) {
      webSocket(channel.pipeline(), hub);
    } else {
      channel.pipeline().addLast(new SbeFrameHandler(hub));
    }
  }

  private void webSocket(ChannelPipeline pipeline, SessionHub hub) {
    RuntimeConfig.Gateway config = hub.context().config();
    WebSocketServerProtocolConfig protocol =
        WebSocketServerProtocolConfig.newBuilder()
            .websocketPath(UpgradeGuard.PATH)
            .checkStartsWith(true)
            .subprotocols(UpgradeGuard.JSON_PROTOCOL + "," + UpgradeGuard.SBE_PROTOCOL)
            .sendCloseFrame(null)
            .dropPongFrames(true)
            .decoderConfig(
                WebSocketDecoderConfig.newBuilder()
                    .maxFramePayloadLength(config.maxFrame())
                    .allowExtensions(false)
                    .build())
            .build();
    pipeline.addLast(
        new HttpServerCodec(MOST_LINE, MOST_HEADERS, CHUNK),
        new RestAggregator(MOST_CONTENT),
        new RestHandler(rest),
        new UpgradeGuard(config.allowedOrigins(), hub.metrics()::malformed),
        new WebSocketServerProtocolHandler(protocol),
        new WebSocketFrameAggregator(config.maxFrame()),
        new WebSocketSessionHandler(hub));
  }
}
