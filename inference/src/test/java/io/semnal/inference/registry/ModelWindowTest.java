package io.semnal.inference.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.core.config.FeatureSetConfig;
import io.semnal.core.market.Timeframe;
import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a window of rows has to do with the shape of a model's input. */
class ModelWindowTest {
  private static FeatureSetConfig set(int window, int columns) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      names.add("return(" + i + ")");
    }
    return new FeatureSetConfig("seq", Timeframe.M1, FeatureSetConfig.Price.MID, names, window);
  }

  /** Sums a row up into one value; −1 = not fixed. */
  private static byte[] model(long... shape) {
    long[] dimensions = new long[shape.length + 1];
    dimensions[0] = OnnxGraph.BATCH;
    System.arraycopy(shape, 0, dimensions, 1, shape.length);
    return new OnnxGraph("sum")
        .input("features", Element.FLOAT32, dimensions)
        .node("Flatten", List.of("features"), List.of("flat"), Map.of())
        .node("ReduceSum", List.of("flat"), List.of("sum"), Map.of("keepdims", 1L))
        .output("sum", Element.FLOAT32, OnnxGraph.BATCH, 1)
        .toBytes();
  }

  private static ModelImport register(byte[] onnx, FeatureSetConfig set) {
    return ModelImport.of(
        onnx,
        new ModelImport.Request(
            "mine.onnx",
            "mine",
            set,
            new byte[32],
            OutputSpec.parse("regression:atr"),
            false,
            "",
            false,
            "",
            ""),
        new double[0][],
        "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10 8 | takes 10 rows of 8 columns; feature set seq gives 20 rows of 8 columns",
        "20 7 | takes 20 rows of 7 columns; feature set seq gives 20 rows of 8 columns",
        "8 20 | takes 8 rows of 20 columns; feature set seq gives 20 rows of 8 columns",
        "40 4 | takes 40 rows of 4 columns; feature set seq gives 20 rows of 8 columns",
        "-1 16 | takes any of 16 columns; feature set seq gives 20 rows of 8 columns",
        "159 | takes 159 values; feature set seq gives 160 values, 20 rows of 8 columns",
      })
  void refusesAnotherShapeWithBoth(String shape, String sentence) {
    long[] dimensions = Arrays.stream(shape.split(" ")).mapToLong(Long::parseLong).toArray();
    assertThatThrownBy(() -> register(model(dimensions), set(20, 8)))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessage(
            "the model's input features[?,"
                + shape.replace(' ', ',').replace("-1", "?")
                + "] "
                + sentence
                + ", oldest first");
  }

  @ParameterizedTest
  @CsvSource({"20 8", "-1 8", "160"})
  void takesAShapeThatFitsAndNamesItsInputs(String shape) {
    long[] dimensions = Arrays.stream(shape.split(" ")).mapToLong(Long::parseLong).toArray();
    ModelCard card = register(model(dimensions), set(20, 8)).card();
    assertThat(card.columns()).hasSize(160).startsWith("return(1)[-19]", "return(2)[-19]");
    assertThat(ModelWindow.of(card.columns())).isEqualTo(new ModelWindow(20, set(1, 8).columns()));
  }

  /** A card that a running server meets says as much as a registration does. */
  @Test
  void aLoadRefusesAModelThatItsCardDoesNotFit() {
    ModelCard card = register(model(20, 8), set(20, 8)).card();
    assertThatThrownBy(
            () -> ModelVerifier.check(new ModelFiles(model(8, 20), card, Optional.empty())))
        .hasMessageContaining("takes 8 rows of 20 columns; feature set seq gives 20 rows of 8");
  }

  @Test
  void comparesWindowsAndTheColumnsOfOneRow() {
    ModelCard card = register(model(20, 8), set(20, 8)).card();
    ModelContract.check(card, set(20, 8), new byte[32]);
    assertThatThrownBy(() -> ModelContract.check(card, set(10, 8), new byte[32]))
        .hasMessageEndingWith("seq has: model 20 rows of 8 columns, set 10 rows of 8 columns");
    assertThatThrownBy(() -> ModelContract.check(card, set(1, 8), new byte[32]))
        .hasMessageEndingWith("seq has: model 20 rows of 8 columns, set 1 row of 8 columns");
    assertThatThrownBy(() -> ModelContract.check(card, set(20, 9), new byte[32]))
        .hasMessageEndingWith(
            "seq has: model 8 columns, set 9; column 9: model none, set 'return(9)'");
  }

  @Test
  void namesThatOnlyLookLikeAWindowAreColumns() {
    List<String> gap = List.of("close[-2]", "close");
    assertThat(ModelWindow.of(gap)).isEqualTo(new ModelWindow(1, gap));
    List<String> order = List.of("close[-1]", "open[-1]", "open", "close");
    assertThat(ModelWindow.of(order)).isEqualTo(new ModelWindow(1, order));
    assertThat(ModelWindow.of(List.of("close[-1]", "close")))
        .isEqualTo(new ModelWindow(2, List.of("close")));
  }
}
