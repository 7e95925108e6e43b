package io.semnal.research;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.PolicyConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.StrategyConfig;
import io.semnal.features.FeaturePipeline;
import io.semnal.feed.TickSource;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.RegisteredModel;
import io.semnal.inference.signal.LabelPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Fits the model that Semnal comes with: logistic regression on simulated days, so that everything
 * runs from the first start. It knows the simulator's market, and no other.
 */
public final class DefaultModel {
  /** Its name in the registry. */
  public static final String NAME = "default";

  private static final long SECOND = 1_000_000_000L;

  private final EngineConfig config;
  private final FeatureSetConfig set;
  private final PolicyConfig policy;
  private final TrainingRecipe recipe;

  /**
   * @param config instruments, timeframes, alignment and holidays to train under
   * @param set one of {@code config}, or made up
   * @param policy whose barriers give the labels
   */
  public DefaultModel(
      EngineConfig config, FeatureSetConfig set, PolicyConfig policy, TrainingRecipe recipe) {
    this.config =
        new EngineConfig(
            recipe.instruments(config.instruments()),
            config.timeframes(),
            config.alignment(),
            config.holidays(),
            config.quality(),
            List.of(set),
            List.of());
    this.set = set;
    this.policy = policy;
    this.recipe = recipe;
  }

  /** For the first strategy of a configuration that asks for this model. */
  public static DefaultModel of(EngineConfig config, TrainingRecipe recipe) {
    for (StrategyConfig strategy : config.strategies()) {
      if (strategy.model().equals(NAME) || strategy.model().startsWith(NAME + "@")) {
        FeatureSetConfig set = config.featureSet(strategy.featureSet());
        return new DefaultModel(config, set, strategy.policy(), recipe);
      }
    }
    throw new IllegalArgumentException("no strategy of the configuration uses model " + NAME);
  }

  /**
   * Fits the default model for the reference configuration into a registry, unless it is there.
   *
   * @param args the registry's folder
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: DefaultModel MODELS_DIRECTORY");
      System.exit(2);
    }
    EngineConfig config = ConfigLoader.reference().engine();
    of(config, TrainingRecipe.shipped()).provide(Path.of(args[0]), System.out::println);
  }

  /**
   * Makes the model the registry's champion: the version that was made by the same recipe for the
   * same features and labels, or a newly fitted one.
   *
   * @param progress told what goes on, a line at a time
   * @return the version
   */
  public int provide(Path models, Consumer<String> progress) throws IOException {
    ModelRegistry registry = new ModelRegistry(models, ScorerChoice.AUTO);
    String samples = recipe.text(config.instruments());
    Optional<RegisteredModel> present =
        registry.list().stream()
            .filter(model -> isFrom(samples, model))
            .reduce((earlier, later) -> later);
    if (present.isPresent()) {
      int version = present.get().version();
      if (!present.get().aliases().contains(ModelRegistry.CHAMPION)) {
        registry.setAlias(NAME, ModelRegistry.CHAMPION, version);
      }
      progress.accept("default model: " + NAME + "@" + version + " is up to date");
      return version;
    }
    progress.accept("default model: fitting on " + recipe.days() + " simulated days");
    long begin = System.nanoTime();
    FittedModel fitted = fit();
    int version = registry.register(fitted.onnx(), fitted.card());
    registry.setAlias(NAME, ModelRegistry.CHAMPION, version);
    progress.accept(
        String.format(
            Locale.ROOT,
            "default model: %s@%d in %.1f s; %s",
            NAME,
            version,
            (System.nanoTime() - begin) / 1e9,
            verdict(fitted.evaluation())));
    return version;
  }

  /** Simulates, labels, fits and judges. */
  FittedModel fit() throws IOException {
    Samples samples = samples();
    if (samples.size() == 0) {
      throw new IllegalArgumentException(
          "no feature of " + set.name() + " was warm within " + recipe.days() + " days");
    }
    long first = samples.time(0);
    long last = samples.time(samples.size() - 1);
    long split = last - (long) ((last - first) * recipe.heldOut());
    long embargo = policy.horizonBars() * set.timeframe().nanos();
    Samples fitted = samples.between(first, split);
    Samples held = samples.between(split + embargo, Long.MAX_VALUE);
    int classes = BarrierLabeller.CLASSES.size();
    LinearClassifier classifier = LogisticRegression.fit(fitted, classes, recipe.penalty());
    double threshold = Math.max(policy.buyThreshold(), policy.sellThreshold());
    Evaluation evaluation = Evaluation.of(classifier, fitted.frequencies(classes), held, threshold);
    return new FittedModel(classifier, evaluation, card(evaluation, fitted.size(), first, split));
  }

  /** The labelled rows of the recipe's days. */
  Samples samples() throws IOException {
    try (TickSource source = recipe.ticks(config.instruments())) {
      return new SampleCollector(config, set, policy, recipe.stride()).collect(source);
    }
  }

  private ModelCard card(Evaluation evaluation, int rows, long from, long to) throws IOException {
    return new ModelCard(
        NAME,
        1,
        set.name(),
        featureHash(),
        set.columns(),
        ModelCard.Output.CLASSES,
        BarrierLabeller.CLASSES,
        "",
        "",
        false,
        LabelPolicy.text(policy, set.timeframe()),
        String.format(
            Locale.ROOT,
            "Multinomial logistic regression, fitted on simulated data; no edge on real markets is"
                + " claimed. %s. Fitted on %d rows. %s.",
            recipe.text(config.instruments()),
            rows,
            verdict(evaluation)),
        Instant.ofEpochSecond(from / SECOND).toString(),
        Instant.ofEpochSecond(to / SECOND).toString());
  }

  private boolean isFrom(String samples, RegisteredModel model) {
    return model.name().equals(NAME)
        && model.card().isPresent()
        && model.card().get().featureHash().equals(featureHash())
        && model.card().get().labelPolicy().equals(LabelPolicy.text(policy, set.timeframe()))
        && model.card().get().description().contains(samples);
  }

  private String featureHash() {
    return HexFormat.of().formatHex(FeaturePipeline.hash(set));
  }

  private static String verdict(Evaluation evaluation) {
    return String.format(
        Locale.ROOT,
        "Held-out simulated rows %d: log loss %.4f (base rate %.4f), accuracy %.1f %% (base rate"
            + " %.1f %%), a side beyond its threshold %.1f %% of the time and right in %.1f %%",
        evaluation.rows(),
        evaluation.logLoss(),
        evaluation.baseLogLoss(),
        100 * evaluation.accuracy(),
        100 * evaluation.baseAccuracy(),
        100 * evaluation.decided(),
        100 * evaluation.hitRate());
  }
}
