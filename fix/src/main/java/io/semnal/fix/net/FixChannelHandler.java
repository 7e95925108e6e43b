package io.semnal.fix.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.semnal.fix.session.FixConnection;
import io.semnal.fix.session.FixTransport;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a channel's bytes to its connection, in place. Loop thread. */
final class FixChannelHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(FixChannelHandler.class);

  private final Function<FixTransport, FixConnection> connections;
  private final LongSupplier clock;
  private final Consumer<FixChannelHandler> opened;
  private final Consumer<FixChannelHandler> closed;
  private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
  private NettyTransport transport;
  private FixConnection connection;
  private ChannelHandlerContext context;

  FixChannelHandler(
      Function<FixTransport, FixConnection> connections,
      LongSupplier clock,
      Consumer<FixChannelHandler> opened,
      Consumer<FixChannelHandler> closed) {
    this.connections = connections;
    this.clock = clock;
    this.opened = opened;
    this.closed = closed;
  }

  /** Null until the channel is up, and encrypted if it is to be. */
  FixConnection connection() {
    return connection;
  }

  int doWork(long now) {
    return connection.doWork(now);
  }

  void close() {
    context.close();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    if (ctx.pipeline().get(SslHandler.class) == null) {
      open(ctx);
    }
    super.channelActive(ctx);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        open(ctx);
      } else {
        // By its kind alone: the library quotes bytes that were sent in the clear by mistake.
        LOG.warn(
            "{}: no TLS: {}",
            ctx.channel().remoteAddress(),
            handshake.cause().getClass().getSimpleName());
        ctx.close();
      }
    }
    super.userEventTriggered(ctx, event);
  }

  private void open(ChannelHandlerContext ctx) {
    transport = new NettyTransport(ctx.channel());
    connection = connections.apply(transport);
    opened.accept(this);
    connection.opened(clock.getAsLong());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      int length = in.readableBytes();
      if (in.hasMemoryAddress()) {
        bytes.wrap(in.memoryAddress() + in.readerIndex(), length);
      } else {
        bytes.wrap(in.array(), in.arrayOffset() + in.readerIndex(), length);
      }
      connection.received(bytes, 0, length, clock.getAsLong());
    } finally {
      in.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    if (connection != null) {
      connection.closed(clock.getAsLong());
      transport.release();
    }
    closed.accept(this);
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
      LOG.debug("{}: {}", ctx.channel().remoteAddress(), cause.getClass().getSimpleName());
    } else {
      LOG.error("{}: connection ends", ctx.channel().remoteAddress(), cause);
    }
    ctx.close();
  }
}
