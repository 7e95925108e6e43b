package io.semnal.inference.engine;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.PolicyConfig;
import io.semnal.core.config.QualityConfig;
import io.semnal.core.config.QualityConfig.Treatment;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import java.util.ArrayList;
import java.util.List;

/** Builds small engine configurations; every default can be changed before {@link #build}. */
final class TestConfig {
  static final Instrument EURUSD = new Instrument("EURUSD", "EUR", "USD", 10_000, 5);
  static final Instrument USDJPY = new Instrument("USDJPY", "USD", "JPY", 1_000_000, 3);
  static final List<String> COLUMNS = List.of("diff(close, 1)", "close");

  List<Instrument> instruments = List.of(EURUSD, USDJPY);
  List<Timeframe> timeframes = List.of(Timeframe.M1, Timeframe.M5);
  List<FeatureSetConfig> sets = new ArrayList<>();
  List<StrategyConfig> strategies = new ArrayList<>();
  QualityConfig quality =
      new QualityConfig(
          Treatment.FLAG,
          Treatment.FLAG,
          Treatment.FLAG,
          Treatment.DROP,
          Treatment.FLAG,
          Treatment.ACCEPT,
          Treatment.ACCEPT);

  double threshold = 0.6;
  double margin = 0.1;
  int cooldownBars;
  double maxSpreadPips = 3;
  double stopAtr = 2;
  double targetAtr = 3;
  int horizonBars = 10;
  double maxSlippageAtr = 1;
  double commissionPips;
  boolean publishNeutral;
  boolean publishFeatures;
  boolean allowLabelMismatch;

  TestConfig() {
    sets.add(new FeatureSetConfig("fx", Timeframe.M1, FeatureSetConfig.Price.MID, COLUMNS));
  }

  PolicyConfig policy() {
    return new PolicyConfig(
        threshold,
        threshold,
        margin,
        cooldownBars,
        maxSpreadPips,
        stopAtr,
        targetAtr,
        1,
        horizonBars,
        maxSlippageAtr,
        commissionPips,
        publishNeutral,
        allowLabelMismatch);
  }

  TestConfig strategy(String name, StrategyConfig.Trigger trigger, String... symbols) {
    return bind(name, trigger, "fx", "test", symbols);
  }

  TestConfig bind(
      String name, StrategyConfig.Trigger trigger, String set, String model, String... symbols) {
    Timeframe timeframe =
        sets.stream().filter(s -> s.name().equals(set)).findFirst().orElseThrow().timeframe();
    strategies.add(
        new StrategyConfig(
            name, List.of(symbols), timeframe, trigger, set, model, policy(), publishFeatures));
    return this;
  }

  EngineConfig build() {
    return new EngineConfig(instruments, timeframes, "utc", List.of(), quality, sets, strategies);
  }
}
