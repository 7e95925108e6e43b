package io.semnal.research.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.RegisteredModel;
import io.semnal.research.evaluate.Report;
import io.semnal.research.evaluate.ReportHtml;
import io.semnal.research.evaluate.ReportJson;
import io.semnal.research.evaluate.ReportText;
import io.semnal.research.learn.Learner;
import io.semnal.research.learn.Parameters;
import io.semnal.research.learn.StoppedException;
import io.semnal.research.sample.DataReader;
import io.semnal.research.sample.DataRequest;
import io.semnal.research.sample.LabelRule;
import io.semnal.research.sample.Samples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Carries a plan out in a run's folder: reads, trains, writes down, registers. */
public final class TrainingRun {
  private final SemnalConfig config;
  private final Plan plan;
  private final RunFolder folder;
  private final Path models;

  /**
   * What is to be trained.
   *
   * @param dataName the data, for people
   * @param register name in the registry; {@code null} = not to be registered
   */
  public record Plan(
      DataRequest data,
      String dataName,
      FeatureSetConfig set,
      LabelRule rule,
      Learner learner,
      Parameters parameters,
      Protocol protocol,
      String register) {
    /** Everything that the outcome depends on. */
    public void describe(ObjectNode json) {
      json.put("data", dataName);
      json.put("features", set.name());
      json.put("featureHash", HexFormat.of().formatHex(FeaturePipeline.hash(set)));
      json.put("labels", rule.text(set.timeframe()));
      json.put("commissionPips", rule.policy().commissionPips());
      json.put("learner", learner.name());
      json.put("parameters", parameters.text());
      json.put("protocol", protocol.toString());
    }
  }

  /**
   * @param models the registry's folder; not looked at where nothing is to be registered
   */
  public TrainingRun(SemnalConfig config, Plan plan, RunFolder folder, Path models) {
    this.config = config;
    this.models = models;
    this.plan = plan;
    this.folder = folder;
  }

  /**
   * @param out told the report, line by line
   * @return {@code false} where it was cancelled
   */
  public boolean run(Consumer<String> out) throws IOException {
    try {
      carryOut(out);
      return true;
    } catch (StoppedException e) {
      folder.end(RunFolder.State.CANCELLED, "finished trials are kept");
      return false;
    } catch (IOException | RuntimeException e) {
      folder.end(RunFolder.State.FAILED, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private void carryOut(Consumer<String> out) throws IOException {
    SortedMap<String, String> hashes = DataReader.hashes(plan.data());
    Samples samples =
        new DataReader(config, plan.set(), plan.rule(), this::read, folder::log).read(plan.data());
    folder.log(
        String.format(
            Locale.ROOT,
            "%d rows of %d columns; labels %s",
            samples.size(),
            samples.columns(),
            plan.rule().text(plan.set().timeframe())));
    Trained trained =
        new Trainer(
                plan.set(),
                plan.rule(),
                plan.learner(),
                plan.parameters(),
                plan.protocol(),
                new MarketCalendar(config.engine().holidays()),
                folder,
                folder)
            .train(samples);
    Report report = named(trained);
    ModelCard card =
        Cards.of(
            trained,
            plan.register() == null ? "unregistered" : plan.register(),
            plan.set(),
            plan.rule(),
            plan.learner(),
            plan.protocol(),
            hashes,
            description(trained));
    write(trained, report);
    ReportText.of(report).forEach(out);
    out.accept("");
    out.accept(shuffles(trained));
    String registered = plan.register() == null ? "" : register(trained, card);
    folder.end(RunFolder.State.DONE, registered);
  }

  private void read(long count) {
    if (folder.isCancelled()) {
      throw new StoppedException();
    }
    folder.progress("reading", count, 0);
  }

  private Report named(Trained trained) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("model", plan.learner().name() + ", " + trained.classifier().summary());
    about.put("data", plan.dataName());
    about.put("features", plan.set().name() + ", " + plan.set().timeframe().label());
    about.put("labels", plan.rule().text(plan.set().timeframe()));
    about.put("fitted on", trained.fitted().size() + " rows");
    about.put(
        "search",
        trained.trials()
            + " trials, "
            + trained.fits()
            + " fits, gain "
            + String.format(Locale.ROOT, "%+.5f", trained.gain()));
    about.put("parameters", trained.parameters().text());
    about.put("temperature", String.format(Locale.ROOT, "%.3f", trained.temperature()));
    return trained.report().withAbout(about);
  }

  private String description(Trained trained) {
    return String.format(
        Locale.ROOT,
        "%s on %s: %s. Held out and looked at once: log loss %.4f against %.4f of the base rate,"
            + " AUC %.3f, %d trades of %+.2f pips after costs (95 %% %+.2f to %+.2f).",
        plan.learner().name(),
        plan.dataName(),
        trained.classifier().summary(),
        trained.report().classes().logLoss(),
        trained.report().classes().baseLogLoss(),
        trained.report().classes().auc(),
        trained.report().trading().count(),
        trained.report().trading().expectancy().value(),
        trained.report().trading().expectancy().low(),
        trained.report().trading().expectancy().high());
  }

  private void write(Trained trained, Report report) {
    ObjectNode json = ReportJson.of(report);
    ObjectNode training = json.putObject("training");
    Cards.metrics(trained)
        .forEach(
            (name, value) -> {
              if (Double.isFinite(value)) {
                training.put(name, value);
              } else {
                training.putNull(name);
              }
            });
    folder.write("metrics.json", json.toPrettyString() + "\n");
    folder.write("report.html", ReportHtml.of(report));
    folder.write("model.onnx", trained.onnx());
  }

  private static String shuffles(Trained trained) {
    LabelShuffles.Result result = trained.shuffles();
    return result.shuffles() == 0
        ? "no fit on shuffled labels was asked for (--shuffles)"
        : String.format(
            Locale.ROOT,
            "fitted on shuffled labels %d times: AUC %.4f (95 %% %.4f to %.4f), %+.2f pips each"
                + " (95 %% %+.2f to %+.2f)",
            result.shuffles(),
            result.auc().value(),
            result.auc().low(),
            result.auc().high(),
            result.expectancy().value(),
            result.expectancy().low(),
            result.expectancy().high());
  }

  private String register(Trained trained, ModelCard card) {
    ModelRegistry registry = new ModelRegistry(models, ScorerChoice.AUTO);
    int version = registry.register(trained.onnx(), card);
    boolean champion =
        registry.list().stream()
            .filter(model -> model.name().equals(card.name()))
            .map(RegisteredModel::aliases)
            .anyMatch(aliases -> aliases.contains(ModelRegistry.CHAMPION));
    if (!champion) {
      registry.setAlias(card.name(), ModelRegistry.CHAMPION, version);
    }
    String said =
        card.name()
            + "@"
            + version
            + (champion ? " is registered" : " is registered, and its champion");
    folder.log(said + " in " + models);
    return said;
  }
}
