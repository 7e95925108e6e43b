package io.semnal.research.matrix;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.ingress.EngineTime;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.TickSource;
import io.semnal.feed.file.TickFileOptions;
import io.semnal.feed.file.TickFormat;
import io.semnal.feed.normalise.QuoteNormalizer;
import io.semnal.protocol.MessageLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Ticks of files or of the simulator, judged and flagged as an import does, by their own times. */
public final class TickMatrixSource implements MatrixSource {
  private final TickSource source;
  private final Supplier<List<String>> remarks;
  private final RuntimeConfig.Feed feed;
  private final int instruments;
  private long ticks;
  private long rejected;
  private String lastReject;

  private TickMatrixSource(
      TickSource source, Supplier<List<String>> remarks, RuntimeConfig.Feed feed, int instruments) {
    this.source = source;
    this.remarks = remarks;
    this.feed = feed;
    this.instruments = instruments;
  }

  /**
   * Takes the source over: closes it.
   *
   * @param source whose ticks name a position in the sink's instruments
   * @param feed what is a spike, as for an import
   * @param instruments how many the sink has
   */
  public static TickMatrixSource of(TickSource source, RuntimeConfig.Feed feed, int instruments) {
    return new TickMatrixSource(source, List::of, feed, instruments);
  }

  /** Files with the symbol of each; {@code null} where a file says its instruments itself. */
  public static final class Builder {
    private final List<TickFileSet.TickPath> files = new ArrayList<>();

    public Builder add(Path path, String symbol) {
      files.add(new TickFileSet.TickPath(path, symbol));
      return this;
    }

    /**
     * Opens the files.
     *
     * @param options with the instruments of the matrix's engine, in their order
     * @param feed what is a spike, as for an import
     */
    public TickMatrixSource open(
        TickFormat format, TickFileOptions options, RuntimeConfig.Feed feed) throws IOException {
      TickFileSet set = new TickFileSet(format, files, options);
      return new TickMatrixSource(set, set::remarks, feed, options.instruments().size());
    }
  }

  @Override
  public void feed(PriceSink sink, LongConsumer progress) throws IOException {
    QuoteNormalizer normalizer =
        new QuoteNormalizer(feed, "files", id -> id <= instruments, new Metrics());
    EngineTime clock = EngineTime.source();
    Tick tick = new Tick();
    while (source.next(tick)) {
      ticks++;
      int flags =
          normalizer.flags(
              tick.instrument + 1, tick.eventTime, tick.bid, tick.ask, MessageLayout.ABSENT);
      if (flags == QuoteNormalizer.REJECTED) {
        rejected++;
        lastReject = normalizer.lastReject().label();
        continue;
      }
      long time = clock.ofQuote(tick.eventTime, MessageLayout.ABSENT);
      sink.advanceTo(time);
      if (sink.isComplete(time)) {
        return;
      }
      sink.onQuote(
          tick.instrument,
          time,
          tick.eventTime,
          tick.bid,
          tick.ask,
          tick.bidSize,
          tick.askSize,
          flags);
      if ((ticks & (EVERY - 1)) == 0) {
        progress.accept(ticks);
      }
    }
    if (clock.last() > 0) {
      sink.endTicks(clock.last());
    }
  }

  @Override
  public String unit() {
    return "ticks";
  }

  @Override
  public long count() {
    return ticks;
  }

  @Override
  public List<String> remarks() {
    List<String> all = new ArrayList<>(remarks.get());
    if (rejected > 0) {
      all.add(rejected + " ticks rejected, the last for " + lastReject);
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
