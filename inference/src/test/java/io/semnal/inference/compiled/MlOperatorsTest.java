package io.semnal.inference.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Trees and the other operators of {@code ai.onnx.ml}, against ONNX Runtime. */
class MlOperatorsTest {
  private static final String ML = "ai.onnx.ml";
  private static final double TOLERANCE = 1e-5;

  private static final int FEATURES = 7;

  @Property(tries = 80)
  void regressorsOfEveryMode(
      @ForAll("modes") String[] modes,
      @ForAll boolean missing,
      @ForAll @IntRange(min = 1, max = 20) int trees,
      @ForAll @IntRange(min = 1, max = 3) int targets,
      @ForAll("aggregates") String aggregate,
      @ForAll("transforms") String transform,
      @ForAll boolean based,
      @ForAll boolean spread,
      @ForAll long seed) {
    Random random = new Random(seed);
    RandomTrees ensemble = new RandomTrees(random, FEATURES, modes, missing);
    long[] all = {0, 1, 2};
    ensemble.grow(
        trees,
        5,
        tree -> spread ? Arrays.copyOf(all, targets) : new long[] {tree % targets},
        false);
    Map<String, Object> attributes = ensemble.attributes(false);
    attributes.put("n_targets", (long) targets);
    attributes.put("aggregate_function", aggregate);
    attributes.put("post_transform", transform);
    if (based) {
      attributes.put("base_values", Arrays.copyOf(new float[] {0.2f, 0.3f, 0.1f, 0.5f}, targets));
    }
    byte[] onnx = model("TreeEnsembleRegressor", attributes, List.of("scores"), targets);
    Peers.assertAgree(onnx, FEATURES, 40, TOLERANCE, ensemble.rows(true));
  }

  @Property(tries = 80)
  void classifiersOfEveryKind(
      @ForAll boolean missing,
      @ForAll @IntRange(min = 2, max = 4) int classes,
      @ForAll("scored") String scored,
      @ForAll("transforms") String transform,
      @ForAll boolean based,
      @ForAll boolean positive,
      @ForAll long seed) {
    Random random = new Random(seed);
    RandomTrees ensemble = new RandomTrees(random, FEATURES, RandomTrees.MODES, missing);
    long[] all = new long[classes];
    for (int i = 0; i < classes; i++) {
      all[i] = i;
    }
    ensemble.grow(
        9,
        4,
        tree ->
            switch (scored) {
              case "each" -> new long[] {tree % classes};
              case "all" -> all;
              case "first" -> new long[] {0};
              default -> new long[] {classes - 1};
            },
        positive);
    Map<String, Object> attributes = ensemble.attributes(true);
    attributes.put("classlabels_int64s", all);
    attributes.put("post_transform", transform);
    if (based) {
      attributes.put("base_values", Arrays.copyOf(new float[] {0.2f, 0.3f, 0.1f, 0.5f}, classes));
    }
    byte[] onnx = model("TreeEnsembleClassifier", attributes, List.of("label", "scores"), classes);
    Peers.assertAgree(onnx, FEATURES, 30, TOLERANCE, ensemble.rows(true));
  }

  @Property(tries = 20)
  void binaryClassifiersWithOneBaseValue(
      @ForAll("transforms") String transform, @ForAll boolean positive, @ForAll long seed) {
    RandomTrees ensemble =
        new RandomTrees(new Random(seed), FEATURES, new String[] {"BRANCH_LT"}, true);
    ensemble.grow(5, 4, tree -> new long[] {0}, positive);
    Map<String, Object> attributes = ensemble.attributes(true);
    attributes.put("classlabels_int64s", new long[] {0, 1});
    attributes.put("post_transform", transform);
    attributes.put("base_values", new float[] {0.25f});
    byte[] onnx = model("TreeEnsembleClassifier", attributes, List.of("label", "scores"), 2);
    Peers.assertAgree(onnx, FEATURES, 30, TOLERANCE, ensemble.rows(true));
  }

  /** A hundred thousand rows, many at thresholds: no tree may take another way even once. */
  @Test
  void boostedTreesOnAHundredThousandRows() {
    Random random = new Random(20261122);
    RandomTrees ensemble =
        new RandomTrees(random, 32, new String[] {"BRANCH_LT", "BRANCH_LEQ"}, true);
    ensemble.grow(60, 6, tree -> new long[] {tree % 3}, false);
    Map<String, Object> attributes = ensemble.attributes(false);
    attributes.put("n_targets", 3L);
    byte[] onnx =
        new OnnxGraph("boosted")
            .opset(ML, 3)
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, 32)
            .node(ML, "TreeEnsembleRegressor", List.of("features"), List.of("sums"), attributes)
            .node("Softmax", List.of("sums"), List.of("scores"), Map.of("axis", -1L))
            .output("scores", Element.FLOAT32, OnnxGraph.BATCH, 3)
            .toBytes();
    double largest = Peers.assertAgree(onnx, 32, 100_000, TOLERANCE, ensemble.rows(true));
    assertThat(largest).isLessThanOrEqualTo(1e-6);
  }

  @Test
  void probitIsLeftToOnnxRuntime() {
    for (String operator : new String[] {"TreeEnsembleRegressor", "TreeEnsembleClassifier"}) {
      boolean classifier = operator.endsWith("Classifier");
      RandomTrees ensemble = new RandomTrees(new Random(1), FEATURES, RandomTrees.MODES, false);
      ensemble.grow(3, 4, tree -> new long[] {tree % 2}, true);
      Map<String, Object> attributes = ensemble.attributes(classifier);
      attributes.put("post_transform", "PROBIT");
      if (classifier) {
        attributes.put("classlabels_int64s", new long[] {0, 1});
      } else {
        attributes.put("n_targets", 2L);
      }
      List<String> results = classifier ? List.of("label", "scores") : List.of("scores");
      byte[] onnx = model(operator, attributes, results, 2);
      assertThatThrownBy(() -> CompiledScorer.open(onnx, FEATURES, "scores"))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContaining("PROBIT");
    }
  }

  @Property(tries = 30)
  void linearModels(
      @ForAll boolean classifier,
      @ForAll @IntRange(min = 1, max = 4) int targets,
      @ForAll("transforms") String transform,
      @ForAll long seed) {
    if (classifier && targets == 1 && transform.equals("LOGISTIC")) {
      return;
    }
    Random random = new Random(seed);
    Map<String, Object> attributes = new TreeMap<>();
    attributes.put("coefficients", Peers.reals(random, targets * FEATURES, 0.5));
    attributes.put("intercepts", Peers.reals(random, targets, 0.5));
    attributes.put("post_transform", transform);
    int outputs = classifier && targets == 1 ? 2 : targets;
    if (classifier) {
      long[] labels = new long[outputs];
      for (int i = 0; i < outputs; i++) {
        labels[i] = i;
      }
      attributes.put("classlabels_ints", labels);
    } else {
      attributes.put("targets", (long) targets);
    }
    byte[] onnx =
        model(
            classifier ? "LinearClassifier" : "LinearRegressor",
            attributes,
            classifier ? List.of("label", "scores") : List.of("scores"),
            outputs);
    Peers.assertAgree(onnx, FEATURES, 20, TOLERANCE, Peers.gaussian(random, 1, false));
  }

  @Property(tries = 30)
  void preparations(@ForAll("preparations") String operator, @ForAll long seed) {
    Random random = new Random(seed);
    Map<String, Object> attributes =
        switch (operator) {
          case "Scaler" ->
              Map.of(
                  "offset", Peers.reals(random, FEATURES, 1),
                  "scale", Peers.reals(random, FEATURES, 1));
          case "Imputer" ->
              Map.of(
                  "imputed_value_floats",
                  Peers.reals(random, FEATURES, 1),
                  "replaced_value_float",
                  Float.NaN);
          case "Binarizer" -> Map.of("threshold", 0.3f);
          default -> Map.of("norm", List.of("MAX", "L1", "L2").get(random.nextInt(3)));
        };
    byte[] onnx = model(operator, attributes, List.of("scores"), FEATURES);
    boolean nan = operator.equals("Imputer");
    Peers.assertAgree(
        onnx,
        FEATURES,
        20,
        TOLERANCE,
        (row, number) -> {
          Peers.gaussian(random, 2, false).fill(row, number);
          for (int i = 0; nan && i < row.length; i++) {
            row[i] = random.nextInt(3) == 0 ? Float.NaN : row[i];
          }
        });
  }

  @Provide
  Arbitrary<String> preparations() {
    return Arbitraries.of("Scaler", "Imputer", "Normalizer", "Binarizer");
  }

  /** Ensembles of one mode, and of all: ONNX Runtime has a loop of its own for each. */
  @Provide
  Arbitrary<String[]> modes() {
    List<String[]> kinds = new ArrayList<>();
    for (String mode : RandomTrees.MODES) {
      kinds.add(new String[] {mode});
    }
    kinds.add(RandomTrees.MODES);
    return Arbitraries.of(kinds);
  }

  @Provide
  Arbitrary<String> aggregates() {
    return Arbitraries.of("SUM", "AVERAGE", "MIN", "MAX");
  }

  @Provide
  Arbitrary<String> transforms() {
    return Arbitraries.of("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO");
  }

  @Provide
  Arbitrary<String> scored() {
    return Arbitraries.of("each", "all", "first", "last");
  }

  private static byte[] model(
      String operator, Map<String, Object> attributes, List<String> results, int outputs) {
    OnnxGraph graph =
        new OnnxGraph("ml")
            .opset(ML, 3)
            .input("features", Element.FLOAT32, OnnxGraph.BATCH, FEATURES)
            .node(ML, operator, List.of("features"), results, attributes);
    return graph.output("scores", Element.FLOAT32, OnnxGraph.BATCH, outputs).toBytes();
  }
}
