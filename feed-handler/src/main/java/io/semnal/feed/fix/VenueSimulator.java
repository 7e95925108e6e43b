package io.semnal.feed.fix;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.semnal.core.market.Instrument;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.feed.session.Pace;
import io.semnal.fix.codec.FixMessage;
import io.semnal.fix.codec.FixVersion;
import io.semnal.fix.codec.Tag;
import io.semnal.fix.net.FixAcceptor;
import io.semnal.fix.session.FixSession;
import io.semnal.fix.session.SessionConfig;
import io.semnal.fix.store.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Plays a broker: accepts whoever logs on, takes market data requests, and streams ticks at a pace
 * once a client has asked for every instrument; from then on whoever listens. One thread runs
 * everything: that which calls {@link #run}.
 */
public final class VenueSimulator {
  private static final int MOST_CONNECTIONS = 64;
  private static final int MAX_MESSAGE = 1 << 16;
  private static final int BATCH = 64;
  private static final long IDLE = 1_000_000L;
  private static final long GOODBYE = 5_000_000_000L;

  private final Options options;
  private final SymbolTable symbols = new SymbolTable();
  private final Tick[] last;
  private final Map<String, FixSession> sessions = new HashMap<>();
  private final Map<String, VenueClient> clients = new HashMap<>();
  private final CompletableFuture<InetSocketAddress> address = new CompletableFuture<>();
  private volatile boolean stopped;
  private FaultyWire wire;
  private volatile long told;
  private volatile long acknowledged;

  /** How prices are told. */
  public enum Shape {
    /** W, and then X where 265=1 asked for it. */
    ASKED,
    /** S. */
    QUOTE,
    /** i. */
    MASS_QUOTE
  }

  /**
   * What it plays.
   *
   * @param instruments by their place in the ticks
   * @param names the venue's own names by symbol, beside {@code EUR/USD} and {@code EURUSD}
   * @param linger whether it stays up behind the last tick
   * @param faults what goes wrong on the wire
   */
  public record Options(
      InetSocketAddress address,
      FixVersion version,
      List<Instrument> instruments,
      Map<String, String> names,
      Shape shape,
      Pace pace,
      boolean linger,
      WireFaults faults) {}

  public VenueSimulator(Options options) {
    this.options = options;
    last = new Tick[options.instruments().size()];
    for (int i = 0; i < last.length; i++) {
      Instrument instrument = options.instruments().get(i);
      symbols.put(instrument.symbol(), i);
      symbols.put(instrument.base() + "/" + instrument.quote(), i);
      String own = options.names().get(instrument.symbol());
      if (own != null) {
        symbols.put(own, i);
      }
    }
  }

  /** Where it listens, once it does. */
  public CompletableFuture<InetSocketAddress> address() {
    return address;
  }

  /** Lets {@link #run} return. Any thread. */
  public void stop() {
    stopped = true;
  }

  /** Ticks told so far. Any thread sees them late. */
  public long told() {
    return told;
  }

  /** MassQuotes acknowledged. */
  public long acknowledgements() {
    return acknowledged;
  }

  /**
   * Streams the ticks; returns when they are told, or {@link #stop} was called.
   *
   * @throws IOException from the ticks, or where the port cannot be opened
   */
  public void run(TickSource ticks) throws IOException {
    ManualIoEventLoop loop =
        new ManualIoEventLoop(Thread.currentThread(), NioIoHandler.newFactory());
    FixAcceptor acceptor =
        new FixAcceptor(
            loop,
            NioServerSocketChannel.class,
            this::session,
            null,
            VenueSimulator::now,
            MAX_MESSAGE,
            MOST_CONNECTIONS);
    listen(loop, acceptor)
        .whenComplete(
            (bound, error) -> {
              if (error == null) {
                address.complete(bound);
              } else {
                address.completeExceptionally(error);
              }
            });
    try {
      stream(ticks, loop, acceptor);
    } finally {
      acceptor.shutdown("the venue closes", now());
      // Until everyone has said goodbye, and with it has read all that was told.
      long deadline = System.nanoTime() + GOODBYE;
      while (acceptor.connections() > 0 && System.nanoTime() < deadline) {
        loop.run(IDLE);
        acceptor.doWork(now());
      }
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      while (!loop.isTerminated()) {
        loop.run(IDLE);
      }
    }
  }

  private CompletableFuture<InetSocketAddress> listen(
      ManualIoEventLoop loop, FixAcceptor acceptor) {
    if (!options.faults().any()) {
      return acceptor.listen(options.address());
    }
    return acceptor
        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .thenCompose(
            inner -> {
              wire = new FaultyWire(loop, inner, options.faults());
              return wire.listen(options.address());
            });
  }

  /** Faults so far, once {@link #run} has returned. */
  public long spoiled() {
    return wire == null ? 0 : wire.spoiled();
  }

  private void stream(TickSource ticks, ManualIoEventLoop loop, FixAcceptor acceptor)
      throws IOException {
    Tick tick = new Tick();
    boolean more = ticks.next(tick);
    long firstEvent = tick.eventTime;
    long startedAt = 0;
    while (!stopped && (more || options.linger())) {
      int work = loop.runNow() + acceptor.doWork(now());
      if (address.isCompletedExceptionally()) {
        throw new IOException("cannot listen on " + options.address(), address.exceptionNow());
      }
      long at = System.nanoTime();
      if (more && isOpen(startedAt > 0) && isReady()) {
        startedAt = startedAt == 0 ? at : startedAt;
        for (int i = 0; i < BATCH && more && isReady(); i++) {
          long planned = startedAt + options.pace().plannedNanos(told, tick.eventTime - firstEvent);
          if (planned - at > 0) {
            break;
          }
          tell(tick);
          work++;
          more = ticks.next(tick);
        }
      }
      if (work == 0) {
        loop.run(IDLE);
      }
    }
  }

  /** As fast as it is taken it waits for who takes it; a market with a pace of its own goes on. */
  private boolean isOpen(boolean begun) {
    return begun && !waits() || isAskedForAll();
  }

  /** Whether ticks wait for who listens. */
  boolean waits() {
    return options.pace().kind() == Pace.Kind.MAX;
  }

  /** Who reads slowly is told later, not at the price of memory without end. */
  private boolean isReady() {
    for (VenueClient client : clients.values()) {
      if (!client.isReady()) {
        return false;
      }
    }
    return true;
  }

  private boolean isAskedForAll() {
    for (VenueClient client : clients.values()) {
      if (client.isComplete()) {
        return true;
      }
    }
    return false;
  }

  private void tell(Tick tick) {
    int instrument = Math.max(0, tick.instrument);
    Tick kept = last[instrument];
    if (kept == null) {
      kept = new Tick();
      last[instrument] = kept;
    }
    kept.instrument = instrument;
    kept.eventTime = tick.eventTime;
    kept.bid = tick.bid;
    kept.ask = tick.ask;
    kept.bidSize = tick.bidSize;
    kept.askSize = tick.askSize;
    told = told + 1;
    for (VenueClient client : clients.values()) {
      client.tell(instrument, kept);
    }
  }

  /** A client is who it says it is: a simulated venue asks for no password. */
  private FixSession session(FixMessage logon) {
    String sender = logon.text(Tag.SENDER_COMP_ID);
    String target = logon.text(Tag.TARGET_COMP_ID);
    if (sender == null || target == null || logon.version() != options.version()) {
      return null;
    }
    return sessions.computeIfAbsent(
        sender + '\n' + target,
        key -> {
          VenueClient client = new VenueClient(this, last.length);
          clients.put(key, client);
          SessionConfig config =
              SessionConfig.acceptor(options.version(), target, sender)
                  .subIds(logon.text(Tag.TARGET_SUB_ID), logon.text(Tag.SENDER_SUB_ID))
                  .build();
          return new FixSession(config, new MemoryStore(), client);
        });
  }

  int instrument(String name) {
    if (name == null) {
      return SymbolTable.UNKNOWN;
    }
    byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    return symbols.find(new org.agrona.concurrent.UnsafeBuffer(bytes), 0, bytes.length);
  }

  Tick last(int instrument) {
    return last[instrument];
  }

  Shape shape() {
    return options.shape();
  }

  void acknowledged() {
    acknowledged = acknowledged + 1;
  }

  private static long now() {
    return System.currentTimeMillis() * 1_000_000L;
  }
}
