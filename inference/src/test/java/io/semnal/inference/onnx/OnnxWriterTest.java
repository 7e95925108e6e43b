package io.semnal.inference.onnx;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.semnal.inference.onnx.OnnxWriter.Layer;
import io.semnal.inference.scorer.OnnxScorer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Files of the writer score in ONNX Runtime as the formula does in plain Java. */
class OnnxWriterTest {
  private static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");

  @Property(tries = 40)
  void logisticScoresAsTheFormula(
      @ForAll @IntRange(min = 1, max = 70) int features, @ForAll long seed) {
    Layer layer = random(new Random(seed), features, 3);
    compare(
        OnnxWriter.logistic(layer.weights(), layer.bias(), CLASSES),
        List.of(layer),
        new Random(seed + 1));
  }

  @Property(tries = 25)
  void mlpScoresAsTheFormula(
      @ForAll @IntRange(min = 1, max = 40) int features,
      @ForAll @IntRange(min = 1, max = 40) int hidden,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Layer> layers =
        List.of(random(random, features, hidden), random(random, hidden, 5), random(random, 5, 3));
    compare(OnnxWriter.mlp(layers, CLASSES), layers, random);
  }

  @Test
  void equalNumbersGiveEqualBytes() {
    Layer layer = random(new Random(7), 20, 3);
    byte[] once = OnnxWriter.logistic(layer.weights(), layer.bias(), CLASSES);
    byte[] again = OnnxWriter.logistic(layer.weights(), layer.bias(), CLASSES);
    assertThat(again).isEqualTo(once);
    layer.weights()[0][0] += 1;
    assertThat(OnnxWriter.logistic(layer.weights(), layer.bias(), CLASSES)).isNotEqualTo(once);
  }

  @Test
  void refusesWhatIsNoLayer() {
    assertThatThrownBy(() -> OnnxWriter.logistic(new double[3][2], new double[2], CLASSES))
        .hasMessageContaining("3 rows of weights and 2 biases");
    assertThatThrownBy(
            () -> OnnxWriter.logistic(new double[3][2], new double[3], CLASSES.subList(0, 2)))
        .hasMessageContaining("classes [SELL, NEUTRAL]");
    assertThatThrownBy(
            () ->
                OnnxWriter.logistic(
                    new double[][] {{1, Double.NaN}, {1e300, 2}}, new double[2], List.of("a", "b")))
        .hasMessageContaining("NaN is no float32 weight");
    assertThatThrownBy(
            () ->
                OnnxWriter.mlp(
                    List.of(random(new Random(1), 4, 5), random(new Random(1), 6, 3)), CLASSES))
        .hasMessageContaining("layer 1 does not take what layer 0 gives");
  }

  @Test
  void refusesAnInitializerThatDoesNotFillItsShape() {
    assertThatThrownBy(() -> new OnnxGraph("g").initializer("W", new float[5], 2, 3))
        .hasMessageContaining("initializer W has 5 values, its shape 6");
  }

  private static void compare(byte[] onnx, List<Layer> layers, Random random) {
    int features = layers.getFirst().inputs();
    try (OnnxScorer scorer = OnnxScorer.open(onnx, features, OnnxWriter.OUTPUT)) {
      assertThat(scorer.features()).isEqualTo(features);
      assertThat(scorer.outputs()).isEqualTo(3);
      for (int row = 0; row < 5; row++) {
        double[] values = random.doubles(features, -3, 3).map(v -> (float) v).toArray();
        for (int i = 0; i < features; i++) {
          scorer.input().setAtIndex(JAVA_FLOAT, i, (float) values[i]);
        }
        assertThat(scorer.score()).as(scorer.lastError()).isTrue();
        double[] expected = evaluate(layers, values);
        for (int i = 0; i < 3; i++) {
          assertThat(scorer.output(i)).isCloseTo(expected[i], within(2e-5));
        }
      }
    }
  }

  private static double[] evaluate(List<Layer> layers, double[] row) {
    double[] current = row;
    for (Layer layer : layers) {
      double[] input = layer == layers.getFirst() ? current : rectified(current);
      current =
          IntStream.range(0, layer.outputs())
              .mapToDouble(
                  o ->
                      (float) layer.bias()[o]
                          + IntStream.range(0, input.length)
                              .mapToDouble(i -> input[i] * (float) layer.weights()[o][i])
                              .sum())
              .toArray();
    }
    double[] exponentials = Arrays.stream(current).map(Math::exp).toArray();
    double sum = Arrays.stream(exponentials).sum();
    return Arrays.stream(exponentials).map(e -> e / sum).toArray();
  }

  private static double[] rectified(double[] values) {
    return Arrays.stream(values).map(v -> Math.max(0, v)).toArray();
  }

  private static Layer random(Random random, int inputs, int outputs) {
    double scale = 1 / Math.sqrt(inputs);
    double[][] weights = new double[outputs][];
    for (int o = 0; o < outputs; o++) {
      weights[o] = random.doubles(inputs, -scale, scale).toArray();
    }
    return new Layer(weights, random.doubles(outputs, -1, 1).toArray());
  }
}
