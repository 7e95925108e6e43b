package io.semnal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import io.semnal.gateway.rest.Problem;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The served document: one that others' tools take, and that says what there is. */
class OpenApiTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static SwaggerParseResult parse(String text) {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    return new OpenAPIV3Parser().readContents(text, null, options);
  }

  @Test
  void isTakenByAnIndependentParser() throws Exception {
    SwaggerParseResult parsed = parse(OpenApiDocument.text());
    assertThat(parsed.getMessages()).isEmpty();
    assertThat(parsed.getOpenAPI().getOpenapi()).isEqualTo("3.1.0");
    assertThat(parsed.getOpenAPI().getPaths()).hasSize(14);
    ObjectNode broken = (ObjectNode) MAPPER.readTree(OpenApiDocument.text());
    ((ObjectNode) broken.at("/paths/~1api~1v1~1bars/get")).remove("responses");
    broken.remove("info");
    assertThat(parse(broken.toString()).getMessages()).isNotEmpty();
  }

  /** Each schema is one, and each reference leads somewhere. */
  @Test
  void refersOnlyToWhatItHas() throws Exception {
    JsonNode document = MAPPER.readTree(OpenApiDocument.text());
    List<JsonNode> references = document.findValues("$ref");
    assertThat(references).hasSizeGreaterThan(100);
    for (JsonNode reference : references) {
      assertThat(document.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  @Test
  void namesEveryProblem() throws Exception {
    JsonNode document = MAPPER.readTree(OpenApiDocument.text());
    List<String> codes = new ArrayList<>();
    document
        .at("/components/schemas/Problem/properties/code/enum")
        .forEach(n -> codes.add(n.asText()));
    assertThat(codes)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Problem.Code.values()).map(Enum::name).toList());
  }

  @Test
  void canFindFault() throws Exception {
    JsonNode document = MAPPER.readTree(OpenApiDocument.text());
    JsonSchema schema = OpenApiDocument.schema(document, document.at("/components/schemas/Quotes"));
    assertThat(schema.validate(MAPPER.readTree("{\"quotes\":[]}"))).isEmpty();
    assertThat(schema.validate(MAPPER.readTree("{\"quotes\":[{\"bid\":1}]}"))).isNotEmpty();
    assertThat(schema.validate(MAPPER.readTree("{\"quotes\":[],\"more\":1}"))).isNotEmpty();
  }

  @Test
  void isServedToEverybody() throws Exception {
    try (GatewayFixture gateway = new GatewayFixture(new GatewayFixture.Settings()).start();
        RestClient stranger = new RestClient(gateway.wsPort(), null)) {
      HttpResponse<String> response = stranger.send("GET", "/api/v1/openapi.json");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(MAPPER.readTree(response.body()))
          .isEqualTo(MAPPER.readTree(OpenApiDocument.text()));
    }
  }
}
