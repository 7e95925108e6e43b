package io.semnal.server.command;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.core.config.SemnalConfig;
import io.semnal.core.market.MarketCalendar;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelContract;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.ModelTraining;
import io.semnal.research.evaluate.ModelScorer;
import io.semnal.research.evaluate.Predictions;
import io.semnal.research.evaluate.Report;
import io.semnal.research.evaluate.ReportHtml;
import io.semnal.research.evaluate.ReportJson;
import io.semnal.research.evaluate.ReportText;
import io.semnal.research.sample.DataReader;
import io.semnal.research.sample.LabelRule;
import io.semnal.research.sample.Samples;
import io.semnal.server.Times;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges a registered model on prices. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Judges a model on prices or a journal: probabilities against labels, and what its policy"
          + " would have traded, beside following the last move and shuffled labels.",
      "Without --from it judges what came after the model's training.",
      "",
      "For example: semnal evaluate eurusd-hour --data eurusd.zip --instrument EURUSD --out report"
    })
public final class EvaluateCommand implements Callable<Integer> {
  private static final long SECOND = 1_000_000_000L;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
  @Mixin private ConfigOptions options;
  @Mixin private DataInput data;

  @Parameters(
      paramLabel = "MODEL",
      description = "name (its champion), name@version or name@alias.")
  private String reference;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Writes report.html and report.json there.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    SemnalConfig config = options.load();
    ModelRegistry registry =
        new ModelRegistry(config.runtime().models().directory(), ScorerChoice.AUTO);
    try (LoadedModel model = registry.load(reference)) {
      FeatureSetConfig set = data.set(config.engine(), model.card().featureSet());
      ModelContract.check(model.card(), set, FeaturePipeline.hash(set));
      LabelRule rule = data.rule(config.engine(), set);
      Samples samples = samples(config, set, rule);
      int[] rows = rows(samples, model.card());
      ModelScorer scorer = new ModelScorer(model);
      Report report =
          Report.of(
              about(model.card(), set, rule),
              Predictions.of(samples, rows, scorer),
              base(model.card(), samples, rows),
              rule.policy(),
              set.timeframe(),
              new MarketCalendar(config.engine().holidays()),
              set.inputs(),
              scorer);
      show(report);
      return 0;
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage(), e);
    }
  }

  private Samples samples(SemnalConfig config, FeatureSetConfig set, LabelRule rule)
      throws IOException {
    ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
    try {
      return new DataReader(
              config,
              set,
              rule,
              count -> progress.show("reading " + count),
              spec.commandLine().getErr()::println)
          .read(data.request(config.engine()));
    } finally {
      progress.clear();
    }
  }

  /** The rows in the time that is asked for; without a word, those after the training. */
  private int[] rows(Samples samples, ModelCard card) {
    boolean trained = !card.trainedTo().isEmpty();
    Instant from = data.from();
    long begin =
        from == null && trained ? Times.nanos(Instant.parse(card.trainedTo())) : Long.MIN_VALUE;
    if (from != null && trained && from.isBefore(Instant.parse(card.trainedTo()))) {
      spec.commandLine()
          .getErr()
          .println(
              "warning: "
                  + reference
                  + " was trained up to "
                  + card.trainedTo()
                  + "; what it is judged by, it has seen");
    }
    int[] rows =
        IntStream.range(0, samples.size())
            .filter(i -> samples.time(i) >= begin)
            .filter(i -> card.acceptsNaN() || samples.isComplete(i))
            .toArray();
    if (rows.length == 0) {
      throw new CommandFailure(
          "no row lies in the time to judge: the data gave "
              + samples.size()
              + " rows"
              + (samples.size() == 0
                  ? ""
                  : " from "
                      + iso(samples.time(0))
                      + " to "
                      + iso(samples.time(samples.size() - 1)))
              + (begin == Long.MIN_VALUE
                  ? ""
                  : ", asked for is what comes from "
                      + iso(begin)
                      + " on (the end of the training; --from says another)"));
    }
    return rows;
  }

  private static String iso(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND)).toString();
  }

  /** Shares of the classes in training; of a model that does not say, in the rows judged. */
  private static double[] base(ModelCard card, Samples samples, int[] rows) {
    double[] shares = new double[Samples.CLASSES.size()];
    Map<String, Double> metrics =
        card.training()
            .map(ModelTraining::metrics)
            .map(m -> (Map<String, Double>) m)
            .orElse(Map.of());
    for (int k = 0; k < shares.length; k++) {
      shares[k] = metrics.getOrDefault("fit.share." + Samples.CLASSES.get(k), Double.NaN);
    }
    if (Arrays.stream(shares).anyMatch(Double::isNaN)) {
      boolean[] chosen = new boolean[samples.size()];
      for (int row : rows) {
        chosen[row] = true;
      }
      return samples.rows(i -> chosen[i]).frequencies(shares.length);
    }
    return shares;
  }

  private Map<String, String> about(ModelCard card, FeatureSetConfig set, LabelRule rule) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("model", card.name() + "@" + card.version());
    about.put("trained", card.trainedFrom() + " to " + card.trainedTo());
    about.put("data", data.shown());
    about.put("features", set.name() + ", " + set.timeframe().label());
    String labels = rule.text(set.timeframe());
    about.put("labels", labels);
    if (!card.labelPolicy().equals(labels)) {
      about.put("trained on labels", card.labelPolicy());
    }
    return about;
  }

  private void show(Report report) throws IOException {
    PrintWriter terminal = spec.commandLine().getOut();
    ReportText.of(report).forEach(terminal::println);
    if (out != null) {
      Files.createDirectories(out);
      Files.writeString(out.resolve("report.html"), ReportHtml.of(report));
      Files.writeString(out.resolve("report.json"), ReportJson.of(report).toPrettyString() + "\n");
      terminal.println();
      terminal.println("written: " + out.resolve("report.html") + " and report.json");
    }
    terminal.flush();
  }
}
