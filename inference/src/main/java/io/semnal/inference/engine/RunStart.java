package io.semnal.inference.engine;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.features.FeaturePipeline;
import java.util.Map;

/**
 * Begins a run: gives ids, takes over what earlier runs left open, cancels what has no place any
 * more, and tells clients what there is. Cold.
 */
final class RunStart {
  private final Wiring wiring;
  private final EarlierRuns earlier;
  private final InstrumentIds ids;
  private final Models models;
  private final Definitions definitions;
  private final SignalLives lives;

  RunStart(
      Wiring wiring,
      EarlierRuns earlier,
      InstrumentIds ids,
      Models models,
      Definitions definitions,
      SignalLives lives) {
    this.wiring = wiring;
    this.earlier = earlier;
    this.ids = ids;
    this.models = models;
    this.definitions = definitions;
    this.lives = lives;
  }

  /**
   * Ids of instruments that earlier runs published: warm-up begins long after their inbound
   * definitions.
   */
  void recogniseInstruments() {
    for (InstrumentState instrument : wiring.instruments) {
      int id = earlier.instruments.find(instrument.instrument.symbol());
      if (id != 0) {
        ids.learn(instrument.instrument.symbol(), id);
      }
    }
  }

  /** Ids by name, in the order of the names, and open signals by place. */
  void takeOver() {
    for (StrategyState strategy : wiring.strategies) {
      strategy.id = earlier.strategies.define(strategy.config.name());
      strategy.featureSetId =
          earlier.featureSets.define(
              Definitions.featureSetKey(strategy.set.name(), FeaturePipeline.hash(strategy.set)));
    }
    recogniseInstruments();
    for (InstrumentState instrument : wiring.instruments) {
      ids.bindTopics(instrument);
    }
    models.giveIds();
    for (StrategySlot slot : wiring.slots) {
      EarlierRuns.Past past = earlier.pasts().remove(place(slot));
      if (past != null) {
        lives.resume(slot, past);
      }
    }
  }

  private static EarlierRuns.Place place(StrategySlot slot) {
    return new EarlierRuns.Place(slot.strategy.id, slot.instrument.id, slot.strategy.seconds());
  }

  boolean isUnknownStrategy(int id) {
    if (id == 0) {
      return false;
    }
    for (StrategyState strategy : wiring.strategies) {
      if (strategy.id == id) {
        return false;
      }
    }
    return true;
  }

  /** Ends open signals of strategies, instruments and timeframes that are no longer configured. */
  void cancelOrphans() {
    for (Map.Entry<EarlierRuns.Place, EarlierRuns.Past> entry : earlier.pasts().entrySet()) {
      if (entry.getValue().signal.isOpen()) {
        EarlierRuns.Place place = entry.getKey();
        lives.cancelOrphan(place, entry.getValue().signal, ids.find(place.instrumentId()));
      }
    }
    earlier.pasts().clear();
  }

  /** Feature sets, models, strategies; instruments follow with their inbound definitions. */
  void define() {
    for (FeatureSetConfig set : wiring.usedSets()) {
      int id =
          earlier.featureSets.define(
              Definitions.featureSetKey(set.name(), FeaturePipeline.hash(set)));
      definitions.featureSet(set, id);
    }
    models.define();
    for (StrategyState strategy : wiring.strategies) {
      definitions.strategy(strategy);
    }
  }
}
