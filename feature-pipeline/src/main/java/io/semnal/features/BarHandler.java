package io.semnal.features;

/** Receives closed bars. */
@FunctionalInterface
public interface BarHandler {
  /**
   * @param instrument position in the configuration's instruments
   * @param timeframe position in the configuration's timeframes
   * @param bar valid during the call only
   */
  void onBar(int instrument, int timeframe, Bar bar);
}
