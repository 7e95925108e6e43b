package io.semnal.research.matrix;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.ingress.EngineTime;
import io.semnal.core.market.Alignment;
import io.semnal.core.market.Timeframe;
import io.semnal.core.metrics.Metrics;
import io.semnal.feed.Tick;
import io.semnal.feed.file.TickFileOptions;
import io.semnal.feed.file.TickFormat;
import io.semnal.feed.normalise.QuoteNormalizer;
import io.semnal.protocol.MessageLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Ticks of files, judged and flagged as an import judges them, by their own times. */
public final class TickMatrixSource implements MatrixSource {
  private final TickFileSet files;
  private final RuntimeConfig.Feed feed;
  private final int instruments;
  private long rejected;
  private String lastReject;

  private TickMatrixSource(TickFileSet files, RuntimeConfig.Feed feed, int instruments) {
    this.files = files;
    this.feed = feed;
    this.instruments = instruments;
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
      return new TickMatrixSource(
          new TickFileSet(format, files, options), feed, options.instruments().size());
    }
  }

  @Override
  public void feed(FeatureMatrix matrix, LongConsumer progress) throws IOException {
    QuoteNormalizer normalizer =
        new QuoteNormalizer(feed, "files", id -> id <= instruments, new Metrics());
    EngineTime clock = EngineTime.source();
    for (Tick tick = files.next(); tick != null; tick = files.next()) {
      int flags =
          normalizer.flags(
              tick.instrument + 1, tick.eventTime, tick.bid, tick.ask, MessageLayout.ABSENT);
      if (flags == QuoteNormalizer.REJECTED) {
        rejected++;
        lastReject = normalizer.lastReject().label();
        continue;
      }
      long time = clock.ofQuote(tick.eventTime, MessageLayout.ABSENT);
      matrix.advanceTo(time);
      if (matrix.isComplete(time)) {
        return;
      }
      matrix.onQuote(
          tick.instrument,
          time,
          tick.eventTime,
          tick.bid,
          tick.ask,
          tick.bidSize,
          tick.askSize,
          flags);
      if ((files.ticks() & (EVERY - 1)) == 0) {
        progress.accept(files.ticks());
      }
    }
    if (clock.last() > 0) {
      closeLastBar(matrix, clock.last());
    }
  }

  /** To the end of the last quote's bar of the shortest timeframe, as an import goes. */
  private static void closeLastBar(FeatureMatrix matrix, long last) {
    Timeframe base = matrix.spec().engine().timeframes().getFirst();
    Alignment alignment = Alignment.parse(matrix.spec().engine().alignment());
    matrix.advanceTo(alignment.close(alignment.open(last, base), base));
  }

  @Override
  public String unit() {
    return "ticks";
  }

  @Override
  public long count() {
    return files.ticks();
  }

  @Override
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>(files.remarks());
    if (rejected > 0) {
      remarks.add(rejected + " ticks rejected, the last for " + lastReject);
    }
    return remarks;
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
