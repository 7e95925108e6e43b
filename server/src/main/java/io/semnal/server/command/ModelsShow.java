package io.semnal.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.core.config.RuntimeConfig.Models;
import io.semnal.inference.registry.ModelCard;
import io.semnal.inference.registry.ModelRegistry;
import io.semnal.inference.registry.ModelTraining;
import io.semnal.inference.registry.ModelWindow;
import io.semnal.inference.registry.RegisteredModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What one version says of itself. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows a version's card: what it takes and gives, how it was made, its metrics; with a server"
          + " that runs or a journal also how far what it scored lies from its training.",
      "",
      "For example: semnal models show default --server http://127.0.0.1:7104 --key-file client.key"
    })
final class ModelsShow implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(
      paramLabel = "NAME[@V]",
      description = "A version or an alias; without one, the champion.")
  private String reference;

  @Option(
      names = "--json",
      description = "The card as it is stored; with drift, an object of card and drift.")
  private boolean json;

  @Mixin private DriftOptions live;
  @Mixin private ConfigOptions options;

  @Override
  public Integer call() throws IOException {
    ModelRegistry registry = registry(options);
    ModelCard card = registry.card(reference);
    PrintWriter out = spec.commandLine().getOut();
    Optional<JsonNode> drift = live.of(card.reference());
    if (!json) {
      show(out, card, aliases(registry, card));
      drift.ifPresent(of -> DriftTable.print(out, of));
    } else if (drift.isEmpty()) {
      out.print(card.toJson());
    } else {
      ObjectMapper mapper = new ObjectMapper();
      ObjectNode both = mapper.createObjectNode();
      both.set("card", mapper.readTree(card.toJson()));
      both.set("drift", drift.get());
      out.println(both.toPrettyString());
    }
    out.flush();
    return 0;
  }

  static ModelRegistry registry(ConfigOptions options) {
    Models models = options.load().runtime().models();
    return new ModelRegistry(models.directory(), models.scorer());
  }

  private static List<String> aliases(ModelRegistry registry, ModelCard card) {
    return registry.list().stream()
        .filter(model -> model.reference().equals(card.reference()))
        .findFirst()
        .map(RegisteredModel::aliases)
        .orElse(List.of());
  }

  private static void show(PrintWriter out, ModelCard card, List<String> aliases) {
    line(out, "model", card.reference() + (aliases.isEmpty() ? "" : " " + aliases));
    line(out, "gives", Cards.output(card));
    line(out, "features", card.featureSet() + ", hash " + shown(card.featureHash()));
    ModelWindow window = ModelWindow.of(card.columns());
    if (window.rows() > 1) {
      line(out, "window", window.shape() + ", oldest first: " + card.columns().size() + " values");
    }
    for (int i = 0; i < window.columns().size(); i++) {
      line(out, i == 0 ? "columns" : "", (i + 1) + " " + window.columns().get(i));
    }
    line(out, "missing", card.acceptsNaN() ? "may be scored" : "values keep a row from scoring");
    line(out, "ONNX output", card.outputName().isEmpty() ? "the first" : card.outputName());
    line(out, "labels", shown(card.labelPolicy()));
    line(out, "trained", trained(card));
    line(out, "about", shown(card.description()));
    line(out, "brought as", shown(card.origin()));
    card.training().ifPresent(training -> show(out, training));
  }

  private static String trained(ModelCard card) {
    return card.trainedFrom().isEmpty() && card.trainedTo().isEmpty()
        ? shown("")
        : card.trainedFrom() + " to " + card.trainedTo();
  }

  private static void show(PrintWriter out, ModelTraining training) {
    line(out, "learner", training.learner());
    numbers(out, "parameters", training.parameters());
    numbers(out, "metrics", training.metrics());
    int row = 0;
    for (Map.Entry<String, String> data : training.data().entrySet()) {
      line(out, row++ == 0 ? "data" : "", data.getKey() + " " + data.getValue());
    }
    line(out, "drift", "deciles of " + training.deciles().size() + " columns and scores");
  }

  private static void numbers(PrintWriter out, String what, Map<String, Double> numbers) {
    int row = 0;
    for (Map.Entry<String, Double> number : numbers.entrySet()) {
      line(
          out,
          row++ == 0 ? what : "",
          String.format(Locale.ROOT, "%-28s %.6g", number.getKey(), number.getValue()));
    }
  }

  private static String shown(String text) {
    return text.isEmpty() ? "not said" : text;
  }

  private static void line(PrintWriter out, String what, String text) {
    out.printf(Locale.ROOT, "%-12s %s%n", what, text);
  }

  /** All of them. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists all versions, with their aliases and what is wrong with broken ones.")
  static final class ListAll implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
    @Mixin private ConfigOptions options;

    @Override
    public Integer call() {
      Models models = options.load().runtime().models();
      PrintWriter out = spec.commandLine().getOut();
      List<RegisteredModel> all = new ModelRegistry(models.directory(), models.scorer()).list();
      if (all.isEmpty()) {
        out.println("there is no model in " + models.directory());
      }
      for (RegisteredModel model : all) {
        out.printf(
            Locale.ROOT,
            "%-24s %-12s %s%n",
            model.reference(),
            String.join(",", model.aliases()),
            model.card().map(ListAll::summary).orElse("BROKEN: " + model.problem()));
      }
      out.flush();
      return all.stream().allMatch(model -> model.problem().isEmpty()) ? 0 : 1;
    }

    private static String summary(ModelCard card) {
      return Cards.takes(card)
          + " of "
          + card.featureSet()
          + " -> "
          + Cards.output(card)
          + card.training().map(training -> ", " + training.learner()).orElse("");
    }
  }
}
