package io.semnal.fix.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.semnal.fix.session.FixConnection;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.SessionSchedule;
import io.semnal.fix.session.SessionState;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session connected: while its schedule is open it connects, to the next address after each
 * failure, waiting longer each time until a Logon succeeds. With TLS or without. It starts no
 * thread; {@link #doWork} is called on the loop's thread at least some ten times a second, and so
 * is everything else.
 */
public final class FixInitiator {
  private static final Logger LOG = LoggerFactory.getLogger(FixInitiator.class);
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private final FixSession session;
  private final List<InetSocketAddress> addresses;
  private final Backoff backoff;
  private final SslContext tls;
  private final LongSupplier clock;
  private final Bootstrap bootstrap;
  private FixChannelHandler open;
  private boolean connecting;
  private boolean started;
  private int next;
  private int attempts;

  /**
   * @param channelType of the loop's kind: NIO or epoll
   * @param addresses the first is preferred; unresolved ones are resolved at each attempt
   * @param tls null: in the clear; else the peer's name is the address's host
   * @param clock UTC nanoseconds
   */
  public FixInitiator(
      EventLoop loop,
      Class<? extends Channel> channelType,
      FixSession session,
      List<InetSocketAddress> addresses,
      Backoff backoff,
      SslContext tls,
      LongSupplier clock) {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException(session.config() + " has no address to connect to");
    }
    this.session = session;
    this.addresses = List.copyOf(addresses);
    this.backoff = backoff;
    this.tls = tls;
    this.clock = clock;
    bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(channelType)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS);
  }

  /** From here on it connects. */
  public void start() {
    started = true;
  }

  public FixSession session() {
    return session;
  }

  /** Connects when it is time to; heartbeats, time-outs, resends. Returns work done. */
  public int doWork(long now) {
    if (open != null) {
      if (session.isLoggedOn()) {
        backoff.succeeded();
      }
      return open.doWork(now);
    }
    if (!started || connecting || !backoff.isDue(now) || !isScheduled(now)) {
      return 0;
    }
    connect();
    return 1;
  }

  private boolean isScheduled(long now) {
    SessionSchedule schedule = session.config().schedule();
    return schedule == null || schedule.isOpen(now);
  }

  private void connect() {
    connecting = true;
    attempts++;
    InetSocketAddress address = addresses.get(next % addresses.size());
    InetSocketAddress target =
        address.isUnresolved()
            ? new InetSocketAddress(address.getHostString(), address.getPort())
            : address;
    bootstrap
        .clone()
        .handler(initializer(target))
        .connect(target)
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                LOG.warn("{} to {}: {}", session.config(), target, done.cause().getMessage());
                failed();
              }
            });
  }

  private ChannelInitializer<Channel> initializer(InetSocketAddress target) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (tls != null) {
          channel
              .pipeline()
              .addLast(tls.newHandler(channel.alloc(), target.getHostString(), target.getPort()));
        }
        channel
            .pipeline()
            .addLast(
                new FixChannelHandler(
                    transport -> new FixConnection(transport, session),
                    clock,
                    FixInitiator.this::opened,
                    FixInitiator.this::closed));
      }
    };
  }

  private void opened(FixChannelHandler handler) {
    open = handler;
  }

  private void closed(FixChannelHandler handler) {
    open = null;
    failed();
  }

  private void failed() {
    connecting = false;
    next++;
    backoff.failed(clock.getAsLong());
  }

  /** Connects no more; says Logout if it is logged on. */
  public void shutdown(String reason, long now) {
    started = false;
    if (open != null && session.state() != SessionState.DISCONNECTED) {
      session.logout(reason, now);
    }
  }

  /** Connections tried since it was made, the one that is up included. */
  public int attempts() {
    return attempts;
  }

  /** Whether a connection is up or being made. */
  public boolean isConnected() {
    return open != null || connecting;
  }
}
