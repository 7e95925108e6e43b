package io.semnal.bench;

import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.onnx.OnnxWriter;
import io.semnal.inference.onnx.OnnxWriter.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Models of fixed seeds to be scored: what they say does not matter, how long it takes does. */
public final class ScoreModels {
  public static final int FEATURES = 32;
  private static final int DEPTH = 6;
  private static final List<String> CLASSES = List.of("SELL", "NEUTRAL", "BUY");

  private ScoreModels() {}

  /** A multilayer perceptron 32-32-16-3. */
  public static byte[] mlp() {
    Random random = new Random(20261122);
    return OnnxWriter.mlp(
        List.of(layer(random, FEATURES, 32), layer(random, 32, 16), layer(random, 16, 3)), CLASSES);
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

  /** Boosted trees of depth 6, each full, one of three classes in turn, and a softmax. */
  public static byte[] trees(int count) {
    Trees trees = new Trees(new Random(20261122 + count));
    for (int i = 0; i < count; i++) {
      trees.add(i);
    }
    return new OnnxGraph("trees")
        .opset("ai.onnx.ml", 3)
        .input(OnnxWriter.INPUT, Element.FLOAT32, OnnxGraph.BATCH, FEATURES)
        .node(
            "ai.onnx.ml",
            "TreeEnsembleRegressor",
            List.of(OnnxWriter.INPUT),
            List.of("sums"),
            trees.attributes())
        .node("Softmax", List.of("sums"), List.of(OnnxWriter.OUTPUT), Map.of("axis", -1L))
        .output(OnnxWriter.OUTPUT, Element.FLOAT32, OnnxGraph.BATCH, CLASSES.size())
        .toBytes();
  }

  /** The operator's parallel tables. */
  private static final class Trees {
    private final Random random;
    private final List<Long> treeIds = new ArrayList<>();
    private final List<Long> nodeIds = new ArrayList<>();
    private final List<Long> features = new ArrayList<>();
    private final List<Long> yes = new ArrayList<>();
    private final List<Long> no = new ArrayList<>();
    private final List<Float> values = new ArrayList<>();
    private final List<String> modes = new ArrayList<>();
    private final List<Long> leafTrees = new ArrayList<>();
    private final List<Long> leafNodes = new ArrayList<>();
    private final List<Long> targets = new ArrayList<>();
    private final List<Float> weights = new ArrayList<>();

    Trees(Random random) {
      this.random = random;
    }

    void add(int tree) {
      int branches = (1 << DEPTH) - 1;
      for (int node = 0; node < 2 * branches + 1; node++) {
        boolean leaf = node >= branches;
        treeIds.add((long) tree);
        nodeIds.add((long) node);
        features.add(leaf ? 0L : (long) random.nextInt(FEATURES));
        values.add(leaf ? 0f : (float) random.nextGaussian() * 0.7f);
        yes.add(leaf ? 0L : 2L * node + 1);
        no.add(leaf ? 0L : 2L * node + 2);
        modes.add(leaf ? "LEAF" : "BRANCH_LT");
        if (leaf) {
          leafTrees.add((long) tree);
          leafNodes.add((long) node);
          targets.add((long) (tree % CLASSES.size()));
          weights.add((float) random.nextGaussian() * 0.05f);
        }
      }
    }

    Map<String, Object> attributes() {
      return Map.ofEntries(
          Map.entry("n_targets", (long) CLASSES.size()),
          Map.entry("nodes_treeids", longs(treeIds)),
          Map.entry("nodes_nodeids", longs(nodeIds)),
          Map.entry("nodes_featureids", longs(features)),
          Map.entry("nodes_values", floats(values)),
          Map.entry("nodes_modes", modes),
          Map.entry("nodes_truenodeids", longs(yes)),
          Map.entry("nodes_falsenodeids", longs(no)),
          Map.entry("target_treeids", longs(leafTrees)),
          Map.entry("target_nodeids", longs(leafNodes)),
          Map.entry("target_ids", longs(targets)),
          Map.entry("target_weights", floats(weights)));
    }

    private static long[] longs(List<Long> values) {
      return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static float[] floats(List<Float> values) {
      float[] floats = new float[values.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = values.get(i);
      }
      return floats;
    }
  }
}
