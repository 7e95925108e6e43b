package io.semnal.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.semnal.core.config.RuntimeConfig.Gateway.Fix.Symbols;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The FIX sessions of one loop, and their listener. All FIX sessions of a server share one loop, so
 * that a client's message store has one thread. Everything but {@link #listen} is called on the
 * loop's thread.
 */
final class FixPort {
  private static final long TIMER_NANOS = 20_000_000L;

  private final GatewayContext context;
  private final SessionHub hub;
  private final GatewayLoop loop;
  private final FixLogons logons;
  private final FixStores stores;
  private final Encoding symbols;
  private final SessionListener listener = new SessionListener();
  private final List<FixHandler> open = new ArrayList<>();
  private long nextTimer;
  private boolean closing;

  FixPort(GatewayContext context, SessionHub hub, GatewayLoop loop) {
    this.context = context;
    this.hub = hub;
    this.loop = loop;
    logons = new FixLogons(context);
    stores =
        new FixStores(context.config().fix().directory(), loop.loop(), context.replayer()::execute);
    boolean slashed = context.config().fix().symbols() == Symbols.SLASHED;
    symbols = slashed ? Encoding.FIX_SLASHED : Encoding.FIX_PLAIN;
    nextTimer = hub.now();
  }

  /** Opens the port. Any thread; the loop must be running for the result to come. */
  CompletableFuture<InetSocketAddress> listen() {
    return listener.listen(
        loop,
        loop.loop(),
        initializer(),
        "client sessions (FIX)",
        context.config(),
        context.config().fix().port());
  }

  private ChannelInitializer<Channel> initializer() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (context.tls() != null) {
          channel.pipeline().addLast(context.tls().handler(channel.alloc()));
        }
        channel.pipeline().addLast(new FixHandler(FixPort.this));
      }
    };
  }

  FixOutput output(Channel channel) {
    return new FixOutput(
        new ChannelOutput(channel, symbols, hub.lingerNanos()), symbols, context::wallNanos);
  }

  FixClient client(FixOutput output) {
    return new FixClient(hub, logons, stores, output);
  }

  long wallNanos() {
    return context.wallNanos();
  }

  void opened(FixHandler handler) {
    open.add(handler);
  }

  void closed(FixHandler handler) {
    open.remove(handler);
    closeStores();
  }

  /** A store's memory goes only when no session can touch it any more. */
  private void closeStores() {
    if (closing && open.isEmpty()) {
      stores.close();
    }
  }

  boolean isClosing() {
    return closing;
  }

  /** Connections that are up. */
  int connections() {
    return open.size();
  }

  int doWork() {
    if (open.isEmpty() || hub.now() - nextTimer < 0) {
      return 0;
    }
    nextTimer = hub.now() + TIMER_NANOS;
    int work = 0;
    long now = context.wallNanos();
    for (int i = open.size() - 1; i >= 0; i--) {
      work += open.get(i).doWork(now);
    }
    return work;
  }

  /** Takes no more connections; the sessions are the hub's to end. */
  void close() {
    listener.close();
    closing = true;
    closeStores();
  }
}
