package io.semnal.core.config;

import io.semnal.core.market.Instrument;
import io.semnal.core.market.Timeframe;
import java.time.LocalDate;
import java.util.List;

/**
 * Everything that decides what the engine says: the part of the configuration that a run's header
 * embeds. Two engines with equal configurations, models and inbound messages say the same bytes.
 *
 * @param instruments in the order of their symbols
 * @param timeframes ascending; each a multiple of the first
 * @param alignment {@code utc}, {@code ny17} or {@code fixed:+hh:mm}
 * @param holidays New York dates on which the market is closed
 * @param quality treatment per quote flag
 * @param featureSets in the order of their names
 * @param strategies in the order of their names
 */
public record EngineConfig(
    List<Instrument> instruments,
    List<Timeframe> timeframes,
    String alignment,
    List<LocalDate> holidays,
    QualityConfig quality,
    List<FeatureSetConfig> featureSets,
    List<StrategyConfig> strategies) {
  public EngineConfig {
    instruments = List.copyOf(instruments);
    timeframes = List.copyOf(timeframes);
    holidays = List.copyOf(holidays);
    featureSets = List.copyOf(featureSets);
    strategies = List.copyOf(strategies);
  }

  /** Position of a symbol in {@link #instruments}, or -1. */
  public int instrumentIndex(String symbol) {
    for (int i = 0; i < instruments.size(); i++) {
      if (instruments.get(i).symbol().equals(symbol)) {
        return i;
      }
    }
    return -1;
  }

  /** Position of a timeframe in {@link #timeframes}, or -1. */
  public int timeframeIndex(Timeframe timeframe) {
    return timeframes.indexOf(timeframe);
  }

  /** The feature set of that name, or {@code null}. */
  public FeatureSetConfig featureSet(String name) {
    for (FeatureSetConfig set : featureSets) {
      if (set.name().equals(name)) {
        return set;
      }
    }
    return null;
  }
}
