package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds answers against the served document, by a schema validator that is not ours. */
final class OpenApiDocument {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonSchemaFactory FACTORY =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final JsonNode DOCUMENT = read();
  private static final Map<JsonNode, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

  private OpenApiDocument() {}

  static String text() {
    return DOCUMENT.toString();
  }

  private static JsonNode read() {
    try (InputStream in =
        OpenApiDocument.class.getResourceAsStream("/io/semnal/gateway/rest/openapi.json")) {
      return MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The schema that a part of a document is, with the document's components. */
  static JsonSchema schema(JsonNode document, JsonNode part) {
    ObjectNode whole = MAPPER.createObjectNode();
    whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    whole.set("components", document.get("components"));
    whole.set("allOf", MAPPER.createArrayNode().add(part));
    return FACTORY.getSchema(whole);
  }

  /** An answer must have a form that the document gives it. */
  static void check(HttpResponse<String> response) throws IOException {
    String path = response.uri().getRawPath();
    String method = response.request().method();
    JsonNode operation =
        operation(path, method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT));
    JsonNode responses =
        operation == null ? DOCUMENT.get("components") : operation.get("responses");
    JsonNode said = responses.get(Integer.toString(response.statusCode()));
    if (operation == null || said == null) {
      if (response.statusCode() < 400) {
        assertThat(method).as("%s %s is not in the document", method, path).isEqualTo("OPTIONS");
        return;
      }
      said = DOCUMENT.at("/components/responses/Problem");
    }
    if (said.get("content") == null || method.equals("HEAD")) {
      assertThat(response.body()).isEmpty();
      return;
    }
    String type = response.headers().firstValue("content-type").orElse("");
    JsonNode schema = said.get("content").path(type).path("schema");
    assertThat(schema.isMissingNode()).as("%s %s in %s", method, path, type).isFalse();
    JsonNode body = MAPPER.readTree(response.body());
    assertThat(SCHEMAS.computeIfAbsent(schema, s -> schema(DOCUMENT, s)).validate(body))
        .as("%s %s: %s", method, path, body)
        .isEmpty();
  }

  private static JsonNode operation(String path, String method) {
    for (Map.Entry<String, JsonNode> entry : DOCUMENT.get("paths").properties()) {
      String pattern = entry.getKey().replace("{id}", "[^/]+").replace(".", "\\.");
      if (path.matches(pattern)) {
        return entry.getValue().get(method);
      }
    }
    return null;
  }
}
