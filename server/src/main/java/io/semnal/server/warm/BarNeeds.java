package io.semnal.server.warm;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.features.FeaturePipeline;
import io.semnal.features.FeatureRow;
import io.semnal.features.WarmUpNeed;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many bars of which instruments and timeframes the strategies need until all are warm. */
public final class BarNeeds {
  private final EngineConfig config;

  /** By instrument, then timeframe, both positions in the configuration. */
  private final int[][] bars;

  private BarNeeds(EngineConfig config) {
    this.config = config;
    bars = new int[config.instruments().size()][config.timeframes().size()];
  }

  /** Of all strategies. */
  public static BarNeeds of(EngineConfig config) {
    BarNeeds needs = new BarNeeds(config);
    FeaturePipeline pipeline = new FeaturePipeline(config);
    for (StrategyConfig strategy : config.strategies()) {
      for (String symbol : strategy.instruments()) {
        int instrument = config.instrumentIndex(symbol);
        FeatureSetConfig set = config.featureSet(strategy.featureSet());
        needs.add(pipeline.bind(set, instrument), set.columns().size());
        needs.add(pipeline.bind(atr(strategy), instrument), 1);
      }
    }
    return needs;
  }

  /** Of a window, the columns of its oldest row need the most; they come first. */
  private void add(FeatureRow row, int columns) {
    for (int i = 0; i < columns; i++) {
      for (WarmUpNeed need : row.warmUp(i)) {
        int timeframe = config.timeframeIndex(need.timeframe());
        int[] own = bars[need.instrument()];
        own[timeframe] = Math.max(own[timeframe], need.bars());
      }
    }
  }

  /** The column that scales a strategy's levels, as a set of its own. */
  public static FeatureSetConfig atr(StrategyConfig strategy) {
    return new FeatureSetConfig(
        strategy.name() + ".atr",
        strategy.timeframe(),
        FeatureSetConfig.Price.MID,
        List.of("atr(" + strategy.policy().atrPeriod() + ")"));
  }

  /** Closed bars of one instrument and timeframe; 0 = none are needed. */
  public int bars(int instrument, int timeframe) {
    return bars[instrument][timeframe];
  }

  /** Bars of one instrument by timeframe. */
  public SortedMap<Timeframe, Integer> ofInstrument(int instrument) {
    SortedMap<Timeframe, Integer> needed = new TreeMap<>();
    for (int t = 0; t < bars[instrument].length; t++) {
      if (bars[instrument][t] > 0) {
        needed.put(config.timeframes().get(t), bars[instrument][t]);
      }
    }
    return needed;
  }
}
