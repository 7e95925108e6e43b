package io.semnal.research;

import io.semnal.core.config.ConfigLoader;
import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.PolicyConfig;
import io.semnal.core.config.RuntimeConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.StrategyConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.ModelTraining;
import io.semnal.inference.registry.RegisteredModel;
import io.semnal.research.evaluate.ClassMetrics;
import io.semnal.research.evaluate.TradeMetrics;
import io.semnal.research.learn.Learner;
import io.semnal.research.learn.LogisticLearner;
import io.semnal.research.learn.Parameters;
import io.semnal.research.matrix.MatrixSource;
import io.semnal.research.matrix.MatrixSpec;
import io.semnal.research.matrix.TickMatrixSource;
import io.semnal.research.sample.LabelRule;
import io.semnal.research.sample.SampleCollector;
import io.semnal.research.sample.Samples;
import io.semnal.research.train.Cards;
import io.semnal.research.train.Protocol;
import io.semnal.research.train.Trained;
import io.semnal.research.train.Trainer;
import io.semnal.research.train.TrainingWatch;
import io.semnal.research.train.TrialLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Trains the model that Semnal comes with: logistic regression on simulated days, so that
 * everything runs from the first start. It knows the simulator's market, and no other.
 */
public final class DefaultModel {
  /** Its name in the registry. */
  public static final String NAME = "default";

  private final EngineConfig config;
  private final RuntimeConfig.Feed feed;
  private final FeatureSetConfig set;
  private final LabelRule rule;
  private final TrainingRecipe recipe;
  private final Learner learner = new LogisticLearner();
  private final MarketCalendar calendar;

  /**
   * @param config instruments, timeframes, alignment and holidays to train under
   * @param feed limits of the checks that quotes pass
   * @param set one of {@code config}, or made up
   * @param policy whose barriers give the labels
   */
  public DefaultModel(
      EngineConfig config,
      RuntimeConfig.Feed feed,
      FeatureSetConfig set,
      PolicyConfig policy,
      TrainingRecipe recipe) {
    this.config =
        MatrixSpec.engine(
            config,
            recipe.instruments(config.instruments()),
            set,
            config.timeframes().getFirst(),
            config.timeframes());
    this.feed = feed;
    this.set = set;
    this.recipe = recipe;
    rule = new LabelRule.TripleBarrier(policy);
    calendar = new MarketCalendar(config.holidays());
  }

  /** For the first strategy of a configuration that asks for this model. */
  public static DefaultModel of(
      EngineConfig config, RuntimeConfig.Feed feed, TrainingRecipe recipe) {
    for (StrategyConfig strategy : config.strategies()) {
      if (strategy.model().equals(NAME) || strategy.model().startsWith(NAME + "@")) {
        FeatureSetConfig set = config.featureSet(strategy.featureSet());
        return new DefaultModel(config, feed, set, strategy.policy(), recipe);
      }
    }
    throw new IllegalArgumentException("no strategy of the configuration uses model " + NAME);
  }

  /**
   * Trains the default model for the reference configuration into a registry, unless it is there.
   *
   * @param args the registry's folder
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: DefaultModel MODELS_DIRECTORY");
      System.exit(2);
    }
    var reference = ConfigLoader.reference();
    of(reference.engine(), reference.runtime().feed(), TrainingRecipe.shipped())
        .provide(Path.of(args[0]), System.out::println);
  }

  /**
   * Makes the model the registry's champion: the version that was made by the same recipe for the
   * same features and labels, or a newly trained one.
   *
   * @param progress told what goes on, a line at a time
   * @return the version
   */
  public int provide(Path models, Consumer<String> progress) throws IOException {
    ModelRegistry registry = new ModelRegistry(models, ScorerChoice.AUTO);
    Map<String, String> data = data();
    Optional<RegisteredModel> present =
        registry.list().stream()
            .filter(model -> isFrom(data, model))
            .reduce((earlier, later) -> later);
    if (present.isPresent()) {
      int version = present.get().version();
      if (!present.get().aliases().contains(ModelRegistry.CHAMPION)) {
        registry.setAlias(NAME, ModelRegistry.CHAMPION, version);
      }
      progress.accept("default model: " + NAME + "@" + version + " is up to date");
      return version;
    }
    progress.accept("default model: training on " + recipe.days() + " simulated days");
    long begin = System.nanoTime();
    Trained trained = train(samples());
    int version = registry.register(trained.onnx(), card(trained));
    registry.setAlias(NAME, ModelRegistry.CHAMPION, version);
    progress.accept(
        String.format(
            Locale.ROOT,
            "default model: %s@%d in %.1f s; %s",
            NAME,
            version,
            (System.nanoTime() - begin) / 1e9,
            verdict(trained)));
    return version;
  }

  /** Fits, calibrates, exports and judges. */
  Trained train(Samples samples) {
    return train(samples, 0);
  }

  /**
   * @param shuffles fits on shuffled labels, for comparison
   */
  Trained train(Samples samples, int shuffles) {
    return new Trainer(
            set,
            rule,
            learner,
            Parameters.of(Map.of("l2", recipe.penalty())),
            protocol(shuffles),
            calendar,
            TrialLog.inMemory(),
            TrainingWatch.NONE)
        .train(samples);
  }

  private Protocol protocol(int shuffles) {
    return new Protocol(1, 1, 0.15, recipe.heldOut(), recipe.stride(), shuffles, recipe.seed(), 1);
  }

  /** The labelled rows of the recipe's days. */
  Samples samples() throws IOException {
    SampleCollector rows = new SampleCollector(config, set, rule);
    try (MatrixSource source =
        TickMatrixSource.of(
            recipe.ticks(config.instruments()), feed, config.instruments().size())) {
      source.feed(rows, read -> {});
    }
    return rows.samples();
  }

  ModelCard card(Trained trained) throws IOException {
    return Cards.of(
        trained,
        NAME,
        set,
        rule,
        learner,
        protocol(0),
        data(),
        "Multinomial logistic regression, fitted on simulated data; no edge on real markets is"
            + " claimed. "
            + verdict(trained)
            + ".");
  }

  private Map<String, String> data() throws IOException {
    return Map.of("simulator", recipe.text(config.instruments()));
  }

  private boolean isFrom(Map<String, String> data, RegisteredModel model) {
    if (!model.name().equals(NAME) || model.card().isEmpty()) {
      return false;
    }
    ModelCard card = model.card().get();
    return card.featureHash().equals(HexFormat.of().formatHex(FeaturePipeline.hash(set)))
        && card.labelPolicy().equals(rule.text(set.timeframe()))
        && card.training().map(ModelTraining::data).filter(data::equals).isPresent();
  }

  private static String verdict(Trained trained) {
    ClassMetrics classes = trained.report().classes();
    TradeMetrics trading = trained.report().trading();
    return String.format(
        Locale.ROOT,
        "held-out simulated rows %d: log loss %.4f (base rate %.4f), AUC %.3f, %d trades, %.1f %%"
            + " won, %+.2f pips each after spread",
        classes.rows(),
        classes.logLoss(),
        classes.baseLogLoss(),
        classes.auc(),
        trading.count(),
        100 * trading.hitRate().value(),
        trading.expectancy().value());
  }
}
