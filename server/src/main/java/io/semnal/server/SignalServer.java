package io.semnal.server;

import io.semnal.core.access.KeyRing;
import io.semnal.core.agent.OutboundAgent;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.ingress.IngressQueue;
import io.semnal.core.market.MarketCalendar;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.metrics.StageRecorder.Stage;
import io.semnal.gateway.EdgeGateway;
import io.semnal.gateway.GatewayContext;
import io.semnal.gateway.HotGateway;
import io.semnal.gateway.Replayer;
import io.semnal.gateway.SessionHub;
import io.semnal.gateway.Wanted;
import io.semnal.gateway.http.AdminHttp;
import io.semnal.gateway.http.HealthCondition;
import io.semnal.gateway.rest.AdminResources;
import io.semnal.gateway.rest.RestGate;
import io.semnal.journal.Follower;
import io.semnal.journal.JournalState;
import io.semnal.journal.OutboundJournal;
import io.semnal.journal.QueueReader;
import io.semnal.protocol.session.KeyLookup;
import io.semnal.protocol.session.NonceSource;
import io.semnal.server.health.FeedSilence;
import io.semnal.server.health.Health;
import io.semnal.server.last.LastValueAgent;
import io.semnal.server.model.ModelOperations;
import io.semnal.server.upkeep.JournalUpkeep;
import io.semnal.server.warm.WarmUpReport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live server: a host's agents on threads, feeds in, client sessions and the admin port out.
 */
public final class SignalServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SignalServer.class);
  static final String NAME = "semnal";
  private static final int QUEUE_BYTES = 1 << 22;
  private static final long GOODBYE = 500_000_000L;

  private final SemnalConfig config;
  private final EngineHost host;
  private final Metrics metrics;
  private final IoLoop hotLoop = new IoLoop("hot-io");
  private final IoLoop edgeLoop = new IoLoop("edge-io");
  private final IngressQueue queue;
  private final AccessFiles access;
  private final FeedPorts feeds;
  private final OutboundJournal history;
  private final HotGateway hot;
  private final EdgeGateway edge;
  private final AdminHttp admin;
  private final ModelOperations models;
  private final LastValueAgent lastValues;
  private final JournalUpkeep upkeep;
  private final Map<String, LongSupplier> certificates = new TreeMap<>();
  private final Health health;
  private final List<Agent> watch;
  private final AeronTransport aeron;
  private final ServerThreads threads;
  private final Follower follower;
  private final List<Runnable> consumers = new ArrayList<>();
  private final ServerLife life = new ServerLife();
  private Ports ports;

  /** Where the server listens; {@code null} for what is switched off. */
  public record Ports(
      InetSocketAddress feed,
      InetSocketAddress tcp,
      InetSocketAddress ws,
      InetSocketAddress admin,
      InetSocketAddress fix) {}

  /**
   * Wires everything; nothing runs yet.
   *
   * @param extra an agent of the ingress thread beside the feeds, such as the simulator's; or
   *     {@code null}
   */
  public SignalServer(
      SemnalConfig config,
      EngineHost host,
      Metrics metrics,
      KeyLookup feedKeys,
      KeyLookup clientKeys,
      Agent extra) {
    this.config = config;
    this.host = host;
    this.metrics = metrics;
    queue = new IngressQueue(QUEUE_BYTES, host.ingress(), this::wakeIngress);
    access = new AccessFiles(config.runtime().gateway(), metrics, clientKeys, feedKeys);
    feeds = new FeedPorts(config, host, metrics, hotLoop, queue, access, feedKeys);
    history = new OutboundJournal(host.journal());
    Replayer replayer = new Replayer(this::wakeCold);
    GatewayContext context = gatewayContext(clientKeys, replayer);
    if (context.tls() != null) {
      access.watch("certificate", context.tls().files(), context.tls()::reload);
      certificates.put("client", context.tls()::notAfterSeconds);
    }
    if (feeds.tls() != null) {
      certificates.put("feed", feeds.tls()::notAfterSeconds);
    }
    edge = new EdgeGateway(context, edgeLoop.gatewayLoop(), () -> Outcomes.of(host.engine()));
    hot =
        new HotGateway(
            context, hotLoop.gatewayLoop(), edge, config.runtime().threads().hotSessions());
    preload(hot.hub(), edge.hub());
    models = new ModelOperations(config, host.engine(), host.journal(), queue, metrics);
    admin =
        new AdminHttp(
            edgeLoop.gatewayLoop(),
            config.runtime().admin(),
            metrics,
            this::conditions,
            () -> WarmUpReport.sentences(host.engine().lastColdSlots()),
            AdminResources.port(
                new RestGate(clientKeys, context.admission(), access.audit()),
                System::currentTimeMillis,
                models.admin(),
                edge.desk()));
    follower = host.follow();
    if (follower != null) {
      HostMetrics.register(metrics, host, follower);
    }
    lastValues =
        new LastValueAgent(
            host.journal(), config.engine(), host.idsByIndex(config.engine().instruments()));
    upkeep =
        new JournalUpkeep(
            config.runtime().journal(),
            host.journal(),
            WarmUp.span(config.engine()),
            queue,
            life::fail,
            metrics);
    FeedSilence silence = feedSilence(feedKeys);
    health =
        new Health(
            host.engine(),
            follower,
            host.journal(),
            host.ingress()::journalSeq,
            upkeep.space(),
            silence,
            access.files(),
            certificates);
    metrics.gauge("ready", "1 = /health/ready says so", () -> isReady() ? 1 : 0);
    watch = List.of(access.agent(), upkeep.space(), silence, host.journal().sums());
    aeron = AeronTransport.open(config, host, queue, feeds::normalised, metrics);
    Agent cold = new PairOfAgents(replayer, models.coldAgent());
    threads = new ServerThreads(config.runtime().threads(), agents(cold, extra), life::died);
    ProcessMetrics.register(metrics, threads.all());
    host.onFailure(failure -> life.fail(EngineHost.describe(failure)));
  }

  private FeedSilence feedSilence(KeyLookup feedKeys) {
    return new FeedSilence(
        host.sources(),
        feedKeys instanceof KeyRing ring ? ring : null,
        config.runtime(),
        new MarketCalendar(config.engine().holidays()),
        metrics,
        System::nanoTime,
        () -> System.currentTimeMillis() * 1_000_000L);
  }

  private GatewayContext gatewayContext(KeyLookup keys, Replayer replayer) {
    return new GatewayContext(
        config.runtime().gateway(),
        config.engine().timeframes(),
        keys,
        NonceSource.secure(),
        new History(history),
        queue,
        replayer,
        metrics,
        () -> System.currentTimeMillis() * 1_000_000L,
        NAME,
        access.audit());
  }

  /** Windows, definitions and open signals as they stood when the journal ended. */
  private void preload(SessionHub... hubs) {
    JournalState found = host.found();
    for (byte[] message : found.standing()) {
      for (SessionHub hub : hubs) {
        hub.onEarlier(new UnsafeBuffer(message), 0, message.length);
      }
    }
    long window = host.start().outSeq() - config.runtime().gateway().window();
    try (QueueReader reader = host.journal().outboundReader()) {
      reader.seekToSequence(Math.max(0, Math.min(window, found.outbound().sequence())) + 1);
      while (reader.readNext(
          (buffer, offset, length) -> {
            for (SessionHub hub : hubs) {
              hub.onEarlier(buffer, offset, length);
            }
          })) {
        // To the end.
      }
    }
    for (SessionHub hub : hubs) {
      hub.startAt(host.start().outSeq(), host.start().run().epoch());
    }
  }

  private ServerThreads.Agents agents(Agent cold, Agent extra) {
    IngressAgent ingress = new IngressAgent(host.ingress(), queue, host.inboundLog());
    OutboundAgent hotOut =
        new OutboundAgent(
            "hot-sessions",
            host.outbound(),
            host.journalAgent().sequence(),
            hot,
            metrics.stages(),
            Stage.HOT_WRITE);
    OutboundAgent edgeOut =
        new OutboundAgent(
            "edge-sessions",
            host.outbound(),
            host.journalAgent().sequence(),
            edge,
            metrics.stages(),
            Stage.EDGE_WRITE);
    InboundAgent hotIn = new InboundAgent(host.inbound(), hot.hub());
    InboundAgent edgeIn = new InboundAgent(host.inbound(), edge.hub());
    consumers.addAll(
        List.of(hotOut::detach, edgeOut::detach, hotIn::detach, edgeIn::detach, aeron::detach));
    List<Agent> edgeDuty = new ArrayList<>(List.of(edgeIn, edgeOut));
    edgeDuty.addAll(List.of(new WorkAgent("edge-timers", edge::doWork), lastValues));
    edgeDuty.addAll(aeron.agents());
    return new ServerThreads.Agents(
        hotLoop,
        feeds.agents(),
        extra == null ? ingress : new PairOfAgents(extra, ingress),
        host.engineAgent(),
        host.journalAgent(),
        List.of(hotIn, hotOut, new WorkAgent("hot-timers", hot::doWork)),
        edgeLoop,
        edgeDuty,
        aeron.longestSleep(),
        wakeup -> new EdgeWaker(host.inbound(), host.outbound(), this::wantedAtEdge, wakeup),
        cold,
        watch,
        host.journal().pagesAhead(),
        follower);
  }

  private int wantedAtEdge() {
    return aeron.isServing() ? Wanted.ALL : edge.wanted();
  }

  /**
   * Starts the threads and opens the ports.
   *
   * @throws RuntimeException naming the port that cannot be opened; the server is closed then
   */
  public Ports start() {
    threads.start();
    models.start();
    upkeep.start();
    try {
      RuntimeConfig.Feed feed = config.runtime().feed();
      boolean gateway = config.runtime().gateway().enabled();
      ports =
          new Ports(
              feed.enabled() ? life.await(feeds.listen()) : null,
              gateway ? life.await(hot.listen()) : null,
              gateway ? life.await(edge.listen()) : null,
              config.runtime().admin().enabled() ? life.await(admin.listen()) : null,
              gateway && config.runtime().gateway().fix().isOn()
                  ? life.await(hot.listenFix())
                  : null);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    feeds.start(life::fail);
    life.listening();
    return ports;
  }

  private boolean isReady() {
    return conditions().stream().noneMatch(c -> c.code().isUnready());
  }

  private List<HealthCondition> conditions() {
    List<HealthCondition> found = life.conditions();
    found.addAll(health.conditions());
    found.addAll(feeds.conditions());
    return found;
  }

  private void wakeIngress() {
    threads.wakeIngress();
  }

  private void wakeCold() {
    threads.wakeCold();
  }

  public Ports ports() {
    return ports;
  }

  /** Where subscribers and feeds find this server over Aeron; empty where it is off. */
  public List<String> aeron() {
    return aeron.describe();
  }

  /** Waits until {@link #stop} or a fault. */
  public void awaitStop() throws InterruptedException {
    life.awaitStop();
  }

  /** Lets {@link #awaitStop} return. Any thread. */
  public void stop() {
    life.stop();
  }

  /** What stopped the server, or {@code null} if nothing went wrong. */
  public String fault() {
    return life.fault();
  }

  /** Says goodbye to clients and feeds, ends the threads, and leaves the host to its owner. */
  @Override
  public void close() {
    life.stop();
    models.close();
    upkeep.close();
    long deadline = System.currentTimeMillis() * 1_000_000L + GOODBYE;
    CountDownLatch told = new CountDownLatch(2);
    goodbye(
        hotLoop,
        () -> {
          feeds.shutdown();
          hot.shutdown(deadline, "the server stops");
        },
        told);
    goodbye(
        edgeLoop,
        () -> {
          admin.close();
          edge.shutdown(deadline, "the server stops");
        },
        told);
    try {
      if (!told.await(1, java.util.concurrent.TimeUnit.SECONDS)) {
        LOG.warn("not every client could be told that the server stops");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.close();
    feeds.close();
    // The host finishes what is in the rings: nobody else polls them any more.
    consumers.forEach(Runnable::run);
    aeron.close();
    lastValues.close();
    history.close();
  }

  private static void goodbye(IoLoop loop, Runnable words, CountDownLatch told) {
    try {
      loop.loop()
          .execute(
              () -> {
                try {
                  words.run();
                } finally {
                  told.countDown();
                }
              });
    } catch (RejectedExecutionException e) {
      // Its thread died, and closed every connection with it.
      LOG.debug("{} is closed already", loop.roleName(), e);
      told.countDown();
    }
  }
}
