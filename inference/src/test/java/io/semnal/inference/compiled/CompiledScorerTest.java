package io.semnal.inference.compiled;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.onnx.OnnxWriter.Layer;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompiledScorerTest {
  private static final int FEATURES = 32;

  @Test
  void networksEqualOnnxRuntimeOnAHundredThousandRows() {
    double largest =
        Peers.assertAgree(
            network(), FEATURES, 100_000, 1e-6, Peers.gaussian(new Random(5), 1, false));
    assertThat(largest).isPositive();
  }

  /**
   * The bits that every machine must give: computed once, on x86-64 with AVX-512. A difference here
   * on another machine is a fault, not a reason to change the number.
   */
  @Test
  void givesTheSameBitsOnEveryMachine() {
    OnnxGraph all =
        new OnnxGraph("functions")
            .opset("", 20)
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, FEATURES)
            .initializer("W", Peers.reals(new Random(11), 33 * FEATURES, 0.3), FEATURES, 33)
            .node("MatMul", List.of("features", "W"), List.of("a"), Map.of())
            .node("Tanh", List.of("a"), List.of("b"), Map.of())
            .node("Gelu", List.of("a"), List.of("c"), Map.of())
            .node("Sigmoid", List.of("a"), List.of("d"), Map.of())
            .node("Elu", List.of("a"), List.of("e"), Map.of())
            .node("Sum", List.of("b", "c", "d", "e"), List.of("f"), Map.of())
            .node("Softmax", List.of("f"), List.of("scores"), Map.of("axis", -1L))
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 33);
    try (CompiledScorer scorer = CompiledScorer.open(all.toBytes(), FEATURES, "")) {
      Random random = new Random(12);
      long bits = 0;
      for (int row = 0; row < 1000; row++) {
        Peers.score(scorer, Peers.reals(random, FEATURES, 2));
        for (int i = 0; i < scorer.outputs(); i++) {
          bits = bits * 31 + Float.floatToIntBits((float) scorer.output(i));
        }
      }
      assertThat(bits).isEqualTo(523390512939510949L);
    }
  }

  @Test
  void allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (CompiledScorer scorer = CompiledScorer.open(network(), FEATURES, "")) {
      double sum = run(scorer, 20_000);
      // What the VM allocates once, when it compiles, falls into one round: the others are judged.
      long[] allocated = new long[3];
      for (int round = 0; round < 3; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        sum += run(scorer, 30_000);
        allocated[round] = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(sum).isFinite();
      // Less than a byte for ten scores: what the measurement itself may cost.
      java.util.Arrays.sort(allocated);
      assertThat(allocated[1]).isLessThan(3_000);
    }
  }

  private static double run(CompiledScorer scorer, int scores) {
    double sum = 0;
    for (int i = 0; i < scores; i++) {
      scorer.score();
      sum += scorer.output(i % 3);
    }
    return sum;
  }

  @Test
  void namesTheOperatorThatItDoesNotCover() {
    byte[] onnx =
        new OnnxGraph("uncovered")
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, 3)
            .node("Det", List.of("features"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 3)
            .toBytes();
    assertThatThrownBy(() -> CompiledScorer.open(onnx, 3, ""))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessage("operator Det 'Det0' is not covered");
  }

  @Test
  void leavesOutWhatTheWantedOutputDoesNotNeed() {
    byte[] onnx =
        new OnnxGraph("two-outputs")
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, 3)
            .node("Det", List.of("features"), List.of("label"), Map.of())
            .node("Neg", List.of("features"), List.of("scores"), Map.of())
            .output("label", Element.FLOAT32, OnnxGraph.BATCH, 3)
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 3)
            .toBytes();
    try (CompiledScorer scorer = CompiledScorer.open(onnx, 3, "scores")) {
      Peers.score(scorer, new float[] {1, 2, 3});
      assertThat(scorer.output(1)).isEqualTo(-2);
    }
  }

  @Test
  void takesDoublesThatTheModelItselfCasts() {
    byte[] onnx =
        new OnnxGraph("cast")
            .input("features", Element.FLOAT64, OnnxGraph.BATCH, 3)
            .node("Cast", List.of("features"), List.of("narrow"), Map.of("to", 1L))
            .node("Exp", List.of("narrow"), List.of("scores"), Map.of())
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 3)
            .toBytes();
    try (CompiledScorer scorer = CompiledScorer.open(onnx, 3, "")) {
      assertThat(scorer.isDouble()).isTrue();
      scorer.input().setAtIndex(JAVA_DOUBLE, 1, 0.1);
      assertThat(scorer.score()).isTrue();
      assertThat(scorer.output(1)).isEqualTo((float) StrictMath.exp(0.1f));
    }
  }

  @Test
  void closesOnceAndScoresNoMore() {
    CompiledScorer scorer = CompiledScorer.open(network(), 0, "");
    scorer.close();
    scorer.close();
    assertThat(scorer.score()).isFalse();
    assertThat(scorer.lastError()).isEqualTo("the scorer is closed");
  }

  @Test
  void elementaryFunctionsEqualTheStrictOnes() {
    Random random = new Random(9);
    for (int i = 0; i < 200_000; i++) {
      double x = random.nextGaussian() * (i % 3 == 0 ? 0.01 : i % 3 == 1 ? 1 : 30);
      assertThat(Elementary.exp(x)).isCloseTo(StrictMath.exp(x), within(1e-15 * StrictMath.exp(x)));
      double tanh = StrictMath.tanh(x);
      assertThat(Elementary.tanh(x)).isCloseTo(tanh, within(1e-12 * Math.abs(tanh) + 1e-300));
    }
    assertThat(Elementary.exp(Double.NaN)).isNaN();
    assertThat(Elementary.exp(Double.POSITIVE_INFINITY)).isInfinite();
    assertThat(Elementary.exp(Double.NEGATIVE_INFINITY)).isZero();
    // erf by its table in Abramowitz and Stegun, 7.1.
    assertThat(Elementary.erf(0.5)).isCloseTo(0.5204998778, within(1e-10));
    assertThat(Elementary.erf(-1)).isCloseTo(-0.8427007929, within(1e-10));
    assertThat(Elementary.erf(2)).isCloseTo(0.9953222650, within(1e-10));
    assertThat(Elementary.erf(5)).isEqualTo(1);
  }

  @Test
  void manyAtOnceHaveTheBitsOfOneByOne() {
    Random random = new Random(10);
    float[] given = {0f, -0f, 0.02f, 0.0199f, 20f, 20.5f, 710f, 1e30f, Float.NaN, 1e-30f, 355f};
    float[] values = new float[given.length * 100];
    for (int i = 0; i < values.length; i++) {
      float own = i < given.length ? given[i] : (float) random.nextGaussian() * (1 + i % 9);
      values[i] = i % 2 == 0 ? own : -own;
    }
    double[] curved = new double[2 * values.length];
    Curves curves = new Curves(values.length);
    curves.sigmoid(values, 0, curved, 0, values.length);
    curves.tanh(values, 0, curved, values.length, values.length);
    for (int i = 0; i < values.length; i++) {
      float sigmoid = (float) Elementary.sigmoid(values[i]);
      float tanh = (float) Elementary.tanh(values[i]);
      assertThat(Float.valueOf((float) curved[i]))
          .as("sigmoid %s", values[i])
          .isEqualTo(Float.valueOf(sigmoid));
      assertThat(Float.valueOf((float) curved[values.length + i]))
          .as("tanh %s", values[i])
          .isEqualTo(Float.valueOf(tanh));
    }
  }

  private static byte[] network() {
    Random random = new Random(20261122);
    List<Layer> layers =
        List.of(layer(random, FEATURES, 32), layer(random, 32, 16), layer(random, 16, 3));
    return OnnxWriter.mlp(layers, List.of("SELL", "NEUTRAL", "BUY"));
  }

  private static Layer layer(Random random, int inputs, int outputs) {
    double[][] weights = new double[outputs][inputs];
    double[] bias = new double[outputs];
    for (int o = 0; o < outputs; o++) {
      bias[o] = random.nextGaussian() * 0.1;
      for (int i = 0; i < inputs; i++) {
        weights[o][i] = random.nextGaussian() / Math.sqrt(inputs);
      }
    }
    return new Layer(weights, bias);
  }
}
