package io.semnal.inference.engine;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.engine.EngineFactory;
import io.semnal.core.engine.ModelPin;
import io.semnal.core.engine.OutboundSink;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.registry.ModelSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes signal engines from a run's configuration text and models. Keeps no state. */
public final class SignalEngineFactory implements EngineFactory {
  private final Function<String, EngineConfig> reader;
  private final ModelSource references;
  private final Function<ModelPin, LoadedModel> pinned;

  /**
   * @param reader of the configuration's canonical text
   * @param references for a run that has no models yet
   * @param pinned for a run whose header names them: by hash, beside the journal
   */
  public SignalEngineFactory(
      Function<String, EngineConfig> reader,
      ModelSource references,
      Function<ModelPin, LoadedModel> pinned) {
    this.reader = reader;
    this.references = references;
    this.pinned = pinned;
  }

  /**
   * A strategy whose model reference is empty scores nothing: its scores say NO_MODEL.
   *
   * @throws RuntimeException naming the mismatch; models loaded so far are closed
   */
  @Override
  public SignalEngine create(String engineText, List<ModelPin> pins, OutboundSink sink) {
    EngineConfig config = reader.apply(engineText);
    Map<String, LoadedModel> byReference = new LinkedHashMap<>();
    Map<String, LoadedModel> byStrategy = new LinkedHashMap<>();
    try {
      for (StrategyConfig strategy : config.strategies()) {
        String reference = strategy.model();
        if (reference.isEmpty()) {
          continue;
        }
        LoadedModel model = byReference.get(reference);
        if (model == null) {
          model = load(reference, byReference.size(), pins);
          byReference.put(reference, model);
        }
        byStrategy.put(strategy.name(), model);
      }
      return new SignalEngine(config, byStrategy, pinned, sink);
    } catch (RuntimeException e) {
      byReference.values().forEach(LoadedModel::close);
      throw e;
    }
  }

  /**
   * Pins stand in the order of the strategies' references, each reference once: see {@link
   * SignalEngine#pins}. So they fit however a name's alias moved between two strategies.
   */
  private LoadedModel load(String reference, int position, List<ModelPin> pins) {
    if (pins.isEmpty()) {
      return references.load(reference);
    }
    String name = reference.replaceFirst("@.*", "");
    if (position >= pins.size() || !pins.get(position).name().equals(name)) {
      throw new ModelRefusedException(
          "the run's header pins "
              + pins.stream().map(pin -> pin.name() + "@" + pin.version()).toList()
              + ", which does not fit model reference "
              + (position + 1)
              + " of its configuration, '"
              + reference
              + "'");
    }
    return pinned.apply(pins.get(position));
  }
}
