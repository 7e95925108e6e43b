package io.semnal.feed.fix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.semnal.core.config.FixFeedConfig;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.source.SourceRegistry;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.feed.session.Pace;
import io.semnal.fix.codec.FixVersion;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.FeedState;
import io.semnal.protocol.sbe.FeedStatusDecoder;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.QuoteDecoder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A simulated venue and our sessions on real sockets: every tick arrives as it was. */
class SimulatedVenueTest {
  private static final int TICKS = 5_000;
  private static final long PATIENCE = 60_000_000_000L;

  private record Seen(int instrument, long time, long bid, long ask, long bidSize, long askSize) {}

  private final List<Seen> quotes = new ArrayList<>();
  private final List<FeedState> states = new ArrayList<>();
  private long lastSeq;

  /** Ticks of both instruments, with the sizes of each there or not throughout. */
  private static List<Tick> ticks() {
    Random random = new Random(7);
    List<Tick> all = new ArrayList<>();
    long time = VenueRig.NOON;
    for (int i = 0; i < TICKS; i++) {
      Tick tick = new Tick();
      time += 1 + random.nextInt(50_000_000);
      tick.instrument = random.nextInt(2);
      tick.eventTime = time;
      tick.bid = (tick.instrument == 0 ? 110_000_000L : 15_000_000_000L) + random.nextInt(90_000);
      tick.ask = tick.bid + 1 + random.nextInt(20_000);
      tick.bidSize = tick.instrument == 0 ? 100 + random.nextInt(1_000_000) : MessageLayout.ABSENT;
      tick.askSize = tick.instrument == 0 ? 100 + random.nextInt(1_000_000) : MessageLayout.ABSENT;
      all.add(tick);
    }
    return all;
  }

  private static TickSource source(List<Tick> ticks) {
    return new TickSource() {
      private int next;

      @Override
      public boolean next(Tick into) {
        if (next == ticks.size()) {
          return false;
        }
        Tick tick = ticks.get(next++);
        into.instrument = tick.instrument;
        into.eventTime = tick.eventTime;
        into.bid = tick.bid;
        into.ask = tick.ask;
        into.bidSize = tick.bidSize;
        into.askSize = tick.askSize;
        return true;
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }

  @ParameterizedTest
  @EnumSource(VenueSimulator.Shape.class)
  void everyTickArrivesAsItWas(VenueSimulator.Shape shape) throws Exception {
    List<Tick> ticks = ticks();
    VenueSimulator venue = venue(shape, WireFaults.NONE);
    boolean answers = shape == VenueSimulator.Shape.MASS_QUOTE;
    List<String> problems =
        play(
            venue,
            ticks,
            () -> quotes.size() == TICKS && (!answers || venue.acknowledgements() == TICKS));
    assertEquals(List.of(), problems);
    assertEquals(ticks.stream().map(SimulatedVenueTest::seen).toList(), quotes);
    assertEquals(List.of(FeedState.UP, FeedState.DOWN), states);
    assertEquals(answers ? TICKS : 0, venue.acknowledgements());
  }

  @Test
  void aBadWireLosesTicksAndInventsNone() throws Exception {
    List<Tick> ticks = ticks();
    VenueSimulator venue =
        venue(
            VenueSimulator.Shape.ASKED,
            WireFaults.parse("gap:601,duplicate:997,garbage:211,stall:1999,disconnect:1301"));
    play(venue, ticks, () -> true);
    assertTrue(venue.spoiled() > 20, venue.spoiled() + " faults");
    Set<Seen> told = ticks.stream().map(SimulatedVenueTest::seen).collect(Collectors.toSet());
    Map<Integer, Long> last = new TreeMap<>();
    for (Seen quote : quotes) {
      assertTrue(told.contains(quote), () -> "nobody told " + quote);
      assertTrue(
          quote.time() >= last.getOrDefault(quote.instrument(), 0L), () -> "an old one: " + quote);
      last.put(quote.instrument(), quote.time());
    }
    // A gap empties a book, and the venue begins again with its last tick: most arrives.
    long arrived = quotes.stream().distinct().count();
    assertTrue(arrived > TICKS / 10, arrived + " ticks arrived");
    assertTrue(states.contains(FeedState.STALE), states::toString);
    long ups = states.stream().filter(s -> s == FeedState.UP).count();
    long downs = states.stream().filter(s -> s == FeedState.DOWN).count();
    assertTrue(ups > 2, states::toString);
    assertEquals(ups, downs);
  }

  private static VenueSimulator venue(VenueSimulator.Shape shape, WireFaults faults) {
    return new VenueSimulator(
        new VenueSimulator.Options(
            new InetSocketAddress("127.0.0.1", 0),
            FixVersion.FIX44,
            VenueRig.PAIRS,
            Map.of(),
            shape,
            Pace.MAX,
            true,
            faults));
  }

  /** Lets the venue tell all its ticks; returns what our side complains of before the end. */
  private List<String> play(VenueSimulator venue, List<Tick> ticks, BooleanSupplier arrived)
      throws Exception {
    List<Throwable> died = new ArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                venue.run(source(ticks));
              } catch (Exception e) {
                died.add(e);
              }
            },
            "venue");
    thread.start();
    int port = venue.address().get(PATIENCE, TimeUnit.NANOSECONDS).getPort();
    ManualIoEventLoop loop =
        new ManualIoEventLoop(Thread.currentThread(), NioIoHandler.newFactory());
    FixFeeds feeds = new FixFeeds(context(loop, port));
    feeds.start();
    long deadline = System.nanoTime() + PATIENCE;
    while ((venue.told() < TICKS || !arrived.getAsBoolean()) && System.nanoTime() < deadline) {
      loop.run(1_000_000L);
      feeds.doWork();
    }
    List<String> problems = feeds.problems();
    venue.stop();
    while (states.getLast() != FeedState.DOWN && System.nanoTime() < deadline) {
      loop.run(1_000_000L);
      feeds.doWork();
    }
    thread.join();
    feeds.close();
    loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    while (!loop.isTerminated()) {
      loop.run(1_000_000L);
    }
    assertTrue(died.isEmpty(), died::toString);
    return problems;
  }

  private static Seen seen(Tick tick) {
    int id = tick.instrument == 0 ? VenueRig.EURUSD : VenueRig.USDJPY;
    return new Seen(id, tick.eventTime, tick.bid, tick.ask, tick.bidSize, tick.askSize);
  }

  private FixFeeds.Context context(ManualIoEventLoop loop, int port) {
    FixFeedConfig.Session session =
        new FixFeedConfig.Session(
            "sim",
            FixFeedConfig.Role.INITIATOR,
            0,
            "generic",
            // Nobody is at the first address.
            List.of("127.0.0.1:1", "127.0.0.1:" + port),
            "US",
            "SIM",
            null,
            null,
            Map.of(),
            new FixFeedConfig.Tls(false, null, null, null),
            Duration.ofMillis(1),
            Duration.ofMillis(10));
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
            new FixFeedConfig(Duration.ofSeconds(2), Path.of("unused"), List.of(session)));
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
        new Metrics());
  }

  private boolean take(DirectBuffer buffer, int offset, int length) {
    MessageHeaderDecoder header = new MessageHeaderDecoder();
    int template = MessageLayout.templateId(buffer, offset);
    if (template == QuoteDecoder.TEMPLATE_ID) {
      QuoteDecoder q = new QuoteDecoder().wrapAndApplyHeader(buffer, offset, header);
      assertEquals(++lastSeq, q.sourceSeq());
      quotes.add(
          new Seen(q.instrumentId(), q.eventTime(), q.bid(), q.ask(), q.bidSize(), q.askSize()));
    } else if (template == FeedStatusDecoder.TEMPLATE_ID) {
      states.add(new FeedStatusDecoder().wrapAndApplyHeader(buffer, offset, header).state());
    }
    return true;
  }
}
