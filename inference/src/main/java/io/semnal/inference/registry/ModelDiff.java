package io.semnal.inference.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What differs between two versions: their cards, their metrics, and what they say of the same
 * rows.
 *
 * @param fields of the cards that differ
 * @param metrics of both, equal or not
 * @param scores on the same rows; empty where no row fits both
 */
public record ModelDiff(List<Field> fields, List<Metric> metrics, Optional<Scores> scores) {
  /** A field of the cards as text; empty where a card has none. */
  public record Field(String name, String first, String second) {}

  /** A metric; NaN where a card has none. */
  public record Metric(String name, double first, double second) {}

  /**
   * @param rows scored by both
   * @param isKept whether they are rows that a version keeps; else drawn at random
   * @param largest difference of a score of the same name; NaN where they share none
   * @param changed rows on which the two name another side
   */
  public record Scores(int rows, boolean isKept, double largest, int changed) {}

  /**
   * @param first reference as of {@link ModelRegistry#load}
   * @param second the same
   */
  public static ModelDiff of(ModelRegistry registry, String first, String second) {
    ModelFiles a = registry.named(first);
    ModelFiles b = registry.named(second);
    SortedMap<String, String> ours = flat(a.card());
    SortedMap<String, String> theirs = flat(b.card());
    ours.put("model.onnx", "SHA-256 " + ModelFiles.hex(a.sha256()));
    theirs.put("model.onnx", "SHA-256 " + ModelFiles.hex(b.sha256()));
    TreeSet<String> names = new TreeSet<>(ours.keySet());
    names.addAll(theirs.keySet());
    List<Field> fields = new ArrayList<>();
    for (String name : names) {
      Field field = new Field(name, ours.getOrDefault(name, ""), theirs.getOrDefault(name, ""));
      if (!field.first().equals(field.second())) {
        fields.add(field);
      }
    }
    return new ModelDiff(fields, metrics(a.card(), b.card()), scores(a, b));
  }

  private static List<Metric> metrics(ModelCard a, ModelCard b) {
    Map<String, Double> ours = metrics(a);
    Map<String, Double> theirs = metrics(b);
    TreeSet<String> names = new TreeSet<>(ours.keySet());
    names.addAll(theirs.keySet());
    return names.stream()
        .map(
            name ->
                new Metric(
                    name,
                    ours.getOrDefault(name, Double.NaN),
                    theirs.getOrDefault(name, Double.NaN)))
        .toList();
  }

  private static Map<String, Double> metrics(ModelCard card) {
    return card.training().<Map<String, Double>>map(ModelTraining::metrics).orElse(Map.of());
  }

  /** Leaves by path; metrics have their own table, and deciles say nothing one by one. */
  private static SortedMap<String, String> flat(ModelCard card) {
    SortedMap<String, String> leaves = new TreeMap<>();
    flatten("", CardJson.tree(card), leaves);
    leaves.keySet().removeIf(name -> name.startsWith("training.metrics."));
    leaves.keySet().removeIf(name -> name.startsWith("training.deciles."));
    return leaves;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> into) {
    if (!node.isContainerNode()) {
      into.put(path, node.asText());
      return;
    }
    int place = 1;
    for (JsonNode element : node.isArray() ? node : List.<JsonNode>of()) {
      flatten(path + "." + place++, element, into);
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      flatten(
          path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), into);
    }
  }

  private static Optional<Scores> scores(ModelFiles a, ModelFiles b) {
    if (!a.card().columns().equals(b.card().columns())) {
      return Optional.empty();
    }
    Optional<ParityRows> kept = a.rows().isPresent() ? a.rows() : b.rows();
    double[][] rows =
        kept.map(ParityRows::inputs)
            .orElseGet(() -> ParityCheck.randomRows(a.card().columns().size()));
    double[][] ours = scores(a, rows);
    double[][] theirs = scores(b, rows);
    int changed = 0;
    double largest = Double.NaN;
    for (int i = 0; i < rows.length; i++) {
      changed += side(a.card(), ours[i]).equals(side(b.card(), theirs[i])) ? 0 : 1;
      for (int k = 0; k < ours[i].length; k++) {
        int place = b.card().scoreNames().indexOf(a.card().scoreNames().get(k));
        if (place >= 0 && a.card().unit().equals(b.card().unit())) {
          double difference = Math.abs(ours[i][k] - theirs[i][place]);
          largest = Double.isNaN(largest) ? difference : Math.max(largest, difference);
        }
      }
    }
    return Optional.of(new Scores(rows.length, kept.isPresent(), largest, changed));
  }

  private static double[][] scores(ModelFiles files, double[][] rows) {
    try (LoadedModel model = ModelVerifier.load(files, ScorerChoice.AUTO)) {
      return RowScores.of(model.scorer(), rows);
    }
  }

  /** The likeliest class; for one value the side that it leans to. */
  private static String side(ModelCard card, double[] scores) {
    return switch (card.output()) {
      case CLASSES -> {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
          best = scores[i] > scores[best] ? i : best;
        }
        yield card.classes().get(best);
      }
      case UP_PROBABILITY -> scores[0] > 0.5 ? "BUY" : scores[0] < 0.5 ? "SELL" : "NEUTRAL";
      case REGRESSION -> scores[0] > 0 ? "BUY" : scores[0] < 0 ? "SELL" : "NEUTRAL";
    };
  }
}
