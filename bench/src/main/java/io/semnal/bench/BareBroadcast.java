package io.semnal.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What fan-out costs without Semnal: one WebSocket frame, encoded once, written to every channel
 * below all handlers, and flushed once for each burst. No filter, no window, no session.
 */
final class BareBroadcast implements FanoutLoop.Broadcast, AutoCloseable {
  private static final int HTTP = 1024;

  private final FanoutLoop loop = new FanoutLoop("bare");
  private final List<Channel> channels = new ArrayList<>();
  private final int port;
  private volatile ByteBuf frame = Unpooled.EMPTY_BUFFER;

  BareBroadcast() throws InterruptedException {
    loop.start(this);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop.loop())
            .channel(loop.channel())
            .option(ChannelOption.SO_BACKLOG, HTTP)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    upgrade(channel);
                  }
                });
    Channel listener =
        bootstrap.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).sync().channel();
    port = ((InetSocketAddress) listener.localAddress()).getPort();
  }

  private void upgrade(Channel channel) {
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(),
            new HttpObjectAggregator(HTTP),
            new WebSocketServerProtocolHandler(
                WebSocketServerProtocolConfig.newBuilder().websocketPath("/ws").build()),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
                  channels.add(ctx.channel());
                }
              }

              @Override
              public void channelRead(ChannelHandlerContext ctx, Object message) {
                ReferenceCountUtil.release(message);
              }

              @Override
              public void channelInactive(ChannelHandlerContext ctx) {
                channels.remove(ctx.channel());
              }
            });
  }

  int port() {
    return port;
  }

  FanoutLoop loop() {
    return loop;
  }

  /** From now on, frames have this many bytes in all. */
  void frameOf(int bytes) {
    int payload = bytes < 128 ? bytes - 2 : bytes - 4;
    ByteBuf made = Unpooled.directBuffer(bytes);
    made.writeByte(0x82);
    if (payload < 126) {
      made.writeByte(payload);
    } else {
      made.writeByte(126).writeShort(payload);
    }
    made.writeZero(payload);
    frame = made;
  }

  @Override
  public void publish(int messages) {
    ByteBuf shared = frame;
    for (int i = channels.size() - 1; i >= 0; i--) {
      Channel channel = channels.get(i);
      // Below the handlers: straight to the socket's queue.
      ChannelHandlerContext head = channel.pipeline().firstContext();
      for (int m = 0; m < messages; m++) {
        head.write(shared.retainedDuplicate(), channel.voidPromise());
      }
      head.flush();
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
