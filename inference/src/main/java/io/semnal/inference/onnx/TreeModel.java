package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxGraph.Element;
import java.util.List;
import java.util.Map;

/**
 * Writes additive trees as an ONNX file: {@code TreeEnsembleRegressor}, division by a temperature,
 * {@code Softmax}. The classifier operator's own transforms have open bugs, so it is not used.
 */
public final class TreeModel {
  private static final String MACHINE_LEARNING = "ai.onnx.ml";

  private TreeModel() {}

  /**
   * One tree; node 0 is its root. A row goes left where {@code row[feature] < threshold}.
   *
   * @param target position of the score that its leaves add to
   * @param feature by node; -1 = a leaf
   * @param threshold by node; of a leaf, what it adds
   * @param left position by node
   * @param right position by node
   * @param missingLeft by node: whether a missing value goes left
   */
  public record Tree(
      int target,
      int[] feature,
      float[] threshold,
      int[] left,
      int[] right,
      boolean[] missingLeft) {
    public int nodes() {
      return feature.length;
    }

    /** What the tree adds for the row that begins at {@code from}. */
    public float value(float[] rows, int from) {
      int node = 0;
      while (feature[node] >= 0) {
        float x = rows[from + feature[node]];
        boolean goesLeft = Float.isNaN(x) ? missingLeft[node] : x < threshold[node];
        node = goesLeft ? left[node] : right[node];
      }
      return threshold[node];
    }
  }

  /**
   * @param features values in a row
   * @param temperature that scores are divided by before the softmax
   * @param classes names of the targets in their order, kept in the file's metadata
   */
  public static byte[] write(
      List<Tree> trees, int features, double temperature, List<String> classes) {
    OnnxGraph graph =
        new OnnxGraph("trees")
            .opset(MACHINE_LEARNING, 3)
            .metadata("classes", String.join(",", classes))
            .input(OnnxWriter.INPUT, Element.FLOAT32, OnnxGraph.BATCH, features)
            .initializer("temperature", new float[] {(float) temperature}, 1);
    graph.node(
        MACHINE_LEARNING,
        "TreeEnsembleRegressor",
        List.of(OnnxWriter.INPUT),
        List.of("sums"),
        new Attributes(trees, classes.size()).map());
    graph.node("Div", List.of("sums", "temperature"), List.of("logits"), Map.of());
    graph.node("Softmax", List.of("logits"), List.of(OnnxWriter.OUTPUT), Map.of("axis", -1L));
    return graph
        .output(OnnxWriter.OUTPUT, Element.FLOAT32, OnnxGraph.BATCH, classes.size())
        .toBytes();
  }

  /** The operator's parallel arrays. */
  private static final class Attributes {
    private final int targets;
    private final long[] treeIds;
    private final long[] nodeIds;
    private final long[] features;
    private final long[] lefts;
    private final long[] rights;
    private final long[] missing;
    private final float[] thresholds;
    private final String[] modes;
    private final long[] leafTrees;
    private final long[] leafNodes;
    private final long[] leafTargets;
    private final float[] leafWeights;
    private int node;
    private int leaf;

    Attributes(List<Tree> trees, int targets) {
      this.targets = targets;
      int nodes = trees.stream().mapToInt(Tree::nodes).sum();
      int leaves = trees.stream().mapToInt(Attributes::leaves).sum();
      treeIds = new long[nodes];
      nodeIds = new long[nodes];
      features = new long[nodes];
      lefts = new long[nodes];
      rights = new long[nodes];
      missing = new long[nodes];
      thresholds = new float[nodes];
      modes = new String[nodes];
      leafTrees = new long[leaves];
      leafNodes = new long[leaves];
      leafTargets = new long[leaves];
      leafWeights = new float[leaves];
      for (int i = 0; i < trees.size(); i++) {
        add(i, trees.get(i));
      }
    }

    private static int leaves(Tree tree) {
      int leaves = 0;
      for (int feature : tree.feature()) {
        leaves += feature < 0 ? 1 : 0;
      }
      return leaves;
    }

    private void add(int id, Tree tree) {
      for (int i = 0; i < tree.nodes(); i++, node++) {
        boolean isLeaf = tree.feature()[i] < 0;
        treeIds[node] = id;
        nodeIds[node] = i;
        modes[node] = isLeaf ? "LEAF" : "BRANCH_LT";
        if (isLeaf) {
          leafTrees[leaf] = id;
          leafNodes[leaf] = i;
          leafTargets[leaf] = tree.target();
          leafWeights[leaf++] = tree.threshold()[i];
        } else {
          features[node] = tree.feature()[i];
          thresholds[node] = tree.threshold()[i];
          lefts[node] = tree.left()[i];
          rights[node] = tree.right()[i];
          missing[node] = tree.missingLeft()[i] ? 1 : 0;
        }
      }
    }

    Map<String, Object> map() {
      return Map.ofEntries(
          Map.entry("n_targets", (long) targets),
          Map.entry("aggregate_function", "SUM"),
          Map.entry("post_transform", "NONE"),
          Map.entry("nodes_treeids", treeIds),
          Map.entry("nodes_nodeids", nodeIds),
          Map.entry("nodes_featureids", features),
          Map.entry("nodes_values", thresholds),
          Map.entry("nodes_modes", List.of(modes)),
          Map.entry("nodes_truenodeids", lefts),
          Map.entry("nodes_falsenodeids", rights),
          Map.entry("nodes_missing_value_tracks_true", missing),
          Map.entry("target_treeids", leafTrees),
          Map.entry("target_nodeids", leafNodes),
          Map.entry("target_ids", leafTargets),
          Map.entry("target_weights", leafWeights));
    }
  }
}
