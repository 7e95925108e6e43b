package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.semnal.inference.registry.ModelTraining.Deciles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TrainingJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final ModelTraining TRAINING =
      new ModelTraining(
          "xgboost",
          new TreeMap<>(Map.of("depth", 4.0, "rate", 0.05)),
          42,
          12,
          new TreeMap<>(Map.of("heldOut.auc", 0.53, "heldOut.profitFactor", Double.NaN)),
          new TreeMap<>(Map.of("eurusd.zip", "ab".repeat(32))),
          List.of(Deciles.of("rsi(14)", new double[] {3, 1, 2, Double.NaN})));

  @Test
  void comesBackAsItWasWritten() {
    assertThat(TrainingJson.read(json())).isEqualTo(TRAINING);
  }

  @Test
  void decilesAreThoseOfTheSortedValues() {
    double[] values = new double[1_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = 999 - i;
    }
    assertThat(Deciles.of("x", values).edges())
        .containsExactly(100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0, 800.0, 900.0);
    assertThat(TRAINING.deciles().getFirst().missing()).isEqualTo(0.25);
    assertThat(Deciles.of("x", new double[] {Double.NaN}).edges()).isEmpty();
  }

  @Test
  void namesWhatIsWrong() {
    refused(json -> json.remove("learner"), "'training.learner' must be a text, is null");
    refused(json -> json.put("seed", "x"), "'training.seed' must be an integer, is \"x\"");
    refused(json -> json.put("extra", 1), "unknown field 'training.extra'");
    refused(
        json -> json.putObject("parameters").put("depth", "deep"),
        "'training.parameters.depth' must be a number");
    refused(json -> json.putObject("data").put("file", 7), "'training.data.file' must be a text");
    refused(json -> json.putArray("deciles").add(7), "must be a list of numbers");
    assertThatThrownBy(() -> TrainingJson.read(MAPPER.readTree("7")))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("'training' must be an object");
  }

  private static ObjectNode json() {
    ObjectNode json = MAPPER.createObjectNode();
    TrainingJson.write(TRAINING, json);
    try {
      return (ObjectNode) MAPPER.readTree(json.toString());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static void refused(Consumer<ObjectNode> change, String part) {
    JsonNode json = json();
    change.accept((ObjectNode) json);
    assertThatThrownBy(() -> TrainingJson.read(json))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining(part);
  }
}
