package io.semnal.server;

import io.semnal.core.config.SemnalConfig;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.fix.FixFeeds;
import io.semnal.gateway.http.HealthCondition;
import io.semnal.gateway.http.HealthCondition.Code;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's FIX sessions with brokers whose prices it takes: on the hot loop, from start to end.
 */
final class FixPricesIn {
  private static final Logger LOG = LoggerFactory.getLogger(FixPricesIn.class);

  private final FixFeeds feeds;

  /**
   * @param quoteClock what quotes' times are judged by; says that there is none with the source
   *     clock
   * @param wallClock UTC nanoseconds
   * @param receivedAt told when a quote was read
   */
  FixPricesIn(
      SemnalConfig config,
      IoLoop loop,
      EngineHost host,
      InboundPort port,
      LongSupplier quoteClock,
      LongSupplier wallClock,
      LongConsumer receivedAt,
      Metrics metrics) {
    feeds =
        new FixFeeds(
            new FixFeeds.Context(
                loop.loop(),
                loop.socket(),
                loop.serverSocket(),
                config.runtime().feed(),
                host.sources(),
                host.instruments(),
                port,
                quoteClock,
                wallClock,
                receivedAt,
                metrics));
  }

  /** Their work on the hot loop's thread. */
  Agent agent() {
    return feeds;
  }

  /** Begins to connect and to listen. The loop's thread must run. */
  void start(Consumer<String> failed) {
    feeds
        .start()
        .exceptionally(
            cause -> {
              LOG.error("feed.fix: a port cannot be opened", cause);
              failed.accept("feed.fix: a port cannot be opened: " + cause.getMessage());
              return List.of();
            });
  }

  /** What is wrong with sessions. Any thread. */
  List<HealthCondition> conditions() {
    return feeds.problems().stream()
        .map(text -> new HealthCondition(Code.FIX_SESSION, text))
        .toList();
  }

  /** Says Logout to every venue. The loop's thread. */
  void shutdown() {
    feeds.close();
  }

  /** When no thread runs the sessions any more. */
  void close() {
    feeds.closeStores();
  }
}
