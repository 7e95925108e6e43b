package io.semnal.inference.engine;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.PolicyConfig;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelContract;
import io.semnal.inference.registry.ModelRefusedException;
import io.semnal.inference.signal.DecisionPolicy;
import io.semnal.inference.signal.LabelPolicy;
import io.semnal.inference.signal.ModelOutput;

/** One configured strategy with the model that scores for it now. */
final class StrategyState implements Stateful {
  final int index;
  final StrategyConfig config;
  final FeatureSetConfig set;
  final DecisionPolicy decision;

  /** Made once: a model is checked on the engine's thread as well, where a tick may wait. */
  private final byte[] setHash;

  private final String labels;
  int id;
  int featureSetId;

  /** {@code null} = none: every score says NO_MODEL. */
  LoadedModel model;

  ModelOutput output;
  int modelId;

  StrategyState(int index, StrategyConfig config, FeatureSetConfig set) {
    this.index = index;
    this.config = config;
    this.set = set;
    decision = new DecisionPolicy(config.policy());
    setHash = FeaturePipeline.hash(set);
    labels = LabelPolicy.text(config.policy(), config.timeframe());
  }

  /** Without the model itself, which {@link Models} brings back. */
  @Override
  public void state(StateVisitor s) {
    s.section(config.name());
    id = s.of(id);
    featureSetId = s.of(featureSetId);
    modelId = s.of(modelId);
  }

  PolicyConfig policy() {
    return config.policy();
  }

  /** Whether the strategy takes what becomes the champion of this name, or stays with a version. */
  boolean follows(String name) {
    return config.model().equals(name) || config.model().equals(name + "@champion");
  }

  boolean isTick() {
    return config.trigger() == StrategyConfig.Trigger.TICK;
  }

  int seconds() {
    return config.timeframe().seconds();
  }

  /**
   * From now on this model scores.
   *
   * @throws ModelRefusedException where it does not fit this strategy; the old one stays
   */
  void use(LoadedModel candidate) {
    check(candidate);
    bind(candidate);
  }

  /** As {@link #use}, of a model that was checked. */
  void bind(LoadedModel candidate) {
    output = new ModelOutput(candidate.card());
    model = candidate;
  }

  /** From now on none scores. */
  void unbind() {
    output = null;
    model = null;
  }

  /**
   * @throws ModelRefusedException saying what keeps the model from scoring for this strategy
   */
  void check(LoadedModel candidate) {
    ModelCard card = candidate.card();
    ModelContract.check(card, set, setHash);
    String who = "model " + card.name() + "@" + card.version() + " for strategy " + config.name();
    if (candidate.scorer().features() != set.width()) {
      throw new ModelRefusedException(
          who
              + ": takes "
              + candidate.scorer().features()
              + " features, feature set "
              + set.name()
              + " has "
              + set.width());
    }
    double highest = Math.max(policy().buyThreshold(), policy().sellThreshold());
    if (card.output() != ModelCard.Output.REGRESSION && highest > 1) {
      throw new ModelRefusedException(
          who
              + ": it gives probabilities, and none reaches the policy's threshold of "
              + highest
              + "; only a regression's move in ATRs can");
    }
    if (!card.labelPolicy().isEmpty()
        && !card.labelPolicy().equals(labels)
        && !policy().allowLabelMismatch()) {
      throw new ModelRefusedException(
          who
              + ": its labels were made by '"
              + card.labelPolicy()
              + "', the policy says '"
              + labels
              + "'; allowLabelMismatch = true binds it all the same");
    }
  }
}
