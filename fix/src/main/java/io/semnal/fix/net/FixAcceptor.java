package io.semnal.fix.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.handler.ssl.SslContext;
import io.semnal.fix.session.FixConnection;
import io.semnal.fix.session.SessionDirectory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * A port on which sessions are accepted, several of them, with TLS or without. It starts no thread:
 * its loop is run by an agent or by itself, and {@link #doWork} is called on the loop's thread at
 * least some ten times a second.
 *
 * <p>Everything but {@link #listen} is called on the loop's thread.
 */
public final class FixAcceptor {
  private static final int BACKLOG = 128;

  private final EventLoop loop;
  private final Class<? extends ServerChannel> channelType;
  private final SessionDirectory directory;
  private final SslContext tls;
  private final LongSupplier clock;
  private final int mostConnections;
  private final int maxMessage;
  private final List<FixChannelHandler> open = new ArrayList<>();
  private Channel listening;

  /**
   * @param channelType of the loop's kind: NIO or epoll
   * @param directory finds the session that a Logon is for
   * @param tls null: in the clear
   * @param clock UTC nanoseconds
   * @param maxMessage bytes of the longest message read
   * @param mostConnections at one time; further ones are closed at once
   */
  public FixAcceptor(
      EventLoop loop,
      Class<? extends ServerChannel> channelType,
      SessionDirectory directory,
      SslContext tls,
      LongSupplier clock,
      int maxMessage,
      int mostConnections) {
    this.loop = loop;
    this.channelType = channelType;
    this.directory = directory;
    this.tls = tls;
    this.clock = clock;
    this.maxMessage = maxMessage;
    this.mostConnections = mostConnections;
  }

  /** Opens the port; 0: any. Any thread; the loop must be running for the result to come. */
  public CompletableFuture<InetSocketAddress> listen(InetSocketAddress address) {
    CompletableFuture<InetSocketAddress> result = new CompletableFuture<>();
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(channelType)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(initializer())
            .bind(address);
    bound.addListener(
        done -> {
          if (done.isSuccess()) {
            listening = bound.channel();
            result.complete((InetSocketAddress) bound.channel().localAddress());
          } else {
            result.completeExceptionally(done.cause());
          }
        });
    return result;
  }

  private ChannelInitializer<Channel> initializer() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (open.size() >= mostConnections) {
          channel.close();
          return;
        }
        if (tls != null) {
          channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel
            .pipeline()
            .addLast(
                new FixChannelHandler(
                    transport -> new FixConnection(transport, directory, maxMessage),
                    clock,
                    open::add,
                    open::remove));
      }
    };
  }

  /** Heartbeats, time-outs, resends. Returns work done. */
  public int doWork(long now) {
    int work = 0;
    for (int i = open.size() - 1; i >= 0; i--) {
      work += open.get(i).doWork(now);
    }
    return work;
  }

  /** Connections that are up. */
  public int connections() {
    return open.size();
  }

  /** Takes no more connections and says Logout on those there are. */
  public void shutdown(String reason, long now) {
    if (listening != null) {
      listening.close();
    }
    for (int i = open.size() - 1; i >= 0; i--) {
      FixChannelHandler handler = open.get(i);
      if (handler.connection().session() == null) {
        handler.close();
      } else {
        handler.connection().session().logout(reason, now);
      }
    }
  }
}
