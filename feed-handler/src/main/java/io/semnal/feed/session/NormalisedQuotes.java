package io.semnal.feed.session;

import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.metrics.Metrics;
import io.semnal.core.source.SourceRegistry;
import io.semnal.feed.normalise.QuoteNormalizer;
import java.util.function.LongSupplier;

/** Judges the quotes of feed sessions by a {@link QuoteNormalizer} for each source. */
public final class NormalisedQuotes implements QuoteCheck.Factory {
  private final RuntimeConfig.Feed config;
  private final SourceRegistry sources;
  private final LongSupplier now;
  private final Metrics metrics;

  /**
   * @param now the wall clock as the listener's thread may read it, UTC nanoseconds; {@code
   *     MessageLayout.ABSENT} with the source clock
   */
  public NormalisedQuotes(
      RuntimeConfig.Feed config, SourceRegistry sources, LongSupplier now, Metrics metrics) {
    this.config = config;
    this.sources = sources;
    this.now = now;
    this.metrics = metrics;
  }

  @Override
  public QuoteCheck create(int sourceId) {
    // The session knows which instruments the feed's key allows, and asked already.
    QuoteNormalizer normalizer =
        new QuoteNormalizer(config, sources.name(sourceId), id -> true, metrics);
    return (instrument, eventTime, bid, ask, flags) -> {
      int found = normalizer.flags(instrument, eventTime, bid, ask, now.getAsLong());
      return found == QuoteNormalizer.REJECTED ? QuoteCheck.REJECTED : found | flags;
    };
  }
}
