package io.semnal.inference.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The part of {@code card.json} that says how the model was made. */
final class TrainingJson {
  private static final Set<String> FIELDS =
      Set.of("learner", "parameters", "seed", "trials", "metrics", "data", "deciles");

  private TrainingJson() {}

  static void write(ModelTraining training, ObjectNode into) {
    into.put("learner", training.learner());
    ObjectNode parameters = into.putObject("parameters");
    training.parameters().forEach(parameters::put);
    into.put("seed", training.seed());
    into.put("trials", training.trials());
    ObjectNode metrics = into.putObject("metrics");
    training.metrics().forEach((name, value) -> putNumber(metrics, name, value));
    ObjectNode data = into.putObject("data");
    training.data().forEach(data::put);
    ArrayNode deciles = into.putArray("deciles");
    for (ModelTraining.Deciles column : training.deciles()) {
      ObjectNode json = deciles.addObject();
      json.put("name", column.name());
      json.put("missing", column.missing());
      ArrayNode edges = json.putArray("edges");
      column.edges().forEach(edges::add);
    }
  }

  /** JSON knows no NaN; a metric that is undefined is null. */
  private static void putNumber(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, value);
    } else {
      json.putNull(name);
    }
  }

  /**
   * @throws ModelRefusedException naming the field that is unknown, missing or of another type
   */
  static ModelTraining read(JsonNode json) {
    if (json == null || !json.isObject()) {
      throw refused("", "an object", json);
    }
    Set<String> unknown = new TreeSet<>();
    json.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(FIELDS);
    if (!unknown.isEmpty()) {
      throw new ModelRefusedException(
          "card.json: unknown field 'training." + unknown.iterator().next() + "'");
    }
    List<ModelTraining.Deciles> deciles = new ArrayList<>();
    for (JsonNode column : typed(json, "deciles", JsonNode::isArray, "a list")) {
      deciles.add(deciles(column));
    }
    return new ModelTraining(
        text(json, "learner"),
        numbers(json, "parameters"),
        typed(json, "seed", JsonNode::isIntegralNumber, "an integer").longValue(),
        typed(json, "trials", JsonNode::isInt, "an integer").intValue(),
        numbers(json, "metrics"),
        texts(json, "data"),
        deciles);
  }

  private static ModelTraining.Deciles deciles(JsonNode json) {
    List<Double> edges = new ArrayList<>();
    for (JsonNode edge : typed(json, "edges", JsonNode::isArray, "a list of numbers")) {
      if (!edge.isNumber()) {
        throw refused("deciles.edges", "a list of numbers", edge);
      }
      edges.add(edge.doubleValue());
    }
    return new ModelTraining.Deciles(
        text(json, "name"),
        typed(json, "missing", JsonNode::isNumber, "a number").doubleValue(),
        edges);
  }

  private static SortedMap<String, Double> numbers(JsonNode json, String field) {
    SortedMap<String, Double> values = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry :
        typed(json, field, JsonNode::isObject, "an object").properties()) {
      if (!entry.getValue().isNumber() && !entry.getValue().isNull()) {
        throw refused(field + "." + entry.getKey(), "a number", entry.getValue());
      }
      values.put(
          entry.getKey(), entry.getValue().isNull() ? Double.NaN : entry.getValue().doubleValue());
    }
    return values;
  }

  private static SortedMap<String, String> texts(JsonNode json, String field) {
    SortedMap<String, String> values = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry :
        typed(json, field, JsonNode::isObject, "an object").properties()) {
      if (!entry.getValue().isTextual()) {
        throw refused(field + "." + entry.getKey(), "a text", entry.getValue());
      }
      values.put(entry.getKey(), entry.getValue().textValue());
    }
    return values;
  }

  private static String text(JsonNode json, String field) {
    return typed(json, field, JsonNode::isTextual, "a text").textValue();
  }

  private static JsonNode typed(
      JsonNode json, String field, Function<JsonNode, Boolean> is, String expected) {
    JsonNode value = json.get(field);
    if (value == null || !is.apply(value)) {
      throw refused(field, expected, value);
    }
    return value;
  }

  private static ModelRefusedException refused(String field, String expected, JsonNode found) {
    String name = field.isEmpty() ? "training" : "training." + field;
    return new ModelRefusedException(
        "card.json: field '" + name + "' must be " + expected + ", is " + found);
  }
}
