package io.semnal.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Closes a connection whose first request is not whole in time, however it trickles in. */
final class RequestDeadline extends ChannelInboundHandlerAdapter {
  private final int seconds;
  private ScheduledFuture<?> deadline;

  RequestDeadline(int seconds) {
    this.seconds = seconds;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    deadline = ctx.executor().schedule((Runnable) ctx::close, seconds, TimeUnit.SECONDS);
    super.channelActive(ctx);
  }

  /** Behind the aggregator: what comes is a whole request. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    deadline.cancel(false);
    super.channelRead(ctx, message);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    if (deadline != null) {
      deadline.cancel(false);
    }
    super.channelInactive(ctx);
  }
}
