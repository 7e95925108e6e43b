package io.semnal.inference.engine;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.core.state.StateVisitor;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.signal.OutcomeStatistics;
import io.semnal.inference.signal.SignalBook;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The configured instruments and strategies, and the slots where they meet. Built once. */
final class Wiring {
  final EngineConfig config;
  final FeaturePipeline pipeline;
  final InstrumentState[] instruments;
  final StrategyState[] strategies;

  /** By strategy, then instrument. */
  final StrategySlot[] slots;

  final SignalBook book;

  /** Slots of trigger bar-close by {@code instrument × timeframes + timeframe}, by strategy. */
  final StrategySlot[][] barCloseSlots;

  /**
   * @param models by strategy name; a strategy without one scores nothing
   */
  Wiring(EngineConfig config, Map<String, LoadedModel> models) {
    this.config = config;
    pipeline = new FeaturePipeline(config);
    instruments = new InstrumentState[config.instruments().size()];
    int timeframes = config.timeframes().size();
    for (int i = 0; i < instruments.length; i++) {
      instruments[i] = new InstrumentState(i, config.instruments().get(i), timeframes);
    }
    strategies = new StrategyState[config.strategies().size()];
    int count = 0;
    for (int i = 0; i < strategies.length; i++) {
      strategies[i] = strategy(i, config.strategies().get(i), models);
      count += strategies[i].config.instruments().size();
    }
    book = new SignalBook(count);
    slots = slots(count);
    writePlans();
    for (InstrumentState instrument : instruments) {
      instrument.slots = select(slot -> slot.instrument == instrument);
      instrument.tickSlots =
          select(slot -> slot.instrument == instrument && slot.strategy.isTick());
    }
    barCloseSlots = new StrategySlot[instruments.length * timeframes][];
    for (int key = 0; key < barCloseSlots.length; key++) {
      int k = key;
      barCloseSlots[key] =
          select(
              slot ->
                  !slot.strategy.isTick()
                      && slot.instrument.index * timeframes + slot.timeframe == k);
    }
  }

  /** Now, so that no quote waits for it. */
  private void writePlans() {
    pipeline.seal();
    for (StrategySlot slot : slots) {
      if (slot.strategy.isTick()) {
        slot.row.prepareForming();
      }
    }
  }

  private StrategyState strategy(
      int index, StrategyConfig strategy, Map<String, LoadedModel> models) {
    FeatureSetConfig set = config.featureSet(strategy.featureSet());
    if (set == null) {
      throw new IllegalArgumentException(
          "strategy " + strategy.name() + ": no feature set '" + strategy.featureSet() + "'");
    }
    if (!set.timeframe().equals(strategy.timeframe())) {
      throw new IllegalArgumentException(
          "strategy "
              + strategy.name()
              + " runs on "
              + strategy.timeframe()
              + ", its feature set "
              + set.name()
              + " on "
              + set.timeframe());
    }
    StrategyState state = new StrategyState(index, strategy, set);
    LoadedModel model = models.get(strategy.name());
    if (model != null) {
      state.use(model);
    }
    return state;
  }

  private StrategySlot[] slots(int count) {
    List<StrategySlot> all = new ArrayList<>(count);
    for (StrategyState strategy : strategies) {
      Timeframe timeframe = strategy.config.timeframe();
      FeatureSetConfig atr =
          new FeatureSetConfig(
              strategy.config.name() + ".atr",
              timeframe,
              FeatureSetConfig.Price.MID,
              List.of("atr(" + strategy.policy().atrPeriod() + ")"));
      for (InstrumentState instrument : instruments) {
        if (strategy.config.instruments().contains(instrument.instrument.symbol())) {
          all.add(
              new StrategySlot(
                  all.size(),
                  strategy,
                  instrument,
                  timeframeIndex(strategy.config),
                  pipeline.bind(strategy.set, instrument.index),
                  pipeline.bind(atr, instrument.index),
                  book.signal(all.size())));
        }
      }
    }
    if (all.size() != count) {
      throw new IllegalArgumentException("a strategy names an instrument that is not configured");
    }
    return all.toArray(new StrategySlot[0]);
  }

  private int timeframeIndex(StrategyConfig strategy) {
    int index = config.timeframeIndex(strategy.timeframe());
    if (index < 0) {
      throw new IllegalArgumentException(
          "strategy "
              + strategy.name()
              + ": timeframe "
              + strategy.timeframe()
              + " is not among "
              + config.timeframes());
    }
    return index;
  }

  /**
   * @param outcomes visited already: the slots refer to its rows
   */
  void state(StateVisitor s, OutcomeStatistics outcomes) {
    for (InstrumentState instrument : instruments) {
      instrument.state(s);
    }
    for (StrategyState strategy : strategies) {
      strategy.state(s);
    }
    for (StrategySlot slot : slots) {
      slot.state(s, outcomes);
    }
    book.state(s);
    pipeline.state(s);
  }

  private StrategySlot[] select(Predicate<StrategySlot> which) {
    return Arrays.stream(slots).filter(which).toArray(StrategySlot[]::new);
  }

  /** Position of a timeframe of that many seconds, or -1. */
  int timeframeOf(int seconds) {
    for (int i = 0; i < config.timeframes().size(); i++) {
      if (config.timeframes().get(i).seconds() == seconds) {
        return i;
      }
    }
    return -1;
  }

  int mostColumns() {
    return Arrays.stream(slots).mapToInt(slot -> slot.row.columns()).max().orElse(0);
  }

  /**
   * The most that one message can cause: every bar closes at most once without a further quote; see
   * the class comment of {@link SignalEngine} for a slot's part.
   */
  int maxOutbound() {
    int bars = instruments.length * config.timeframes().size();
    int barSlots = (int) Arrays.stream(slots).filter(slot -> !slot.strategy.isTick()).count();
    int tickSlots = slots.length - barSlots;
    int mostTickSlots =
        Arrays.stream(instruments).mapToInt(i -> i.tickSlots.length).max().orElse(0);
    int blackouts = (instruments.length + 1) * (strategies.length + 1);
    int activation = 1 + strategies.length;
    return bars
        + blackouts
        + 4 * barSlots
        + tickSlots
        + Math.max(3 * mostTickSlots, activation)
        + 1;
  }

  /** The sets that strategies are bound to, in the order of their names. */
  List<FeatureSetConfig> usedSets() {
    return config.featureSets().stream()
        .filter(
            set ->
                config.strategies().stream()
                    .anyMatch(strategy -> strategy.featureSet().equals(set.name())))
        .toList();
  }

  /** The longest message that this configuration can cause, header included. */
  int maxLength() {
    int longest = Math.max(StatusWriter.MAX_LENGTH, OutboundWriter.EVENT_LENGTH);
    longest = Math.max(longest, Math.max(OutboundWriter.BAR_LENGTH, OutboundWriter.SCORE_LENGTH));
    for (StrategyState strategy : strategies) {
      int values = strategy.config.publishFeatures() ? strategy.set.width() * Float.BYTES : 0;
      longest = Math.max(longest, OutboundWriter.SIGNAL_LENGTH + values);
      int policy = Definitions.utf8(Definitions.policyText(strategy.policy())).length;
      longest = Math.max(longest, Definitions.strategyLength(policy));
    }
    for (FeatureSetConfig set : usedSets()) {
      for (String column : set.inputs()) {
        longest = Math.max(longest, Definitions.featureSetLength(Definitions.utf8(column).length));
      }
    }
    return longest;
  }
}
