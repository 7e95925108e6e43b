package io.semnal.server;

import io.aeron.ExclusivePublication;
import io.semnal.core.agent.AgentThread;
import io.semnal.core.agent.OutboundAgent;
import io.semnal.core.config.AeronConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.metrics.StageRecorder.Stage;
import io.semnal.feed.session.AeronFeed;
import io.semnal.feed.session.QuoteCheck;
import io.semnal.gateway.aeron.AeronPublisher;
import io.semnal.gateway.aeron.EmbeddedDriver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;

/**
 * What a server does over Aeron: the driver, the publication of the stream, the feed; nothing where
 * the configuration has both switched off. The agents are the edge thread's.
 */
final class AeronTransport implements AutoCloseable {
  private final AeronConfig config;
  private final List<Agent> agents = new ArrayList<>();
  private EmbeddedDriver driver;
  private AeronPublisher publisher;
  private OutboundAgent outbound;

  private AeronTransport(AeronConfig config) {
    this.config = config;
  }

  /**
   * @param port of any thread
   * @throws IllegalStateException naming what cannot be opened
   */
  static AeronTransport open(
      SemnalConfig all,
      EngineHost host,
      InboundPort port,
      Supplier<? extends QuoteCheck.Factory> checks,
      Metrics metrics) {
    AeronConfig config = all.runtime().aeron();
    AeronTransport transport = new AeronTransport(config);
    if (!config.isOn()) {
      return transport;
    }
    Path own = EmbeddedDriver.defaultDirectory(all.runtime().journal().directory());
    transport.driver =
        new EmbeddedDriver(
            config.directory() == null ? own : config.directory(),
            config.termLength(),
            System::nanoTime,
            metrics);
    try {
      transport.publish(host, metrics);
      // Behind the publisher, so that it sends in the same turn; before the feed, which it fills.
      transport.agents.add(transport.driver);
      transport.feed(host, port, checks, metrics);
      return transport;
    } catch (RuntimeException e) {
      transport.close();
      throw e;
    }
  }

  private void publish(EngineHost host, Metrics metrics) {
    AeronConfig.Publish publish = config.publish();
    if (!publish.enabled()) {
      return;
    }
    ExclusivePublication publication = driver.publication(publish.channel(), publish.stream());
    publisher =
        new AeronPublisher(
            publication, publish, host.start().run().epoch(), host.start().outSeq(), metrics);
    outbound =
        new OutboundAgent(
            "aeron-publisher",
            host.outbound(),
            host.journalAgent().sequence(),
            publisher,
            metrics.stages(),
            Stage.AERON_WRITE);
    agents.add(outbound);
    agents.add(new WorkAgent("aeron-timers", () -> publisher.doWork(System.nanoTime())));
  }

  private void feed(
      EngineHost host,
      InboundPort port,
      Supplier<? extends QuoteCheck.Factory> checks,
      Metrics metrics) {
    AeronConfig.Feed feed = config.feed();
    if (feed.enabled()) {
      agents.add(
          new AeronFeed(
              new AeronFeed.Context(
                  driver.subscription(feed.channel(), feed.stream()),
                  feed.source(),
                  host.sources(),
                  host.instruments(),
                  port,
                  checks.get(),
                  metrics)));
    }
  }

  /** Of the edge thread, in this order. */
  List<Agent> agents() {
    return agents;
  }

  /** Nanoseconds for which the edge thread may sleep. */
  long longestSleep() {
    return config.isOn() ? config.maxSleep().toNanos() : AgentThread.LONGEST_SLEEP;
  }

  /** Whether there is a subscriber. Any thread. */
  boolean isServing() {
    return publisher != null && publisher.isServing();
  }

  /** A line for each direction that is on. */
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    if (config.publish().enabled()) {
      lines.add(line("publishes", config.publish().channel(), config.publish().stream()));
    }
    if (config.feed().enabled()) {
      lines.add(line("takes quotes", config.feed().channel(), config.feed().stream()));
    }
    return lines;
  }

  private String line(String does, String channel, int stream) {
    return "aeron "
        + does
        + " on "
        + channel
        + ", stream "
        + stream
        + ", driver in "
        + driver.directory();
  }

  void detach() {
    if (outbound != null) {
      outbound.detach();
    }
  }

  /** After the edge thread has ended. */
  @Override
  public void close() {
    if (driver != null) {
      driver.close();
    }
  }
}
