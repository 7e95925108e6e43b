package io.semnal.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.semnal.fix.session.FixConnection;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a FIX client's bytes to its connection, in place. Loop thread. */
final class FixHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(FixHandler.class);
  private static final int MOST_REQUEST = 64 * 1024;

  private final FixPort port;
  private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
  private FixClient client;
  private FixConnection connection;

  FixHandler(FixPort port) {
    this.port = port;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    if (ctx.pipeline().get(SslHandler.class) == null) {
      open(ctx);
    }
    super.channelActive(ctx);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
      open(ctx);
    }
    super.userEventTriggered(ctx, event);
  }

  private void open(ChannelHandlerContext ctx) {
    if (port.isClosing()) {
      ctx.close();
      return;
    }
    FixOutput output = port.output(ctx.channel());
    client = port.client(output);
    connection = new FixConnection(output, client, MOST_REQUEST);
    connection.opened(port.wallNanos());
    client.whenReady(() -> connection.resume(port.wallNanos()));
    port.opened(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (connection == null) {
        return;
      }
      int length = in.readableBytes();
      if (in.hasMemoryAddress()) {
        bytes.wrap(in.memoryAddress() + in.readerIndex(), length);
      } else {
        bytes.wrap(in.array(), in.arrayOffset() + in.readerIndex(), length);
      }
      connection.received(bytes, 0, length, port.wallNanos());
    } finally {
      in.release();
    }
  }

  /** Heartbeats, time-outs, resends. Returns work done. */
  int doWork(long wallNanos) {
    client.onTimer();
    return connection.doWork(wallNanos);
  }

  /** The connection takes more again. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    if (client != null && ctx.channel().isWritable() && !client.client().isClosed()) {
      client.client().onWritable();
    }
    super.channelWritabilityChanged(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    if (connection != null) {
      connection.closed(port.wallNanos());
      client.onClosed();
      port.closed(this);
    }
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Disconnects.log(LOG, ctx.channel(), "FIX session ends", cause);
    ctx.close();
  }
}
