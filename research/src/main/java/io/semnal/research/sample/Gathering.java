package io.semnal.research.sample;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import io.semnal.core.metrics.Metrics;
import io.semnal.features.Bar;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.feed.file.BarFileSource;
import io.semnal.feed.file.FileBar;
import io.semnal.feed.normalise.QuoteNormalizer;
import io.semnal.protocol.MessageLayout;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/** Reads a source of prices to its end into labelled rows. */
public final class Gathering {
  private static final int PROGRESS_EVERY = 0xFFFF;

  private final EngineConfig config;
  private final FeatureSetConfig set;
  private final LabelRule rule;
  private final LongConsumer progress;

  /**
   * @param config instruments, timeframes, alignment, holidays and quality
   * @param progress told how many quotes or bars were read, now and then
   */
  public Gathering(
      EngineConfig config, FeatureSetConfig set, LabelRule rule, LongConsumer progress) {
    this.config = config;
    this.set = set;
    this.rule = rule;
    this.progress = progress;
  }

  /** A configuration of nothing but what the rows need. */
  public static EngineConfig only(
      EngineConfig config, List<Instrument> instruments, FeatureSetConfig set) {
    return new EngineConfig(
        instruments,
        config.timeframes(),
        config.alignment(),
        config.holidays(),
        config.quality(),
        List.of(set),
        List.of());
  }

  /**
   * The same over bars of a file's length: timeframes that are no multiple of it fall away.
   *
   * @throws IllegalArgumentException where the feature set looks at shorter bars
   */
  public static EngineConfig over(EngineConfig config, Timeframe base, FeatureSetConfig set) {
    TreeSet<Timeframe> timeframes = new TreeSet<>(List.of(base));
    for (Timeframe timeframe : config.timeframes()) {
      if (timeframe.seconds() % base.seconds() == 0) {
        timeframes.add(timeframe);
      }
    }
    if (set.timeframe().seconds() % base.seconds() != 0) {
      throw new IllegalArgumentException(
          "feature set "
              + set.name()
              + " is over "
              + set.timeframe()
              + ", which bars of "
              + base
              + " cannot make");
    }
    timeframes.add(set.timeframe());
    return new EngineConfig(
        config.instruments(),
        List.copyOf(timeframes),
        config.alignment(),
        config.holidays(),
        config.quality(),
        config.featureSets(),
        List.of());
  }

  /**
   * @param only the instrument of ticks that do not say theirs; -1 = they do
   * @param feed limits of the checks that a live feed's quotes pass as well
   */
  public Samples ticks(TickSource source, int only, RuntimeConfig.Feed feed) throws IOException {
    SampleCollector collector = new SampleCollector(config, set, rule);
    int count = config.instruments().size();
    QuoteNormalizer checks =
        new QuoteNormalizer(feed, "training", id -> id >= 1 && id <= count, new Metrics());
    Tick tick = new Tick();
    long time = Long.MIN_VALUE;
    for (long read = 1; source.next(tick); read++) {
      int instrument = only >= 0 ? only : tick.instrument;
      int flags =
          checks.flags(instrument + 1, tick.eventTime, tick.bid, tick.ask, MessageLayout.ABSENT);
      if (flags != QuoteNormalizer.REJECTED) {
        time = Math.max(time, tick.eventTime);
        collector.onQuote(
            instrument,
            time,
            tick.eventTime,
            tick.bid,
            tick.ask,
            tick.bidSize,
            tick.askSize,
            flags);
      }
      if ((read & PROGRESS_EVERY) == 0) {
        progress.accept(read);
      }
    }
    return collector.samples();
  }

  /** Over bars of the configuration's first timeframe. */
  public Samples bars(BarFileSource source) throws IOException {
    SampleCollector collector = new SampleCollector(config, set, rule);
    FileBar read = new FileBar();
    Bar bar = new Bar();
    while (source.next(read)) {
      copy(read, bar);
      collector.onBar(read.instrument, bar);
      if ((source.bars() & PROGRESS_EVERY) == 0) {
        progress.accept(source.bars());
      }
    }
    collector.closeBars();
    return collector.samples();
  }

  private static void copy(FileBar from, Bar into) {
    into.openTime = from.openTime;
    into.closeTime = from.closeTime;
    into.bidOpen = from.bidOpen;
    into.bidHigh = from.bidHigh;
    into.bidLow = from.bidLow;
    into.bidClose = from.bidClose;
    into.askOpen = from.askOpen;
    into.askHigh = from.askHigh;
    into.askLow = from.askLow;
    into.askClose = from.askClose;
    into.volume = from.volume;
  }
}
