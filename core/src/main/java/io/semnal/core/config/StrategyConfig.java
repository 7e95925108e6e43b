package io.semnal.core.config;

import io.semnal.core.market.Timeframe;
import java.util.List;

/**
 * Binds instruments, a timeframe, a trigger, a feature set, a model and a policy.
 *
 * @param instruments symbols, in the order of {@link EngineConfig#instruments}
 * @param model {@code name} (its champion) or {@code name@version}
 * @param publishFeatures whether signals carry their feature values
 */
public record StrategyConfig(
    String name,
    List<String> instruments,
    Timeframe timeframe,
    Trigger trigger,
    String featureSet,
    String model,
    PolicyConfig policy,
    boolean publishFeatures) {
  /** What names a model: its champion, a version, or what another alias points at. */
  static final String MODEL_REFERENCE = "[a-z0-9][a-z0-9-]{0,31}(@([1-9][0-9]{0,8}|[a-z]+))?";

  /** When the strategy scores. */
  public enum Trigger {
    BAR_CLOSE,
    TICK
  }

  public StrategyConfig {
    instruments = List.copyOf(instruments);
  }
}
