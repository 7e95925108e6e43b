package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class CardJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Property(tries = 200)
  void givesBackWhatWasWritten(
      @ForAll String name,
      @ForAll int version,
      @ForAll @Size(max = 5) List<String> columns,
      @ForAll ModelCard.Output output,
      @ForAll boolean acceptsNaN,
      @ForAll String text) {
    ModelCard card =
        new ModelCard(
            name,
            version,
            text,
            name,
            columns,
            output,
            columns,
            text,
            name,
            acceptsNaN,
            text,
            name,
            text,
            name);
    byte[] bytes = CardJson.write(card);
    // Lone surrogates are no text that UTF-8 can hold.
    if (StandardCharsets.UTF_8.newEncoder().canEncode(name + text + columns)) {
      assertThat(CardJson.read(bytes)).isEqualTo(card);
    }
    assertThat(CardJson.write(card)).isEqualTo(bytes);
  }

  @Example
  void cardsThatWereNotBroughtAreWrittenAsEver() {
    assertThat(new String(CardJson.write(TestModels.card("trend")), StandardCharsets.UTF_8))
        .doesNotContain("origin")
        .endsWith("\"trainedTo\" : \"\"\n}\n");
  }

  @Example
  void namesEveryMissingField() {
    for (RecordComponent component : required()) {
      refused(
          json -> json.remove(component.getName()),
          "card.json: missing field '" + component.getName() + "'");
    }
  }

  /** Who made a model elsewhere need not say how. */
  private static List<RecordComponent> required() {
    return Arrays.stream(ModelCard.class.getRecordComponents())
        .filter(component -> !Set.of("training", "origin").contains(component.getName()))
        .toList();
  }

  @Example
  void namesEveryFieldOfAnotherType() {
    for (RecordComponent component : required()) {
      String field = component.getName();
      refused(json -> json.putObject(field), "card.json: field '" + field + "' must be ");
      refused(json -> json.putNull(field), "card.json: field '" + field + "' must be ");
    }
    refused(
        json -> json.put("version", 1.5), "card.json: field 'version' must be an integer, is 1.5");
    refused(
        json -> json.putArray("columns").add("rsi(14)").add(7),
        "card.json: field 'columns[1]' must be a text, is 7");
    refused(
        json -> json.put("output", "LOGITS"),
        "field 'output' is 'LOGITS', expected one of [CLASSES, UP_PROBABILITY, REGRESSION]");
  }

  @Example
  void namesUnknownAndRepeatedFields() {
    refused(json -> json.put("colums", 1), "card.json: unknown field 'colums' (known: name, ");
    assertThatThrownBy(() -> read("{\"name\": \"a\", \"name\": \"b\"}"))
        .hasMessageContaining("card.json: line 1: Duplicate field 'name'");
  }

  @Example
  void saysWhereTextIsNoJson() {
    assertThatThrownBy(() -> read("{\n \"name\": \n}")).hasMessageStartingWith("card.json: line 3");
    assertThatThrownBy(() -> read("[]")).hasMessage("card.json: expected an object, found []");
    assertThatThrownBy(() -> read("")).hasMessage("card.json: expected an object, found nothing");
    assertThatThrownBy(() -> read("{} {}")).hasMessageStartingWith("card.json: line 1");
  }

  @Property(tries = 300)
  void refusesArbitraryBytesByOneException(@ForAll byte[] bytes) {
    assertThatThrownBy(() -> CardJson.read(bytes)).isInstanceOf(ModelRefusedException.class);
  }

  private static ModelCard read(String json) {
    return CardJson.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(Consumer<ObjectNode> change, String part) {
    try {
      JsonNode json = MAPPER.readTree(CardJson.write(TestModels.card("trend")));
      change.accept((ObjectNode) json);
      assertThatThrownBy(() -> read(json.toString()))
          .isInstanceOf(ModelRefusedException.class)
          .hasMessageContaining(part);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
