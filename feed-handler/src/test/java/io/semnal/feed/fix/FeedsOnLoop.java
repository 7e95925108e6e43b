package io.semnal.feed.fix;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.semnal.core.config.FixFeedConfig;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.source.SourceRegistry;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.DefineSourceDecoder;
import io.semnal.protocol.sbe.FeedStatusDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;

/** Our FIX sessions on a thread of their own, over sockets; what they journal as text. */
final class FeedsOnLoop implements AutoCloseable {
  private static final long PATIENCE = 60_000_000_000L;
  private static final long TURN = 1_000_000L;

  final Metrics metrics = new Metrics();

  /** {@code source EURUSD bid/ask} and {@code source STATE}, as they are journaled. */
  final List<String> journaled = new CopyOnWriteArrayList<>();

  private final CompletableFuture<List<InetSocketAddress>> started = new CompletableFuture<>();
  private final List<FixFeedConfig.Session> sessions;
  private final Map<Integer, String> names = new TreeMap<>();
  private final Thread thread;
  private volatile boolean running = true;
  private volatile FixFeeds feeds;
  private volatile Throwable died;

  FeedsOnLoop(FixFeedConfig.Session... sessions) {
    this.sessions = List.of(sessions);
    thread = new Thread(this::run, "feeds");
    thread.start();
  }

  /** A session of generic kind with QFJ as the other side. */
  static FixFeedConfig.Session session(
      String name, FixFeedConfig.Role role, int preference, int... ports) {
    return new FixFeedConfig.Session(
        name,
        role,
        preference,
        "generic",
        java.util.Arrays.stream(ports).mapToObj(port -> "localhost:" + port).toList(),
        "SEMNAL",
        name.toUpperCase(java.util.Locale.ROOT),
        null,
        null,
        Map.of(),
        new FixFeedConfig.Tls(false, null, null, null),
        Duration.ofMillis(20),
        Duration.ofMillis(200));
  }

  static FixFeedConfig.Session encrypted(FixFeedConfig.Session plain, FixFeedConfig.Tls tls) {
    return new FixFeedConfig.Session(
        plain.name(),
        plain.role(),
        plain.preference(),
        plain.profile(),
        plain.addresses(),
        plain.senderCompId(),
        plain.targetCompId(),
        plain.secretFile(),
        plain.symbols(),
        plain.names(),
        tls,
        plain.reconnectLeast(),
        plain.reconnectMost());
  }

  private void run() {
    try {
      ManualIoEventLoop loop =
          new ManualIoEventLoop(Thread.currentThread(), NioIoHandler.newFactory());
      FixFeeds made = new FixFeeds(context(loop));
      feeds = made;
      made.start()
          .whenComplete(
              (ports, error) -> {
                if (error == null) {
                  started.complete(ports);
                } else {
                  started.completeExceptionally(error);
                }
              });
      while (running) {
        loop.run(TURN);
        made.doWork();
      }
      made.close();
      for (int i = 0; i < 20; i++) {
        loop.run(TURN);
        made.doWork();
      }
      loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
      while (!loop.isTerminated()) {
        loop.run(TURN);
      }
      made.closeStores();
    } catch (RuntimeException | Error e) {
      died = e;
      started.completeExceptionally(e);
    }
  }

  private FixFeeds.Context context(ManualIoEventLoop loop) {
    RuntimeConfig.Feed plain =
        new RuntimeConfig.Feed(
            true, "127.0.0.1", 0, false, Path.of("k"), 0, Duration.ZERO, Duration.ZERO);
    RuntimeConfig.Feed feed =
        new RuntimeConfig.Feed(
            true,
            plain.host(),
            0,
            false,
            plain.keysFile(),
            0,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            plain.limits(),
            plain.tls(),
            new FixFeedConfig(Duration.ofSeconds(2), Path.of("unused"), sessions));
    TreeMap<Integer, Instrument> instruments = new TreeMap<>();
    instruments.put(VenueRig.EURUSD, VenueRig.PAIRS.get(0));
    instruments.put(VenueRig.USDJPY, VenueRig.PAIRS.get(1));
    return new FixFeeds.Context(
        loop,
        NioSocketChannel.class,
        NioServerSocketChannel.class,
        feed,
        new SourceRegistry(),
        instruments,
        this::take,
        () -> MessageLayout.ABSENT,
        () -> System.currentTimeMillis() * 1_000_000L,
        nanos -> {},
        metrics);
  }

  private boolean take(DirectBuffer buffer, int offset, int length) {
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    switch (MessageLayout.templateId(buffer, offset)) {
      case DefineSourceDecoder.TEMPLATE_ID -> {
        DefineSourceDecoder d =
            new DefineSourceDecoder().wrapAndApplyHeader(buffer, offset, header);
        names.put(d.sourceId(), d.name());
      }
      case QuoteDecoder.TEMPLATE_ID -> {
        QuoteDecoder q = new QuoteDecoder().wrapAndApplyHeader(buffer, offset, header);
        journaled.add(
            names.get(q.sourceId())
                + (q.instrumentId() == VenueRig.EURUSD ? " EURUSD " : " USDJPY ")
                + price(q.bid())
                + "/"
                + price(q.ask()));
      }
      case FeedStatusDecoder.TEMPLATE_ID -> {
        FeedStatusDecoder s = new FeedStatusDecoder().wrapAndApplyHeader(buffer, offset, header);
        journaled.add(names.get(s.sourceId()) + " " + s.state());
      }
      default -> journaled.add("template " + MessageLayout.templateId(buffer, offset));
    }
    return true;
  }

  private static String price(long mantissa) {
    return BigDecimal.valueOf(mantissa, 8).stripTrailingZeros().toPlainString();
  }

  /** The ports of acceptors, once they are open. */
  List<InetSocketAddress> ports() throws Exception {
    return started.get(PATIENCE, TimeUnit.NANOSECONDS);
  }

  List<String> problems() {
    FixFeeds made = feeds;
    return made == null ? List.of("not made") : made.problems();
  }

  long gauge(String name) {
    return metrics.gauges().stream()
        .filter(g -> g.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value()
        .getAsLong();
  }

  long counter(String name) {
    return metrics.counters().stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow()
        .get();
  }

  /** Waits until so many messages are journaled. */
  void await(int count) {
    await(count + " journaled messages", () -> journaled.size() >= count);
  }

  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE;
    while (!condition.getAsBoolean()) {
      if (died != null) {
        throw new AssertionError("the feeds' thread died", died);
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("a minute without " + what + ": " + journaled + problems());
      }
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
