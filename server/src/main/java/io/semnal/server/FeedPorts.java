package io.semnal.server;

import io.semnal.core.access.Admission;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.ingress.IngressQueue;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.time.WallClock;
import io.semnal.feed.session.FeedAccess;
import io.semnal.feed.session.FeedLimits;
import io.semnal.feed.session.FeedListener;
import io.semnal.feed.session.NormalisedQuotes;
import io.semnal.gateway.ListenException;
import io.semnal.gateway.TlsCertificates;
import io.semnal.gateway.http.HealthCondition;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.session.KeyLookup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;

/** How prices come in over sockets: the port of SBE feeds, and the FIX venues. */
final class FeedPorts implements AutoCloseable {
  private final SemnalConfig config;
  private final EngineHost host;
  private final Metrics metrics;
  private final IoLoop loop;
  private final InboundPort port;
  private final LongConsumer received;
  private final TlsCertificates tls;
  private final FeedListener listener;
  private final FixPricesIn fix;

  /**
   * @param loop reads the sockets
   * @param queue takes what comes where the ingress has a thread of its own
   */
  FeedPorts(
      SemnalConfig config,
      EngineHost host,
      Metrics metrics,
      IoLoop loop,
      IngressQueue queue,
      AccessFiles access,
      KeyLookup keys) {
    this.config = config;
    this.host = host;
    this.metrics = metrics;
    this.loop = loop;
    boolean shared =
        Composition.of(
                config.runtime().threads().composition(),
                Runtime.getRuntime().availableProcessors())
            == Composition.SHARED;
    port = shared ? host.ingress() : queue;
    received = shared ? host.ingress()::receivedAt : nanos -> {};
    tls = certificates(access);
    listener = listener(keys, access);
    fix = new FixPricesIn(config, loop, host, port, clock(), wallClock(), received, metrics);
  }

  private TlsCertificates certificates(AccessFiles access) {
    RuntimeConfig.Gateway.Tls files = config.runtime().feed().tls();
    if (!files.isOn()) {
      return null;
    }
    try {
      TlsCertificates opened = TlsCertificates.open(files, "feed", metrics);
      access.watch("feed certificate", opened.files(), opened::reload);
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private FeedListener listener(KeyLookup keys, AccessFiles access) {
    return new FeedListener(
        new FeedListener.Context(
            loop.loop(),
            loop.channels(),
            SignalServer.NAME,
            keys,
            host.sources(),
            host.instruments(),
            port,
            normalised(),
            received,
            metrics,
            FeedLimits.DEFAULT,
            new FeedAccess(
                new Admission(config.runtime().feed().limits(), "feed", metrics),
                access.audit(),
                tls == null ? null : tls::handler)));
  }

  /** The SBE port's; {@code null} where it speaks plainly. */
  TlsCertificates tls() {
    return tls;
  }

  /** For one thread. */
  NormalisedQuotes normalised() {
    return new NormalisedQuotes(config.runtime().feed(), host.sources(), clock(), metrics);
  }

  /** The listener's thread may be another than the ingress's: it has a wall clock of its own. */
  private LongSupplier clock() {
    if (config.runtime().clock().mode() == RuntimeConfig.Clock.Mode.SOURCE) {
      return () -> MessageLayout.ABSENT;
    }
    return wallClock();
  }

  private LongSupplier wallClock() {
    return new WallClock(
            metrics.counter("clock_jumps_total", "Jumps of the system clock that were held"))
        ::now;
  }

  /** Of the loop's thread. */
  List<Agent> agents() {
    return List.of(listener, fix.agent());
  }

  /** Opens the port of SBE feeds. */
  CompletableFuture<InetSocketAddress> listen() {
    RuntimeConfig.Feed feed = config.runtime().feed();
    CompletableFuture<InetSocketAddress> bound = new CompletableFuture<>();
    listener
        .bind(new InetSocketAddress(feed.host(), feed.port()))
        .addListener(
            done -> {
              if (done.isSuccess()) {
                bound.complete(listener.address());
              } else {
                bound.completeExceptionally(
                    ListenException.of("feeds (TCP)", feed.host(), feed.port(), done.cause()));
              }
            });
    return bound;
  }

  /** Connects to the FIX venues. */
  void start(Consumer<String> fail) {
    fix.start(fail);
  }

  List<HealthCondition> conditions() {
    return fix.conditions();
  }

  /** Says goodbye to feeds and venues. Loop thread. */
  void shutdown() {
    listener.close();
    fix.shutdown();
  }

  /** When no thread uses it any more. */
  @Override
  public void close() {
    fix.close();
  }
}
