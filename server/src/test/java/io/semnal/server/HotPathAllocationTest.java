package io.semnal.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.semnal.core.allocation.StringConstants;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.inference.engine.EngineCounters;
import io.semnal.journal.Progress;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.protocol.sbe.SignalType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The thread that carries ticks from the feed's checks to the outbound journal allocates nothing:
 * normalisation, ingress, both Chronicle queues, bars, features, a score on every tick, decisions
 * and signal lives included.
 *
 * <p>What is exempt: Chronicle maps a queue file in blocks of 64 MiB, and makes about 670 bytes of
 * objects for each new one (a file lock, a mapping), which is one in some 400,000 ticks; and once
 * in 2^20 messages a page of its index. Rounds in which neither happened must show zero, in one
 * judged million of ticks: the first after a warm-up that ends with two clean rounds.
 */
class HotPathAllocationTest {
  private static final int ROUNDS = 20;
  private static final int TICKS_A_ROUND = 50_000;
  private static final int WARM_TICKS = 400_000;
  private static final int MOST_WARM_UP_ROUNDS = 20;
  private static final long INDEX_PAGE = 1 << 20;
  private static final long MOST_FOR_A_BLOCK = 4096;
  private static final Instant LIVE_FROM = Instant.parse("2026-01-14T00:00:00Z");

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Metrics metrics = new Metrics();
  private final Tick tick = new Tick();
  private int count;
  private int next;
  private int controlEvery = Integer.MAX_VALUE;
  private Object control;
  private long[] times;
  private long[] bids;
  private long[] asks;
  private int[] instruments;

  @TempDir Path directory;

  private SemnalConfig config() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("universe", "[EURUSD, USDJPY]");
    settings.put("clock.mode", "source");
    settings.put("strategies.core-1m.trigger", "tick");
    settings.put(
        "strategies.close-1m",
        "{ enabled = true, instruments = all, timeframe = 1m, trigger = bar-close,"
            + " features = fx-core, model = default, publishFeatures = true, policy {} }");
    settings.put("journal.directory", directory.resolve("journal").toString());
    settings.put(
        "models.directory",
        Path.of(System.getProperty("semnal.root"), "server/target/models").toString());
    return ConfigLoader.load(null, Map.of(), settings);
  }

  /** Days with few ticks, until every feature is warm, then hours with many. */
  private void simulate(SemnalConfig config) throws IOException {
    int most = 1 << 22;
    times = new long[most];
    bids = new long[most];
    asks = new long[most];
    instruments = new int[most];
    long live = Times.nanos(LIVE_FROM);
    long from = live - WarmUp.span(config.engine()).toNanos();
    append(config, from, live, 0.1, most);
    append(
        config,
        live,
        Long.MAX_VALUE,
        2.0,
        WARM_TICKS + (MOST_WARM_UP_ROUNDS + ROUNDS) * TICKS_A_ROUND);
  }

  private void append(SemnalConfig config, long from, long to, double activity, int ticks)
      throws IOException {
    try (MarketSimulator market =
        new MarketSimulator(11, config.engine().instruments(), from, to, activity)) {
      for (int i = 0; i < ticks && market.next(tick); i++) {
        times[count] = tick.eventTime;
        bids[count] = tick.bid;
        asks[count] = tick.ask;
        instruments[count++] = tick.instrument;
      }
    }
  }

  private void take(EngineHost host, TickIntake intake, int ticks) {
    for (int end = next + ticks; next < end; next++) {
      tick.eventTime = times[next];
      tick.bid = bids[next];
      tick.ask = asks[next];
      tick.bidSize = 100_000_000L;
      tick.askSize = 100_000_000L;
      intake.take(tick, instruments[next]);
      host.pump();
      if (next % controlEvery == 0) {
        control = new byte[16];
      }
    }
  }

  private long allocatedByRound(EngineHost host, TickIntake intake) {
    long before = threads.getCurrentThreadAllocatedBytes();
    take(host, intake, TICKS_A_ROUND);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** Changes when a queue file grows by a block, or a page of a queue's index is full. */
  private long storage(EngineHost host) {
    try (Stream<Path> files = Files.walk(host.journal().path())) {
      long bytes = files.filter(f -> f.toString().endsWith(".cq4")).mapToLong(this::size).sum();
      return bytes + host.ingress().journalSeq() / INDEX_PAGE + host.engine().outSeq() / INDEX_PAGE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param quiet rounds without a new block or index page
   * @param inQuiet bytes allocated in those
   * @param inAll bytes allocated in a million ticks
   */
  private record Pass(int quiet, long inQuiet, long inAll) {}

  private Pass million(EngineHost host, TickIntake intake) {
    int quiet = 0;
    long inQuiet = 0;
    long inAll = 0;
    for (int i = 0; i < ROUNDS; i++) {
      long storage = storage(host);
      long allocated = allocatedByRound(host, intake);
      inAll += allocated;
      if (storage(host) == storage) {
        quiet++;
        inQuiet += allocated;
      }
    }
    return new Pass(quiet, inQuiet, inAll);
  }

  /**
   * Until two rounds were clean; every class has been used by then that will be, and its strings
   * are there.
   */
  private void warmUp(EngineHost host, TickIntake intake) {
    take(host, intake, count - (MOST_WARM_UP_ROUNDS + ROUNDS) * TICKS_A_ROUND);
    assertThat(StringConstants.make()).isGreaterThan(10_000);
    int clean = 0;
    for (int i = 0; i < MOST_WARM_UP_ROUNDS && clean < 2; i++) {
      long storage = storage(host);
      long allocated = allocatedByRound(host, intake);
      clean = allocated == 0 ? clean + 1 : storage(host) == storage ? 0 : clean;
    }
  }

  @Test
  void aMillionTicksThroughEngineAndJournalsAllocateNothing() throws IOException {
    SemnalConfig config = config();
    simulate(config);
    try (EngineHost host = EngineHost.open(config, metrics, Progress.NONE)) {
      TickIntake intake = new TickIntake(host, config, metrics, "simulator", true);
      warmUp(host, intake);
      long idle = threads.getCurrentThreadAllocatedBytes();
      idle = threads.getCurrentThreadAllocatedBytes() - idle;

      EngineCounters counters = host.engine().counters();
      long signals = counters.signals(SignalType.BUY) + counters.signals(SignalType.SELL);
      long scores = counters.scores(ScoreReason.BELOW_THRESHOLD);
      Pass pass = million(host, intake);

      assertThat(idle).isZero();
      assertThat(counters.scores(ScoreReason.BELOW_THRESHOLD) - scores).isGreaterThan(500_000);
      assertThat(counters.signals(SignalType.BUY) + counters.signals(SignalType.SELL) - signals)
          .isGreaterThan(20);
      assertThat(pass.quiet()).isGreaterThanOrEqualTo(ROUNDS / 2);
      assertThat(pass.inQuiet()).as("bytes in %s", pass).isZero();
      assertThat(pass.inAll())
          .as("bytes in a million ticks, new blocks included: %s", pass)
          .isLessThan((ROUNDS - pass.quiet()) * MOST_FOR_A_BLOCK + 1);
      seesOneObjectInTenThousandTicks(host, intake);
    }
  }

  /** The negative control: the same loop, with 16 bytes in one of ten thousand ticks. */
  private void seesOneObjectInTenThousandTicks(EngineHost host, TickIntake intake) {
    next -= TICKS_A_ROUND;
    controlEvery = 10_000;
    assertThat(allocatedByRound(host, intake)).isGreaterThanOrEqualTo(5 * 32L);
    assertThat(control).isNotNull();
  }
}
