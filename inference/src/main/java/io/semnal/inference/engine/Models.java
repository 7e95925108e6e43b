package io.semnal.inference.engine;

import io.semnal.core.engine.ModelPin;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.EngineState;
import io.semnal.protocol.sbe.MarketSession;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import org.agrona.DirectBuffer;

/** The models of the strategies: their ids, and the change from one to the next. Cold. */
final class Models {
  private final Wiring wiring;
  private final Definitions definitions;
  private final StatusWriter status;
  private final EarlierRuns earlier;
  private final OutcomeStatistics outcomes;
  private final Map<String, LoadedModel> prepared = new ConcurrentHashMap<>();
  private final Map<Integer, String> names = new ConcurrentHashMap<>();
  private final Set<LoadedModel> owned = new CopyOnWriteArraySet<>();
  private final List<ModelPin> pins = new ArrayList<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final ModelActivationDecoder activation = new ModelActivationDecoder();
  private final byte[] hash = new byte[32];

  Models(
      Wiring wiring,
      Definitions definitions,
      StatusWriter status,
      EarlierRuns earlier,
      OutcomeStatistics outcomes) {
    this.wiring = wiring;
    this.definitions = definitions;
    this.status = status;
    this.earlier = earlier;
    this.outcomes = outcomes;
    Map<String, LoadedModel> references = new LinkedHashMap<>();
    for (StrategyState strategy : wiring.strategies) {
      if (strategy.model != null) {
        references.putIfAbsent(strategy.config.model(), strategy.model);
      }
    }
    for (LoadedModel model : references.values()) {
      owned.add(model);
      pins.add(
          new ModelPin(
              model.card().name(), model.card().version(), model.sha256().clone(), model.kind()));
    }
  }

  /** By strategy, each model once. */
  private List<LoadedModel> inUse() {
    List<LoadedModel> models = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (StrategyState strategy : wiring.strategies) {
      if (strategy.model != null && !seen.contains(Definitions.modelKey(strategy.model))) {
        seen.add(Definitions.modelKey(strategy.model));
        models.add(strategy.model);
      }
    }
    return models;
  }

  List<ModelPin> pins() {
    return List.copyOf(pins);
  }

  void giveIds() {
    for (StrategyState strategy : wiring.strategies) {
      if (strategy.model != null) {
        giveId(strategy);
      }
    }
  }

  private void giveId(StrategyState strategy) {
    strategy.modelId = earlier.models.define(Definitions.modelKey(strategy.model));
    names.put(
        strategy.modelId, strategy.model.card().name() + "@" + strategy.model.card().version());
    for (StrategySlot slot : wiring.slots) {
      if (slot.strategy == strategy) {
        bindOutcomes(slot);
      }
    }
  }

  /** As soon as the instrument's id is known as well. */
  void bindOutcomes(StrategySlot slot) {
    if (slot.instrument.id == 0 || slot.strategy.modelId == 0) {
      return;
    }
    for (int i = 0; i < slot.outcomes.length; i++) {
      slot.outcomes[i] =
          outcomes.row(
              slot.strategy.modelId,
              slot.instrument.id,
              slot.strategy.seconds(),
              MarketSession.values()[i]);
    }
  }

  String name(int modelId) {
    return names.getOrDefault(modelId, "?");
  }

  void define() {
    for (LoadedModel model : inUse()) {
      definitions.model(model, earlier.models.define(Definitions.modelKey(model)));
    }
  }

  /** Any thread. */
  void prepare(LoadedModel model) {
    owned.add(model);
    prepared.put(HexFormat.of().formatHex(model.sha256()), model);
  }

  /**
   * The strategies that follow this name (not those bound to one version of it) change over. A
   * model that is not here, or does not fit one of them, changes nothing, and clients are told why.
   */
  void onActivation(DirectBuffer buffer, int offset) {
    activation.wrapAndApplyHeader(buffer, offset, header);
    activation.getSha256(hash, 0, hash.length);
    String name = activation.name();
    String hex = HexFormat.of().formatHex(hash);
    LoadedModel model = prepared.get(hex);
    String refusal = model == null ? "model " + name + " " + hex + " is not loaded" : null;
    for (StrategyState strategy : wiring.strategies) {
      if (refusal == null && strategy.follows(name)) {
        refusal = refusal(strategy, model);
      }
    }
    if (refusal != null) {
      status.engine(
          0,
          0,
          EngineState.RUNNING,
          EngineCommandType.NULL_VAL,
          MessageLayout.ABSENT,
          "not activated, the old model stays: " + refusal);
      return;
    }
    definitions.model(model, earlier.models.define(Definitions.modelKey(model)));
    for (StrategyState strategy : wiring.strategies) {
      if (strategy.follows(name)) {
        strategy.use(model);
        giveId(strategy);
        definitions.strategy(strategy);
      }
    }
  }

  private static String refusal(StrategyState strategy, LoadedModel model) {
    try {
      strategy.check(model);
      return null;
    } catch (ModelRefusedException e) {
      return e.getMessage();
    }
  }

  void close() {
    owned.forEach(LoadedModel::close);
  }
}
