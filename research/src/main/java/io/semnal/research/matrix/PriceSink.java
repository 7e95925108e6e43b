package io.semnal.research.matrix;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.QualityConfig;
import io.semnal.features.Bar;
import io.semnal.inference.signal.MarketQuote;

/**
 * Takes the prices of a {@link MatrixSource} in, in the order of time: quotes between calls of
 * {@link #advanceTo}, or bars by their closes. One thread.
 */
public interface PriceSink {
  /** Instruments, timeframes and alignment that it works with. */
  EngineConfig engine();

  /** From now on quotes are treated so. */
  void quality(QualityConfig config);

  /** Whether nothing more is needed once time has come so far. */
  boolean isComplete(long time);

  /** Lets time pass: what is due closes. */
  void advanceTo(long time);

  /** A quote, once time has come to it. */
  void onQuote(
      int instrument,
      long time,
      long eventTime,
      long bid,
      long ask,
      long bidSize,
      long askSize,
      int flags);

  /** A quote that stands for {@code count}. */
  void onConflatedQuote(
      int instrument, MarketQuote quote, long bidSize, long askSize, long count, int flags);

  /**
   * Tick files are at their end.
   *
   * @param last time of the last quote
   */
  void endTicks(long last);

  /** A bar of a file, of the engine's first timeframe. */
  void onBar(int instrument, Bar bar);

  /** No more bars of files that close with the last one. */
  void endBars();

  /** A bar that a journal warmed its engine up with: it gets no row. */
  void onWarmUpBar(int instrument, int timeframe, Bar bar);
}
