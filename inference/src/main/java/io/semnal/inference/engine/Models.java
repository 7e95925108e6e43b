package io.semnal.inference.engine;

import io.semnal.core.engine.ModelPin;
import io.semnal.core.state.StateMismatchException;
import io.semnal.core.state.StateVisitor;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.protocol.MessageLayout;
import io.semnal.protocol.sbe.EngineCommandType;
import io.semnal.protocol.sbe.EngineState;
import io.semnal.protocol.sbe.MarketSession;
import io.semnal.protocol.sbe.MessageHeaderDecoder;
import io.semnal.protocol.sbe.ModelActivationDecoder;
import io.semnal.protocol.sbe.ScorerKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.agrona.DirectBuffer;

/** The models of the strategies: their ids, and the change from one to the next. Cold. */
public final class Models {
  private final Wiring wiring;
  private final Definitions definitions;
  private final StatusWriter status;
  private final EarlierRuns earlier;
  private final OutcomeStatistics outcomes;
  private final Map<String, ModelHandover> prepared = new ConcurrentHashMap<>();
  private final Map<String, Integer> activeIds = new ConcurrentHashMap<>();
  private final Queue<LoadedModel> retired = new ConcurrentLinkedQueue<>();
  private final Map<Integer, ModelCard> cards = new ConcurrentHashMap<>();
  private final Set<LoadedModel> owned =
      Collections.newSetFromMap(Collections.synchronizedMap(new IdentityHashMap<>()));
  private final List<ModelPin> pins = new ArrayList<>();
  private final MessageHeaderDecoder header = new MessageHeaderDecoder();
  private final ModelActivationDecoder activation = new ModelActivationDecoder();
  private final byte[] hash = new byte[32];
  private volatile List<ActiveModel> active;

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
      pins.add(pin(model));
    }
    active = lookAtActive();
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
    cards.put(strategy.modelId, strategy.model.card());
    activeIds.put(strategy.config.name(), strategy.modelId);
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
    ModelCard card = cards.get(modelId);
    return card == null ? "?" : card.name() + "@" + card.version();
  }

  /**
   * The card of a model that scores or scored in this run, by its id; or {@code null}. Any thread.
   */
  public ModelCard card(int modelId) {
    return cards.get(modelId);
  }

  void define() {
    for (LoadedModel model : inUse()) {
      definitions.model(model, earlier.models.define(Definitions.modelKey(model)));
    }
  }

  /**
   * Hands over a model that a ModelActivation message will name; it must be here before that
   * message. Any thread; the engine closes it.
   */
  public ModelHandover prepare(LoadedModel model) {
    ModelHandover handover = new ModelHandover(model);
    owned.add(model);
    ModelHandover earlier = prepared.put(Definitions.modelKey(model), handover);
    if (earlier != null) {
      retire(earlier.model());
    }
    return handover;
  }

  /**
   * Takes a model back that no activation will name. Any thread.
   *
   * @return whether it was still there; else the engine has answered, or is about to
   */
  public boolean withdraw(ModelHandover handover) {
    LoadedModel model = handover.model();
    boolean there = prepared.remove(Definitions.modelKey(model), handover);
    if (there) {
      retire(model);
    }
    return there;
  }

  /** No strategy scores with it any more, nor will. */
  private void retire(LoadedModel model) {
    retired.add(model);
    owned.remove(model);
  }

  /** Closes what no strategy scores with any more. Any thread: the engine has let go of it. */
  public void closeRetired() {
    for (LoadedModel model = retired.poll(); model != null; model = retired.poll()) {
      model.close();
    }
  }

  /**
   * What keeps a model from becoming the one that its name's strategies score with, or {@code
   * null}. Any thread: configuration alone is asked.
   */
  public String refusal(LoadedModel model) {
    boolean followed = false;
    for (StrategyState strategy : wiring.strategies) {
      if (strategy.follows(model.card().name())) {
        followed = true;
        String refusal = refusal(strategy, model);
        if (refusal != null) {
          return refusal;
        }
      }
    }
    return followed ? null : "no strategy follows " + model.card().name();
  }

  /**
   * What keeps a model from scoring for one strategy, or {@code null}. Any thread.
   *
   * @param strategy position in the configuration
   */
  public String refusal(LoadedModel model, int strategy) {
    return refusal(wiring.strategies[strategy], model);
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
    ModelHandover handover =
        prepared.remove(Definitions.modelKey(name, activation.version(), hex, activation.scorer()));
    String refusal =
        handover == null ? "model " + name + " " + hex + " is not loaded" : apply(handover.model());
    if (refusal != null) {
      status.engine(
          0,
          0,
          EngineState.RUNNING,
          EngineCommandType.NULL_VAL,
          MessageLayout.ABSENT,
          "not activated, the old model stays: " + refusal);
    }
    if (handover != null) {
      handover.answer(refusal, activation.journalSeq());
    }
  }

  /** Changes over, or says why not. */
  private String apply(LoadedModel model) {
    String refusal = refusal(model);
    if (refusal != null) {
      retire(model);
      return refusal;
    }
    List<LoadedModel> before = new ArrayList<>();
    definitions.model(model, earlier.models.define(Definitions.modelKey(model)));
    for (StrategyState strategy : wiring.strategies) {
      if (strategy.follows(model.card().name())) {
        if (strategy.model != null) {
          before.add(strategy.model);
        }
        strategy.bind(model);
        giveId(strategy);
        definitions.strategy(strategy);
      }
    }
    for (LoadedModel old : before) {
      if (!scores(old) && owned.contains(old)) {
        retire(old);
      }
    }
    active = lookAtActive();
    return null;
  }

  /** The model that scores for each strategy. Any thread. */
  public List<ActiveModel> active() {
    return active;
  }

  /** The id of the model that scores for a strategy; 0 = none, or not begun. Any thread. */
  public int activeId(String strategy) {
    return activeIds.getOrDefault(strategy, 0);
  }

  /** Plain loops: once in a while this runs on the engine's thread, uncompiled. */
  private List<ActiveModel> lookAtActive() {
    List<ActiveModel> now = new ArrayList<>();
    for (StrategyState strategy : wiring.strategies) {
      ModelPin pin = strategy.model == null ? null : pin(strategy.model);
      now.add(new ActiveModel(strategy.config.name(), strategy.config.model(), pin));
    }
    return Collections.unmodifiableList(now);
  }

  /**
   * Which model scores for each strategy, by its pin. One that is not here is fetched, and what no
   * strategy scores with any more is closed. Models that were handed over but not activated are not
   * part of it: whoever passes the activation on hands its model over again.
   *
   * @param kept finds a model by its pin
   */
  void state(StateVisitor s, Function<ModelPin, LoadedModel> kept) {
    s.section("models");
    List<LoadedModel> before = inUse();
    Map<String, LoadedModel> here = new HashMap<>();
    before.forEach(model -> here.put(Definitions.modelKey(model), model));
    for (StrategyState strategy : wiring.strategies) {
      ModelPin pin = visit(s, strategy.model == null ? null : pin(strategy.model));
      if (s.isReading()) {
        change(
            strategy, pin == null ? null : here.computeIfAbsent(key(pin), k -> fetch(pin, kept)));
      }
    }
    if (s.isReading()) {
      before.stream()
          .filter(model -> !scores(model) && owned.contains(model))
          .forEach(this::retire);
      closeRetired();
      active = lookAtActive();
    }
  }

  private LoadedModel fetch(ModelPin pin, Function<ModelPin, LoadedModel> kept) {
    LoadedModel model = kept.apply(pin);
    owned.add(model);
    if (!Definitions.modelKey(model).equals(key(pin))) {
      throw new StateMismatchException(
          "asked for model " + key(pin) + ", got " + Definitions.modelKey(model));
    }
    return model;
  }

  private void change(StrategyState strategy, LoadedModel model) {
    if (model == null) {
      strategy.unbind();
    } else if (strategy.model == null
        || !Definitions.modelKey(strategy.model).equals(Definitions.modelKey(model))) {
      strategy.use(model);
    }
    if (model != null && strategy.modelId != 0) {
      cards.put(strategy.modelId, model.card());
      activeIds.put(strategy.config.name(), strategy.modelId);
    }
  }

  private static ModelPin visit(StateVisitor s, ModelPin pin) {
    if (!s.of(pin != null)) {
      return null;
    }
    ModelPin p = pin == null ? new ModelPin("", 0, null, ScorerKind.NULL_VAL) : pin;
    return new ModelPin(s.of(p.name()), s.of(p.version()), s.of(p.sha256()), s.of(p.scorer()));
  }

  private static String key(ModelPin pin) {
    String hex = HexFormat.of().formatHex(pin.sha256());
    return Definitions.modelKey(pin.name(), pin.version(), hex, pin.scorer());
  }

  private boolean scores(LoadedModel model) {
    for (StrategyState strategy : wiring.strategies) {
      if (strategy.model == model) {
        return true;
      }
    }
    return false;
  }

  private static ModelPin pin(LoadedModel model) {
    return new ModelPin(
        model.card().name(), model.card().version(), model.sha256().clone(), model.kind());
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
    closeRetired();
  }
}
