package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.RuntimeConfig.Models.ScorerChoice;
import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.registry.ModelCard.Output;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each way in which a model breaks its card's promise has its own sentence. */
class ModelVerifierTest {
  @Test
  void acceptsWhatKeepsItsPromise() {
    loads(TestModels.logistic(1), TestModels.card("m"));
    loads(TestModels.linear(2, 0.5f), card(Output.UP_PROBABILITY, List.of(), "", 2, false));
    loads(TestModels.linear(2, -7f), card(Output.REGRESSION, List.of(), "pips", 2, false));
    loads(constantRow(0.25f, 0.75f), card(Output.CLASSES, List.of("BUY", "SELL"), "", 2, false));
  }

  @Test
  void refusesAnotherCountOfFeatures() {
    loads(
        TestModels.logistic(1),
        card(Output.CLASSES, TestModels.CLASSES, "", 5, false),
        "expected 5 features, the model takes 4: features float32[?,4]");
  }

  @Test
  void refusesAnotherCountOfOutputs() {
    loads(
        TestModels.logistic(1),
        card(Output.CLASSES, List.of("SELL", "BUY"), "", 4, false),
        "the card says output CLASSES [SELL, BUY], so 2 values; the model gives 3");
    loads(
        TestModels.linear(2, 0.1f, 0.9f),
        card(Output.UP_PROBABILITY, List.of(), "", 2, false),
        "so 1 value; the model gives 2; for two probabilities say output CLASSES");
    loads(
        TestModels.linear(2, 0.1f, 0.9f),
        card(Output.REGRESSION, List.of(), "atr", 2, false),
        "the card says output REGRESSION, so 1 value; the model gives 2");
  }

  @Test
  void refusesRowsThatAreNoDistribution() {
    loads(
        TestModels.linear(2, 0.25f, 0.25f, 0.25f),
        card(Output.CLASSES, TestModels.CLASSES, "", 2, false),
        "a row of zeros scores [0.25, 0.25, 0.25]: they sum to 0.75, not to 1");
    loads(
        TestModels.linear(2, 2.5f, -1f, -0.5f),
        card(Output.CLASSES, TestModels.CLASSES, "", 2, false),
        "a row of zeros scores [2.5, -1.0, -0.5]: output 0 is no probability; end the model with a"
            + " Softmax");
    loads(
        TestModels.linear(2, -0.5f),
        card(Output.UP_PROBABILITY, List.of(), "", 2, false),
        "output 0 is no probability; end the model with a Sigmoid");
  }

  @Test
  void toleratesSumsWithinOneInTenThousandOnly() {
    ModelCard card = card(Output.CLASSES, List.of("SELL", "BUY"), "", 2, false);
    loads(constantRow(0.5f, 0.50009f), card);
    loads(constantRow(0.5f, 0.50011f), card, "not to 1 ± 1e-4");
    loads(constantRow(0.5f, 0.49989f), card, "not to 1 ± 1e-4");
  }

  @Test
  void refusesScoresThatAreNotFinite() {
    loads(
        TestModels.linear(2, Float.POSITIVE_INFINITY),
        card(Output.REGRESSION, List.of(), "return", 2, false),
        "a row of zeros scores [Infinity]: output 0 is Infinity");
  }

  @Test
  void refusesModelsThatDrawRandomNumbers() {
    byte[] random =
        new OnnxGraph("dropout")
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, 3)
            .node("RandomNormalLike", List.of("features"), List.of("noise"), Map.of())
            .node("Softmax", List.of("noise"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 3)
            .toBytes();
    loads(
        random,
        card(Output.CLASSES, TestModels.CLASSES, "", 3, false),
        "the model draws random numbers; export it in evaluation mode");
  }

  @Test
  void refusesAPromiseToAcceptNaNThatDoesNotHold() {
    loads(
        TestModels.logistic(1),
        card(Output.CLASSES, TestModels.CLASSES, "", 4, true),
        "a row of NaN (the card says acceptsNaN) scores [NaN, NaN, NaN]: output 0 is NaN");
  }

  @Test
  void refusesCardsThatContradictThemselves() {
    cardRefused(c -> with(c, "Trend", Output.CLASSES, TestModels.CLASSES, ""), "name is 'Trend'");
    cardRefused(
        c -> with(c, "t", Output.CLASSES, List.of("SELL", "SELL", "BUY"), ""),
        "classes is [SELL, SELL, BUY], must order SELL, NEUTRAL, BUY or SELL, BUY");
    cardRefused(
        c -> with(c, "t", Output.CLASSES, List.of("UP", "DOWN"), ""), "classes is [UP, DOWN]");
    cardRefused(
        c -> with(c, "t", Output.REGRESSION, List.of(), "bananas"), "unit is 'bananas', must be");
    cardRefused(
        c -> with(c, "t", Output.REGRESSION, List.of("BUY"), "pips"),
        "classes is [BUY], must be empty for output REGRESSION");
    cardRefused(
        c -> with(c, "t", Output.CLASSES, TestModels.CLASSES, "pips"),
        "unit is 'pips', must be empty for output CLASSES");
  }

  private static byte[] constantRow(float... scores) {
    return new OnnxGraph("constant")
        .input("features", Element.FLOAT32, OnnxGraph.BATCH, 2)
        .initializer("W", new float[2 * scores.length], 2, scores.length)
        .initializer("B", scores, scores.length)
        .node("Gemm", List.of("features", "W", "B"), List.of("scores"), Map.of())
        .output("scores", Element.FLOAT32, OnnxGraph.BATCH, scores.length)
        .toBytes();
  }

  private static void cardRefused(UnaryOperator<ModelCard> change, String part) {
    assertThatThrownBy(() -> ModelContract.checkCard(change.apply(TestModels.card("t"))))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("card.json: " + part);
  }

  private static ModelCard with(
      ModelCard card, String name, Output output, List<String> classes, String unit) {
    return TestModels.card(name, output, classes, unit, card.columns().size(), false);
  }

  private static ModelCard card(
      Output output, List<String> classes, String unit, int features, boolean acceptsNaN) {
    return TestModels.card("m", output, classes, unit, features, acceptsNaN);
  }

  /** Loads, where no sentence is expected; is refused with it, where one is. */
  private static void loads(byte[] onnx, ModelCard card, String... sentence) {
    if (sentence.length == 0) {
      try (LoadedModel model = ModelVerifier.load(new ModelFiles(onnx, card), ScorerChoice.AUTO)) {
        assertThat(model.scorer().score()).isTrue();
      }
      return;
    }
    assertThatThrownBy(
            () -> ModelVerifier.load(new ModelFiles(onnx, card), ScorerChoice.AUTO).close())
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContainingAll(sentence);
  }
}
