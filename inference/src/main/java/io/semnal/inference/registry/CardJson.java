package io.semnal.inference.registry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads and writes {@code card.json}: exactly the fields of {@link ModelCard}, each of its type;
 * {@code training} and {@code origin} may be missing. Equal cards give equal bytes.
 */
final class CardJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final ObjectWriter WRITER =
      MAPPER.writer(
          new DefaultPrettyPrinter()
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n")));
  private static final Set<String> FIELDS = new LinkedHashSet<>(toFields());

  private CardJson() {}

  private static List<String> toFields() {
    return Arrays.stream(ModelCard.class.getRecordComponents()).map(c -> c.getName()).toList();
  }

  static ObjectNode tree(ModelCard card) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("name", card.name());
    json.put("version", card.version());
    json.put("featureSet", card.featureSet());
    json.put("featureHash", card.featureHash());
    ArrayNode columns = json.putArray("columns");
    card.columns().forEach(columns::add);
    json.put("output", card.output().name());
    ArrayNode classes = json.putArray("classes");
    card.classes().forEach(classes::add);
    json.put("unit", card.unit());
    json.put("outputName", card.outputName());
    json.put("acceptsNaN", card.acceptsNaN());
    json.put("labelPolicy", card.labelPolicy());
    json.put("description", card.description());
    json.put("trainedFrom", card.trainedFrom());
    json.put("trainedTo", card.trainedTo());
    card.training().ifPresent(training -> TrainingJson.write(training, json.putObject("training")));
    if (!"".equals(card.origin())) {
      json.put("origin", card.origin());
    }
    return json;
  }

  static byte[] write(ModelCard card) {
    try {
      return (WRITER.writeValueAsString(tree(card)) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers cannot be written", e);
    }
  }

  /**
   * @throws ModelRefusedException naming the field that is unknown, missing or of another type
   */
  static ModelCard read(byte[] bytes) {
    JsonNode json = parse(bytes);
    if (!json.isObject()) {
      throw refused("expected an object, found " + typeOf(json));
    }
    json.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                throw refused(
                    "unknown field '" + field + "' (known: " + String.join(", ", FIELDS) + ")");
              }
            });
    return new ModelCard(
        text(json, "name"),
        integer(json, "version"),
        text(json, "featureSet"),
        text(json, "featureHash"),
        texts(json, "columns"),
        output(json),
        texts(json, "classes"),
        text(json, "unit"),
        text(json, "outputName"),
        bool(json, "acceptsNaN"),
        text(json, "labelPolicy"),
        text(json, "description"),
        text(json, "trainedFrom"),
        text(json, "trainedTo"),
        json.has("training")
            ? Optional.of(TrainingJson.read(json.get("training")))
            : Optional.empty(),
        json.has("origin") ? text(json, "origin") : "");
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw refused(
          "line "
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": "
              + e.getOriginalMessage());
    } catch (IOException e) {
      throw refused(e.getMessage());
    }
  }

  private static String text(JsonNode json, String field) {
    JsonNode value = required(json, field);
    if (!value.isTextual()) {
      throw wrongType(field, "a text", value);
    }
    return value.textValue();
  }

  private static int integer(JsonNode json, String field) {
    JsonNode value = required(json, field);
    if (!value.isInt()) {
      throw wrongType(field, "an integer", value);
    }
    return value.intValue();
  }

  private static boolean bool(JsonNode json, String field) {
    JsonNode value = required(json, field);
    if (!value.isBoolean()) {
      throw wrongType(field, "true or false", value);
    }
    return value.booleanValue();
  }

  private static List<String> texts(JsonNode json, String field) {
    JsonNode value = required(json, field);
    if (!value.isArray()) {
      throw wrongType(field, "a list of texts", value);
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : value) {
      if (!element.isTextual()) {
        throw wrongType(field + "[" + texts.size() + "]", "a text", element);
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  private static ModelCard.Output output(JsonNode json) {
    String name = text(json, "output");
    for (ModelCard.Output output : ModelCard.Output.values()) {
      if (output.name().equals(name)) {
        return output;
      }
    }
    throw refused(
        "field 'output' is '"
            + name
            + "', expected one of "
            + Arrays.toString(ModelCard.Output.values()));
  }

  private static JsonNode required(JsonNode json, String field) {
    JsonNode value = json.get(field);
    if (value == null) {
      throw refused("missing field '" + field + "'");
    }
    return value;
  }

  private static ModelRefusedException wrongType(String field, String expected, JsonNode value) {
    return refused("field '" + field + "' must be " + expected + ", is " + typeOf(value));
  }

  private static String typeOf(JsonNode value) {
    return value.isMissingNode() ? "nothing" : value.toString();
  }

  private static ModelRefusedException refused(String reason) {
    return new ModelRefusedException("card.json: " + reason);
  }
}
