package io.semnal.core.engine;

import java.util.List;

/** Makes the engine of a run from what the run's header holds. */
@FunctionalInterface
public interface EngineFactory {
  /**
   * @param engineText the engine's configuration as the header embeds it
   * @param models the models of the run; empty: take the strategies' references from the registry
   * @throws RuntimeException naming the mismatch where the configuration or a model cannot be used
   */
  Engine create(String engineText, List<ModelPin> models, OutboundSink sink);
}
