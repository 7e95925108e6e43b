package io.semnal.bench;

import io.semnal.core.agent.AgentThread;
import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.ingress.IngressQueue;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.feed.sim.MarketSimulator;
import io.semnal.inference.engine.ActiveModel;
import io.semnal.inference.engine.EngineCounters;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.journal.Progress;
import io.semnal.protocol.sbe.ScoreReason;
import io.semnal.server.EngineHost;
import io.semnal.server.TickIntake;
import io.semnal.server.Times;
import io.semnal.server.WarmUp;
import io.semnal.server.model.ModelSwap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * How long scoring pauses when another model takes over under load: ingress, engine and both
 * journals on one thread, ticks at planned times, the new model loaded, verified and warmed up on
 * another meanwhile. Slices with and without a swap alternate: other work on the machine makes gaps
 * in both.
 */
final class SwapBench {
  private static final int RATE = 50_000;
  private static final int SLICE = 2 * RATE;
  private static final long PERIOD = 1_000_000_000L / RATE;

  /** Event time from quote to quote: a minute's bar closes now and then. */
  private static final long STEP = 5_000_000L;

  /** Where the warm-up ends: a Wednesday, London and New York both open. */
  private static final Instant UNTIL = Instant.parse("2026-01-14T13:30:00Z");

  private static final double WARM_ACTIVITY = 0.1;
  private static final double MOST_MICROS = 1_000;
  private static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");

  private static final List<ScoreReason> BY_THE_MODEL =
      List.of(
          ScoreReason.SIGNAL,
          ScoreReason.BELOW_THRESHOLD,
          ScoreReason.MARGIN,
          ScoreReason.COOLDOWN,
          ScoreReason.SPREAD,
          ScoreReason.POSITION_OPEN);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Report report;
  private final int rounds;
  private final Tick tick = new Tick();

  private EngineHost host;
  private TickIntake intake;
  private TickSource prices;
  private IngressQueue queue;
  private ModelSwap swap;
  private long eventTime;
  private long sent;

  SwapBench(Report report, int rounds) {
    this.report = report;
    this.rounds = rounds;
  }

  /** Nanoseconds between two scores: the most of a slice, and those in which the model changed. */
  private static final class Gaps {
    long longest;
    long atSwap;

    void add(long gap, boolean swapped) {
      longest = Math.max(longest, gap);
      if (swapped) {
        atSwap = gap;
      }
    }
  }

  /** By the clock, and by the scoring thread's processor time, which no other process adds to. */
  private record Slice(Gaps wall, Gaps processor) {}

  void run() throws IOException {
    try (WorkFolder folder = new WorkFolder("swap")) {
      SemnalConfig config =
          ConfigLoader.load(
              null,
              Map.of(),
              Map.of(
                  "universe", "[EURUSD]",
                  "clock.mode", "source",
                  "strategies.core-1m.trigger", "tick",
                  "journal.directory", folder.path().resolve("journal").toString(),
                  "models.directory", folder.path().resolve("models").toString()));
      register(config);
      Metrics metrics = new Metrics();
      try (EngineHost opened = EngineHost.open(config, metrics, Progress.NONE)) {
        host = opened;
        intake = new TickIntake(host, config, metrics, "simulator", true);
        queue = new IngressQueue(1 << 16, host.ingress(), () -> {});
        swap =
            new ModelSwap(
                config.runtime().models(), host.journal().path(), host.engine().models(), queue);
        AgentThread pages =
            new AgentThread(
                "pages",
                List.of(opened.journal().pagesAhead()),
                RuntimeConfig.Threads.Idle.BACKOFF,
                0,
                null,
                Thread::new,
                (agent, e) -> {
                  throw new IllegalStateException(e);
                });
        pages.start();
        try {
          warmUp(config);
          measure();
        } finally {
          pages.close();
        }
      }
    }
  }

  /** Two logistic regressions of small made-up weights. */
  private static void register(SemnalConfig config) {
    FeatureSetConfig set =
        config.engine().featureSet(config.engine().strategies().getFirst().featureSet());
    int columns = set.columns().size();
    ModelRegistry registry =
        new ModelRegistry(
            config.runtime().models().directory(), config.runtime().models().scorer());
    for (int version = 1; version <= 2; version++) {
      double[][] weights = new double[CLASSES.size()][columns];
      for (int i = 0; i < CLASSES.size() * columns; i++) {
        weights[i / columns][i % columns] = 0.01 * ((i * 7) % 11 - 5) * version;
      }
      registry.register(
          OnnxWriter.logistic(weights, new double[] {0, 0.5, 0}, CLASSES),
          new ModelCard(
              "default",
              1,
              set.name(),
              "",
              set.columns(),
              ModelCard.Output.CLASSES,
              CLASSES,
              "",
              "",
              false,
              "",
              "made-up weights, for benchmarks",
              "",
              ""));
    }
    registry.setAlias("default", ModelRegistry.CHAMPION, 1);
  }

  private void warmUp(SemnalConfig config) throws IOException {
    long until = Times.nanos(UNTIL);
    long from = until - WarmUp.span(config.engine()).toNanos();
    try (MarketSimulator market =
        new MarketSimulator(3, config.engine().instruments(), from, until, WARM_ACTIVITY)) {
      while (market.next(tick)) {
        intake.take(tick, tick.instrument);
        host.pump();
      }
    }
    prices = new MarketSimulator(4, config.engine().instruments(), until, Long.MAX_VALUE);
    eventTime = until;
  }

  private void measure() {
    slice(null);
    slice("default@2");
    List<Slice> with = new ArrayList<>();
    List<Slice> without = new ArrayList<>();
    long quotesBefore = host.engine().counters().quotes();
    sent = 0;
    for (int i = 0; i < rounds; i++) {
      without.add(slice(null));
      with.add(slice("default@" + (i % 2 + 1)));
    }
    long lost = sent - (host.engine().counters().quotes() - quotesBefore);
    report("by the clock", with, without, Slice::wall);
    report("processor time of its thread", with, without, Slice::processor);
    report.add(Figure.atMost(0, "swap, ticks lost", lost, "ticks", Double.NaN, "of " + sent));
  }

  private void report(
      String clock, List<Slice> with, List<Slice> without, Function<Slice, Gaps> which) {
    double[] atSwap = with.stream().mapToDouble(s -> which.apply(s).atSwap / 1e3).toArray();
    double[] longest = with.stream().mapToDouble(s -> which.apply(s).longest / 1e3).toArray();
    double[] floor = without.stream().mapToDouble(s -> which.apply(s).longest / 1e3).toArray();
    report.add(
        Figure.atMost(
            MOST_MICROS,
            "swap, from the old model's last score to the new one's first, " + clock,
            max(atSwap),
            "us",
            Double.NaN,
            "the longest of " + rounds + "; median " + Figure.number(Statistics.median(atSwap))));
    report.add(
        Figure.atMost(
            MOST_MICROS,
            "swap, longest gap between scores in a slice with one, " + clock,
            Statistics.median(longest),
            "us",
            Statistics.median(floor),
            String.format(
                Locale.ROOT,
                "%d slices of %,d ticks, %,d ticks/s; floor: slices without; medians; longest of"
                    + " all %s with, %s without",
                rounds,
                SLICE,
                RATE,
                Figure.number(max(longest)),
                Figure.number(max(floor)))));
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElse(Double.NaN);
  }

  /**
   * @param promoted half a second after the beginning; {@code null} = none is
   */
  private Slice slice(String promoted) {
    Slice slice = new Slice(new Gaps(), new Gaps());
    long start = System.nanoTime();
    long last = 0;
    long lastProcessor = 0;
    long scored = scored();
    CompletableFuture<Void> promotion = null;
    List<ActiveModel> active = host.engine().models().active();
    for (long i = 0; i < SLICE || promotion != null && !promotion.isDone(); i++) {
      if (i == SLICE / 4 && promoted != null) {
        promotion = CompletableFuture.runAsync(() -> promote(promoted));
      }
      while (System.nanoTime() - start < i * PERIOD) {
        Thread.onSpinWait();
      }
      next();
      long scoredNow = scored();
      if (scoredNow == scored) {
        continue;
      }
      long now = System.nanoTime();
      long processor = THREADS.getCurrentThreadCpuTime();
      List<ActiveModel> activeNow = host.engine().models().active();
      if (last != 0) {
        slice.wall.add(now - last, activeNow != active);
        slice.processor.add(processor - lastProcessor, activeNow != active);
      }
      scored = scoredNow;
      last = now;
      lastProcessor = processor;
      active = activeNow;
    }
    if (promotion != null) {
      promotion.join();
      if (slice.wall.atSwap == 0) {
        throw new IllegalStateException(promoted + " did not take over");
      }
    }
    return slice;
  }

  private void next() {
    try {
      prices.next(tick);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    eventTime += STEP;
    tick.eventTime = eventTime;
    queue.drain();
    intake.take(tick, tick.instrument);
    host.pump();
    sent++;
  }

  private void promote(String reference) {
    try {
      swap.promote(reference, "bench");
    } catch (IOException | InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  private long scored() {
    EngineCounters counters = host.engine().counters();
    long sum = 0;
    for (int i = 0; i < BY_THE_MODEL.size(); i++) {
      sum += counters.scores(BY_THE_MODEL.get(i));
    }
    return sum;
  }
}
