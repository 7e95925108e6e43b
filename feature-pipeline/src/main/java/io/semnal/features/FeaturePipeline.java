package io.semnal.features;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;

/**
 * Bars and features of all instruments: one graph, fed by quotes, closed by boundaries.
 * Deterministic, single-threaded, allocation-free once built.
 *
 * <p>Order of calls: {@link #bind} for every row that is wanted; then, as time goes on, {@link
 * #closeBoundary} for every {@link #nextBoundary} that is due, and {@link #onQuote}.
 */
public final class FeaturePipeline {
  /**
   * @throws IllegalArgumentException naming the feature set, column and character of a wrong
   *     expression
   */
  public FeaturePipeline(EngineConfig config) {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * A row of a feature set (configured, or made up by the caller) for one instrument. Equal
   * expressions share their nodes.
   *
   * @param instrument position in the configuration's instruments
   */
  public FeatureRow bind(FeatureSetConfig set, int instrument) {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * SHA-256 over names, parameters and code version of a set's columns: the contract with a model.
   */
  public static byte[] hash(FeatureSetConfig set) {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * Takes a quote into the instrument's forming bar. The caller has closed every boundary up to
   * {@code time}.
   *
   * @param flags the schema's {@code QuoteFlags}
   * @return the flags, with {@code late} added where the event time lies before the forming bar;
   *     such a quote changes no price of any bar
   */
  public int onQuote(
      int instrument,
      long time,
      long eventTime,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      int flags) {
    throw new UnsupportedOperationException("being built");
  }

  /** Takes a closed bar of a file in, as if its boundary had just passed. */
  public void onHistoricalBar(int instrument, int timeframe, Bar bar) {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * The earliest time at which a forming bar closes; {@link Long#MAX_VALUE} where none is forming.
   */
  public long nextBoundary() {
    throw new UnsupportedOperationException("being built");
  }

  /**
   * Closes all bars that end at {@code boundary}, of all instruments and timeframes, brings every
   * node up to date, then hands the bars over by instrument, then timeframe.
   */
  public void closeBoundary(long boundary, BarHandler handler) {
    throw new UnsupportedOperationException("being built");
  }

  /** The forming bar, or one with no ticks; valid until the next call. */
  public Bar forming(int instrument, int timeframe) {
    throw new UnsupportedOperationException("being built");
  }
}
