package io.semnal.server.command;

import io.semnal.core.config.EngineConfig;
import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.config.SemnalConfig;
import io.semnal.features.FeaturePipeline;
import io.semnal.inference.registry.LoadedModel;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelImport;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.OutputSpec;
import io.semnal.protocol.sbe.ScorerKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a model that was trained elsewhere. */
@Command(
    name = "register",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Checks an ONNX file against what you say of it, and stores it as a new version.",
      "It takes one row of a feature set's columns, float32 or float64, as [N,F] or [N,T,C] (oldest"
          + " step first). Nothing is guessed, and what does not fit is refused with the mismatch.",
      "",
      "For example: semnal models register mine.onnx --features fx-core --as mine"
          + " --output classes=SELL,NEUTRAL,BUY --promote",
      ""
    })
final class ModelsRegister implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "FILE.onnx", description = "The model.")
  private Path file;

  @Option(
      names = "--features",
      required = true,
      paramLabel = "SET",
      description = "The configured feature set whose columns it takes, in their order.")
  private String features;

  @Option(
      names = "--as",
      required = true,
      paramLabel = "NAME",
      description = "The model's name; its next version is given.")
  private String name;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "KIND",
      description = "What its numbers mean: " + OutputSpec.FORMS + ".")
  private String output;

  @Option(
      names = "--logits",
      description = "Its numbers are logits: a Softmax (for one, a Sigmoid) is added to the graph.")
  private boolean logits;

  @Option(
      names = "--output-name",
      defaultValue = "",
      paramLabel = "N",
      description = "The ONNX output to read; by default the first of float32 or float64.")
  private String outputName;

  @Option(
      names = "--accepts-nan",
      description = "It was trained with missing values, and may score rows that miss some.")
  private boolean acceptsNaN;

  @Option(
      names = "--rows",
      paramLabel = "FILE",
      description =
          "CSV of real rows, with the columns' names in the header or none: kept to check every"
              + " load by, and what live rows are held against.")
  private Path rows;

  @Option(
      names = "--label-policy",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "The policy whose labels it learned, as cards write it; by default unknown.")
  private String labelPolicy;

  @Option(
      names = "--description",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "For people: data, method, limits.")
  private String description;

  @Option(names = "--promote", description = "Makes it the champion of its name.")
  private boolean promote;

  @Mixin private ServerOptions server;
  @Mixin private ConfigOptions options;

  @Override
  public Integer call() throws IOException {
    OutputSpec kind = kind();
    SemnalConfig config = options.load();
    FeatureSetConfig set = set(config.engine());
    ModelImport model =
        ModelImport.of(
            ModelImport.read(file),
            new ModelImport.Request(
                file.getFileName().toString(),
                name,
                set,
                FeaturePipeline.hash(set),
                kind,
                logits,
                outputName,
                acceptsNaN,
                labelPolicy,
                description),
            rows == null ? new double[0][] : RowsFile.read(rows, set.inputs()).rows(),
            rows == null ? "" : rows.getFileName().toString());
    Path models = options.ownModels();
    ModelRegistry registry = new ModelRegistry(models, config.runtime().models().scorer());
    int version = registry.register(model);
    report(registry, models, name + "@" + version, model);
    if (promote) {
      server.promote(registry, name, version);
    }
    return 0;
  }

  private OutputSpec kind() {
    try {
      return OutputSpec.parse(output);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--output: " + e.getMessage(), e);
    }
  }

  private FeatureSetConfig set(EngineConfig config) {
    FeatureSetConfig set = config.featureSet(features);
    if (set == null) {
      throw new CommandFailure(
          "the configuration has no feature set '"
              + features
              + "'; it has "
              + String.join(
                  ", ", config.featureSets().stream().map(FeatureSetConfig::name).toList()));
    }
    return set;
  }

  private void report(ModelRegistry registry, Path models, String reference, ModelImport model) {
    PrintWriter out = spec.commandLine().getOut();
    ModelCard card = model.card();
    out.println(reference + " is registered in " + models);
    out.println("  takes   " + Cards.takes(card) + " of " + features);
    out.println("  gives   " + Cards.output(card));
    if (logits) {
      out.println(
          "  changed a " + (card.classes().isEmpty() ? "Sigmoid" : "Softmax") + " is added");
    }
    try (LoadedModel loaded = registry.load(reference)) {
      boolean isCompiled = loaded.kind() == ScorerKind.COMPILED;
      out.println("  scored  " + (isCompiled ? "" : "by ONNX Runtime: ") + loaded.reason());
    }
    out.flush();
  }
}
