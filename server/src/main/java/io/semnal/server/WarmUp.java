package io.semnal.server;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.PolicyConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.features.FeaturePipeline;
import java.time.Duration;
import java.util.List;

/** How long a history the features of a configuration need. */
public final class WarmUp {
  /** Bars are missing where no quote came: a tenth more than a gapless history needs. */
  private static final double SPARE = 1.1;

  private static final double DAYS_A_WEEK = 7.0;
  private static final double TRADING_DAYS_A_WEEK = 5.0;
  private static final Duration WEEKEND_AND_HOLIDAY = Duration.ofDays(3);

  private WarmUp() {}

  /** Market-open time until every column of every strategy is warm. */
  public static Duration openSpan(EngineConfig config) {
    FeaturePipeline pipeline = new FeaturePipeline(config);
    long longest = 0;
    for (StrategyConfig strategy : config.strategies()) {
      FeatureSetConfig set = config.featureSet(strategy.featureSet());
      longest = Math.max(longest, seconds(pipeline, set));
      longest = Math.max(longest, seconds(pipeline, atr(strategy)));
    }
    return Duration.ofSeconds((long) (longest * SPARE) + 1);
  }

  /** Engine time back from now beyond which no quote matters to a feature, weekends included. */
  public static Duration span(EngineConfig config) {
    double seconds = openSpan(config).toSeconds() * DAYS_A_WEEK / TRADING_DAYS_A_WEEK;
    return Duration.ofSeconds((long) seconds).plus(WEEKEND_AND_HOLIDAY);
  }

  private static long seconds(FeaturePipeline pipeline, FeatureSetConfig set) {
    long longest = 0;
    for (var needed : pipeline.warmUpBars(set).entrySet()) {
      Timeframe timeframe = needed.getKey();
      longest = Math.max(longest, (long) timeframe.seconds() * (needed.getValue() + 1));
    }
    return longest;
  }

  private static FeatureSetConfig atr(StrategyConfig strategy) {
    PolicyConfig policy = strategy.policy();
    return new FeatureSetConfig(
        "atr",
        strategy.timeframe(),
        FeatureSetConfig.Price.MID,
        List.of("atr(" + policy.atrPeriod() + ")"));
  }
}
