package io.semnal.feed.fix;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.semnal.core.config.FixFeedConfig;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.ingress.InboundPort;
import io.semnal.core.market.Instrument;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.source.SourceRegistry;
import io.semnal.feed.normalise.QuoteNormalizer;
import io.semnal.feed.session.StatusQueue;
import io.semnal.fix.net.Backoff;
import io.semnal.fix.net.FixAcceptor;
import io.semnal.fix.net.FixInitiator;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.SessionConfig;
import io.semnal.fix.session.SessionDirectory;
import io.semnal.fix.store.MappedStore;
import io.semnal.fix.store.MemoryStore;
import io.semnal.fix.store.MessageStore;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.agrona.concurrent.Agent;

/**
 * All FIX sessions that bring prices: made from the configuration, kept connected, their quotes
 * offered to the {@link InboundPort}. Everything runs on the event loop's thread.
 */
public final class FixFeeds implements Agent, AutoCloseable {
  private static final int STORE_BYTES = 1 << 20;
  private static final int MOST_CONNECTIONS = 16;

  private final Context context;
  private final StatusQueue statuses;
  private final SourceArbiter arbiter;
  private final List<FixPriceSession> prices = new ArrayList<>();
  private final List<FixInitiator> initiators = new ArrayList<>();
  private final Map<InetSocketAddress, List<FixSession>> accepting = new LinkedHashMap<>();
  private final Map<InetSocketAddress, SslContext> certificates = new LinkedHashMap<>();
  private final List<FixAcceptor> acceptors = new ArrayList<>();
  private final List<MessageStore> stores = new ArrayList<>();
  private final Map<Integer, String> undefined = new LinkedHashMap<>();
  private Throwable failure;

  /**
   * What the sessions need.
   *
   * @param socket of the loop's kind, as {@code serverSocket}
   * @param instruments by the id that the journal gave
   * @param quoteClock as {@code FeedListener}'s checks have it: absent with the source clock
   * @param wallClock UTC nanoseconds
   * @param receivedAt told the {@link System#nanoTime()} at which a quote was read
   */
  public record Context(
      EventLoop loop,
      Class<? extends Channel> socket,
      Class<? extends ServerChannel> serverSocket,
      RuntimeConfig.Feed feed,
      SourceRegistry sources,
      SortedMap<Integer, Instrument> instruments,
      InboundPort port,
      LongSupplier quoteClock,
      LongSupplier wallClock,
      LongConsumer receivedAt,
      Metrics metrics) {}

  /**
   * @throws IllegalArgumentException where a session's configuration cannot be kept: it names the
   *     session and what is wrong
   */
  public FixFeeds(Context context) {
    this.context = context;
    FixFeedConfig config = context.feed().fix();
    statuses = new StatusQueue(this::offer);
    arbiter =
        new SourceArbiter(
            config.sessions().size(),
            context.instruments().size(),
            config.failoverAfter().toNanos());
    context
        .metrics()
        .gauge(
            "fix_source_switches_total",
            "Times that an instrument's prices came from another session than before",
            arbiter::switches);
    for (int place = 0; place < config.sessions().size(); place++) {
      FixFeedConfig.Session session = config.sessions().get(place);
      try {
        make(session, place);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "feed.fix.sessions." + session.name() + ": " + e.getMessage(), e);
      }
    }
  }

  private boolean offer(org.agrona.DirectBuffer buffer, int offset, int length) {
    try {
      return context.port().offer(buffer, offset, length);
    } catch (RuntimeException | Error e) {
      // Not the venue's fault: the connection's handler must not take it for that.
      failure = e;
      return false;
    }
  }

  private void make(FixFeedConfig.Session config, int place) {
    VenueProfile profile = VenueProfile.of(config.profile());
    List<Instrument> wanted = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    choose(config, wanted, ids, places);
    SymbolTable symbols = new SymbolTable();
    Subscription subscription = new Subscription(profile, wanted, config.names(), symbols);
    int sourceId = context.sources().find(config.name());
    if (sourceId == 0) {
      sourceId = context.sources().define(config.name());
      undefined.put(sourceId, config.name());
    }
    int[] byPlace = ids.stream().mapToInt(Integer::intValue).toArray();
    FixQuotes quotes =
        new FixQuotes(
            this::offer,
            new QuoteNormalizer(
                context.feed(),
                config.name(),
                context.instruments()::containsKey,
                context.metrics()),
            arbiter,
            place,
            places.stream().mapToInt(Integer::intValue).toArray(),
            config.name(),
            sourceId,
            context.sources().lastSeq(sourceId),
            byPlace,
            context.quoteClock(),
            context.receivedAt(),
            context.metrics());
    Credentials secret = config.secretFile() == null ? null : Credentials.read(config.secretFile());
    FixPriceSession application =
        new FixPriceSession(
            config.name(),
            profile,
            symbols,
            subscription,
            quotes,
            statuses,
            arbiter,
            place,
            byPlace,
            secret,
            context.metrics());
    prices.add(application);
    connect(config, session(config, profile, secret, application));
  }

  private void choose(
      FixFeedConfig.Session config,
      List<Instrument> wanted,
      List<Integer> ids,
      List<Integer> places) {
    List<String> left = config.symbols() == null ? null : new ArrayList<>(config.symbols());
    int index = 0;
    for (Map.Entry<Integer, Instrument> entry : context.instruments().entrySet()) {
      String symbol = entry.getValue().symbol();
      if (left == null || left.remove(symbol)) {
        wanted.add(entry.getValue());
        ids.add(entry.getKey());
        places.add(index);
      }
      index++;
    }
    if (left != null && !left.isEmpty()) {
      throw new IllegalArgumentException("symbols " + left + " are not of the universe");
    }
  }

  private FixSession session(
      FixFeedConfig.Session config,
      VenueProfile profile,
      Credentials secret,
      FixPriceSession application) {
    boolean initiates = config.role() == FixFeedConfig.Role.INITIATOR;
    SessionConfig.Builder builder =
        initiates
            ? SessionConfig.initiator(
                profile.version(), config.senderCompId(), config.targetCompId())
            : SessionConfig.acceptor(
                profile.version(), config.senderCompId(), config.targetCompId());
    builder
        .heartbeat(profile.heartbeat())
        .resetOnLogon(profile.resetOnLogon() && initiates)
        .subIds(blank(profile.senderSubId()), blank(profile.targetSubId()))
        .schedule(profile.schedule());
    if (initiates && secret != null) {
      builder.credentials(secret.username(), secret.password());
    }
    MessageStore store =
        profile.resetOnLogon()
            ? new MemoryStore()
            : MappedStore.open(
                context.feed().fix().storeDirectory().resolve(config.name() + ".store"),
                STORE_BYTES);
    stores.add(store);
    return new FixSession(builder.build(), store, application);
  }

  private static String blank(String text) {
    return text.isEmpty() ? null : text;
  }

  private void connect(FixFeedConfig.Session config, FixSession session) {
    List<InetSocketAddress> addresses = config.addresses().stream().map(FixFeeds::address).toList();
    if (config.role() == FixFeedConfig.Role.ACCEPTOR) {
      InetSocketAddress at = addresses.getFirst();
      InetSocketAddress resolved = new InetSocketAddress(at.getHostString(), at.getPort());
      accepting.computeIfAbsent(resolved, a -> new ArrayList<>()).add(session);
      if (config.tls().enabled()) {
        certificates.putIfAbsent(resolved, tls(config));
      } else if (certificates.containsKey(resolved)) {
        throw new IllegalArgumentException("another session has TLS on the same address");
      }
      return;
    }
    initiators.add(
        new FixInitiator(
            context.loop(),
            context.socket(),
            session,
            addresses,
            new Backoff(config.reconnectLeast().toNanos(), config.reconnectMost().toNanos()),
            tls(config),
            context.wallClock()));
  }

  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    return InetSocketAddress.createUnresolved(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  private static SslContext tls(FixFeedConfig.Session config) {
    FixFeedConfig.Tls tls = config.tls();
    if (!tls.enabled()) {
      return null;
    }
    try {
      if (config.role() == FixFeedConfig.Role.ACCEPTOR) {
        return SslContextBuilder.forServer(tls.certificate().toFile(), tls.key().toFile()).build();
      }
      SslContextBuilder builder = SslContextBuilder.forClient();
      if (tls.trust() != null) {
        builder.trustManager(tls.trust().toFile());
      }
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException("tls cannot be set up: " + e.getMessage(), e);
    }
  }

  /** The port takes messages on the loop's thread alone, which is not the one that made this. */
  private void defineSources() {
    undefined.forEach(statuses::define);
    undefined.clear();
  }

  /** Whether any session is configured. */
  public boolean isEmpty() {
    return prices.isEmpty();
  }

  /** Begins to connect, and opens the ports of acceptors. The loop must be running. Any thread. */
  public CompletableFuture<List<InetSocketAddress>> start() {
    CompletableFuture<List<InetSocketAddress>> started = new CompletableFuture<>();
    context
        .loop()
        .execute(
            () -> {
              defineSources();
              initiators.forEach(FixInitiator::start);
              List<CompletableFuture<InetSocketAddress>> ports = new ArrayList<>();
              accepting.forEach((address, sessions) -> ports.add(listen(address, sessions)));
              CompletableFuture.allOf(ports.toArray(CompletableFuture[]::new))
                  .whenComplete(
                      (done, error) -> {
                        if (error == null) {
                          started.complete(ports.stream().map(CompletableFuture::join).toList());
                        } else {
                          started.completeExceptionally(error);
                        }
                      });
            });
    return started;
  }

  private CompletableFuture<InetSocketAddress> listen(
      InetSocketAddress address, List<FixSession> sessions) {
    FixAcceptor acceptor =
        new FixAcceptor(
            context.loop(),
            context.serverSocket(),
            SessionDirectory.of(sessions),
            certificates.get(address),
            context.wallClock(),
            sessions.getFirst().config().maxMessage(),
            MOST_CONNECTIONS);
    acceptors.add(acceptor);
    return acceptor.listen(address);
  }

  /** What is wrong with sessions. Any thread. */
  public List<String> problems() {
    List<String> found = new ArrayList<>();
    for (FixPriceSession session : prices) {
      String problem = session.problem();
      if (problem != null) {
        found.add(problem);
      }
    }
    return found;
  }

  @Override
  public int doWork() {
    if (failure != null) {
      throw new IllegalStateException("a quote could not be handed to the ingress", failure);
    }
    int count = prices.size();
    if (count == 0) {
      return 0;
    }
    int work = statuses.isEmpty() ? 0 : statuses.drain();
    for (int i = 0; i < count; i++) {
      work += prices.get(i).drain();
    }
    long now = context.wallClock().getAsLong();
    for (int i = 0; i < initiators.size(); i++) {
      work += initiators.get(i).doWork(now);
    }
    for (int i = 0; i < acceptors.size(); i++) {
      work += acceptors.get(i).doWork(now);
    }
    return work;
  }

  @Override
  public String roleName() {
    return "fix-feeds";
  }

  /** Says Logout to every venue and connects no more. The loop's thread. */
  @Override
  public void close() {
    long now = context.wallClock().getAsLong();
    initiators.forEach(initiator -> initiator.shutdown("the server stops", now));
    acceptors.forEach(acceptor -> acceptor.shutdown("the server stops", now));
  }

  /** When no thread runs the sessions any more. */
  public void closeStores() {
    stores.forEach(MessageStore::close);
  }
}
