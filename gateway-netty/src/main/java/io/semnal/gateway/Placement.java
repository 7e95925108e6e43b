package io.semnal.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Gives each accepted connection to a loop: the hot one until it has its fill of sessions, then the
 * edge. It owns neither loop. Asked on the hot loop's thread.
 */
final class Placement extends AbstractEventExecutorGroup implements EventLoopGroup {
  private final EventLoop hot;
  private final SessionHub hotHub;
  private final int most;
  private final EventLoop edge;
  private final SessionHub edgeHub;

  Placement(EventLoop hot, SessionHub hotHub, int most, EventLoop edge, SessionHub edgeHub) {
    this.hot = hot;
    this.hotHub = hotHub;
    this.most = most;
    this.edge = edge;
    this.edgeHub = edgeHub;
  }

  SessionHub hubOf(Channel channel) {
    return channel.eventLoop() == hot ? hotHub : edgeHub;
  }

  @Override
  public EventLoop next() {
    return hotHub.sessionCount() < most ? hot : edge;
  }

  @Override
  public ChannelFuture register(Channel channel) {
    return next().register(channel);
  }

  @Override
  public ChannelFuture register(ChannelPromise promise) {
    return next().register(promise);
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    return next().register(channel, promise);
  }

  @Override
  public Iterator<EventExecutor> iterator() {
    return List.<EventExecutor>of(hot, edge).iterator();
  }

  @Override
  public boolean isShuttingDown() {
    return hot.isShuttingDown();
  }

  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    return terminationFuture();
  }

  @Override
  public Future<?> terminationFuture() {
    return hot.terminationFuture();
  }

  @Override
  @Deprecated
  public void shutdown() {
    // The loops belong to their threads.
  }

  @Override
  public boolean isShutdown() {
    return hot.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return hot.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return hot.awaitTermination(timeout, unit);
  }
}
