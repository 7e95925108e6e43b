package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Holds the stream's JSON messages against docs/asyncapi.yaml. */
final class AsyncApiDocument {
  static final JsonNode DOCUMENT = read();
  private static final Map<String, JsonSchema> TOLD = schemas("tell");

  private AsyncApiDocument() {}

  private static JsonNode read() {
    try {
      return new YAMLMapper()
          .readTree(Path.of(System.getProperty("semnal.root"), "docs/asyncapi.yaml").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By type, what one side may say: the operation's messages, by way of the channel's. */
  static Map<String, JsonSchema> schemas(String operation) {
    Map<String, JsonSchema> schemas = new TreeMap<>();
    for (JsonNode reference : DOCUMENT.at("/operations/" + operation + "/messages")) {
      JsonNode inChannel = DOCUMENT.at(reference.get("$ref").asText().substring(1));
      JsonNode message = DOCUMENT.at(inChannel.get("$ref").asText().substring(1));
      ObjectNode payload = (ObjectNode) message.get("payload");
      schemas.put(message.get("name").asText(), OpenApiDocument.schema(DOCUMENT, payload));
    }
    return schemas;
  }

  /** A message of the server must have the form that the document gives it. */
  static void check(JsonNode message) {
    String type = message.path("type").asText();
    assertThat(TOLD).as("%s", message).containsKey(type);
    assertThat(TOLD.get(type).validate(message)).as("%s", message).isEmpty();
  }
}
