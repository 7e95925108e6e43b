package io.semnal.server.model;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.StrategyConfig;
import java.util.List;

/** How strategies name their models: {@code x} and {@code x@champion} follow, {@code x@1} stays. */
public final class ModelReferences {
  private ModelReferences() {}

  /** Each once, in the order of the strategies: as a run's header holds their models. */
  public static List<String> of(EngineConfig config) {
    return config.strategies().stream().map(StrategyConfig::model).distinct().toList();
  }

  /** Whether the strategy takes what becomes the champion of the name. */
  public static boolean isFollowing(String reference) {
    return reference.matches("[^@]*(@champion)?");
  }
}
