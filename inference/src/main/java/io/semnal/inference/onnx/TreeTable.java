package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxModel.Node;
import io.semnal.inference.onnx.OnnxModel.Tensor;
import io.semnal.inference.registry.ModelRefusedException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The trees of an ensemble as tables, checked: every branch leads on, none leads back, every weight
 * has its target.
 *
 * <p>Covers TreeEnsembleClassifier, TreeEnsembleRegressor and TreeEnsemble of {@code ai.onnx.ml}.
 * Thresholds and weights of float32 stand exactly in the doubles.
 */
public final class TreeTable {
  /** When the way goes to the "true" child. */
  public enum Mode {
    BRANCH_LEQ,
    BRANCH_LT,
    BRANCH_GTE,
    BRANCH_GT,
    BRANCH_EQ,
    BRANCH_NEQ,
    LEAF
  }

  /** To all nodes of all trees together. */
  private static final long MOST_WAYS = 1 << 24;

  private final Mode[] modes;
  private final int[] features;
  private final double[] thresholds;
  private final boolean[] missingIsTrue;
  private final int[] yes;
  private final int[] no;
  private final int[] roots;
  private final int targets;
  private final int[] weightStarts;
  private final int[] weightTargets;
  private final double[] weights;

  TreeTable(
      Mode[] modes,
      int[] features,
      double[] thresholds,
      boolean[] missingIsTrue,
      int[][] children,
      int[] roots,
      int targets,
      int[][] weightTable,
      double[] weights) {
    this.modes = modes;
    this.features = features;
    this.thresholds = thresholds;
    this.missingIsTrue = missingIsTrue;
    this.yes = children[0];
    this.no = children[1];
    this.roots = roots;
    this.targets = targets;
    this.weightStarts = weightTable[0];
    this.weightTargets = weightTable[1];
    this.weights = weights;
    checkWays();
  }

  public static boolean isTrees(Node node) {
    return node.domain().equals("ai.onnx.ml")
        && (node.operator().equals("TreeEnsembleClassifier")
            || node.operator().equals("TreeEnsembleRegressor")
            || node.operator().equals("TreeEnsemble"));
  }

  /**
   * @throws ModelRefusedException where the tables contradict each other
   */
  public static TreeTable read(Node node) {
    if (node.operator().equals("TreeEnsemble")) {
      return FlatTrees.read(node);
    }
    boolean classifier = node.operator().equals("TreeEnsembleClassifier");
    String prefix = classifier ? "class" : "target";
    long[] ids = integers(node, "nodes_nodeids");
    int count = ids.length;
    long[] trees = integers(node, "nodes_treeids", count);
    long[] featureIds = integers(node, "nodes_featureids", count);
    long[] trueIds = integers(node, "nodes_truenodeids", count);
    long[] falseIds = integers(node, "nodes_falsenodeids", count);
    long[] missing = integers(node, "nodes_missing_value_tracks_true");
    List<?> names = node.attributes().get("nodes_modes") instanceof List<?> l ? l : List.of();
    double[] values = reals(node, "nodes_values");
    if (count == 0 || names.size() != count || values.length != count) {
      throw refused(node, "its tables of nodes are empty or of different lengths");
    }
    Map<Long, Integer> places = new HashMap<>();
    for (int i = 0; i < count; i++) {
      if (places.put(key(node, trees[i], ids[i]), i) != null) {
        throw refused(node, "node " + ids[i] + " of tree " + trees[i] + " is there twice");
      }
    }
    Mode[] modes = new Mode[count];
    int[] features = new int[count];
    boolean[] missingIsTrue = new boolean[count];
    int[][] children = new int[2][count];
    for (int i = 0; i < count; i++) {
      modes[i] = mode(node, (String) names.get(i));
      missingIsTrue[i] = i < missing.length && missing[i] == 1;
      if (modes[i] != Mode.LEAF) {
        features[i] = small(node, "a feature's number", featureIds[i]);
        children[0][i] = place(node, places, trees[i], trueIds[i]);
        children[1][i] = place(node, places, trees[i], falseIds[i]);
      }
    }
    int targets = targets(node, classifier);
    double[] weights = reals(node, prefix + "_weights");
    int[] order = new int[weights.length];
    int[][] table = weights(node, prefix, places, targets, count, order);
    double[] ordered = new double[weights.length];
    for (int i = 0; i < ordered.length; i++) {
      ordered[i] = weights[order[i]];
    }
    return new TreeTable(
        modes, features, values, missingIsTrue, children, roots(trees), targets, table, ordered);
  }

  private static int targets(Node node, boolean classifier) {
    if (!classifier) {
      return small(
          node,
          "n_targets",
          node.attributes().get("n_targets") instanceof Long targets ? targets : 1);
    }
    List<?> texts =
        node.attributes().get("classlabels_strings") instanceof List<?> l ? l : List.of();
    int labels = texts.isEmpty() ? integers(node, "classlabels_int64s").length : texts.size();
    if (labels == 0) {
      throw refused(node, "it names no classes");
    }
    return labels;
  }

  /** Starts by node, and targets; {@code order} becomes the weights' places by node. */
  private static int[][] weights(
      Node node, String prefix, Map<Long, Integer> places, int targets, int nodes, int[] order) {
    int count = order.length;
    long[] trees = integers(node, prefix + "_treeids", count);
    long[] ids = integers(node, prefix + "_nodeids", count);
    long[] targetIds = integers(node, prefix + "_ids", count);
    int[] starts = new int[nodes + 1];
    int[] at = new int[count];
    for (int i = 0; i < count; i++) {
      at[i] = place(node, places, trees[i], ids[i]);
      starts[at[i] + 1]++;
    }
    for (int i = 0; i < nodes; i++) {
      starts[i + 1] += starts[i];
    }
    int[] next = starts.clone();
    int[] ordered = new int[count];
    for (int i = 0; i < count; i++) {
      int to = next[at[i]]++;
      order[to] = i;
      ordered[to] = small(node, "a target's number", targetIds[i]);
      if (ordered[to] >= targets) {
        throw refused(node, "a weight is for target " + targetIds[i] + " of " + targets);
      }
    }
    return new int[][] {starts, ordered};
  }

  private static int[] roots(long[] trees) {
    int[] roots = new int[trees.length];
    int count = 0;
    for (int i = 0; i < trees.length; i++) {
      if (i == 0 || trees[i] != trees[i - 1]) {
        roots[count++] = i;
      }
    }
    return Arrays.copyOf(roots, count);
  }

  /**
   * Nodes without a parent first, then those below: what is left over goes round in a circle. Ways
   * may meet again, as those of set membership do; where they meet so often that the tree they
   * stand for would fill the memory, they are refused.
   */
  private void checkWays() {
    long[] ways = new long[modes.length];
    long all = 0;
    int[] parents = new int[modes.length];
    int[] order = new int[modes.length];
    for (int i = 0; i < modes.length; i++) {
      if (modes[i] != Mode.LEAF) {
        parents[yes[i]]++;
        parents[no[i]]++;
      }
    }
    int known = 0;
    for (int i = 0; i < parents.length; i++) {
      if (parents[i] == 0) {
        ways[i] = 1;
        order[known++] = i;
      }
    }
    for (int next = 0; next < known; next++) {
      int node = order[next];
      all += ways[node];
      if (all > MOST_WAYS) {
        throw new ModelRefusedException(
            "the ways of a tree meet so often that there are more than " + MOST_WAYS);
      }
      if (modes[node] != Mode.LEAF) {
        ways[yes[node]] += ways[node];
        ways[no[node]] += ways[node];
        known = reached(yes[node], parents, order, known);
        known = reached(no[node], parents, order, known);
      }
    }
    if (known < modes.length) {
      throw new ModelRefusedException("a tree has a cycle");
    }
  }

  private static int reached(int node, int[] parents, int[] order, int known) {
    if (--parents[node] > 0) {
      return known;
    }
    order[known] = node;
    return known + 1;
  }

  private static Mode mode(Node node, String name) {
    for (Mode mode : Mode.values()) {
      if (mode.name().equals(name)) {
        return mode;
      }
    }
    throw refused(node, "a node's mode is '" + name + "'");
  }

  private static long key(Node node, long tree, long id) {
    return (long) small(node, "a tree's number", tree) << Integer.SIZE
        | small(node, "a node's number", id);
  }

  private static int place(Node node, Map<Long, Integer> places, long tree, long id) {
    Integer place = places.get(key(node, tree, id));
    if (place == null) {
      throw refused(node, "there is no node " + id + " in tree " + tree);
    }
    return place;
  }

  static int small(Node node, String what, long value) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw refused(node, what + " is " + value);
    }
    return (int) value;
  }

  private static long[] integers(Node node, String name) {
    return node.attributes().get(name) instanceof long[] values ? values : new long[0];
  }

  private static long[] integers(Node node, String name, int count) {
    long[] values = integers(node, name);
    if (values.length != count) {
      throw refused(node, name + " has " + values.length + " values, expected " + count);
    }
    return values;
  }

  private static double[] reals(Node node, String name) {
    if (node.attributes().get(name) instanceof float[] values) {
      double[] wide = new double[values.length];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = values[i];
      }
      return wide;
    }
    return node.attributes().get(name + "_as_tensor") instanceof Tensor tensor
        ? tensor.values()
        : new double[0];
  }

  private static ModelRefusedException refused(Node node, String reason) {
    return new ModelRefusedException(node.describe() + ": " + reason);
  }

  /** Nodes of all trees. */
  public int size() {
    return modes.length;
  }

  public int trees() {
    return roots.length;
  }

  public int root(int tree) {
    return roots[tree];
  }

  /** Targets of a regressor, classes of a classifier. */
  public int targets() {
    return targets;
  }

  public Mode mode(int node) {
    return modes[node];
  }

  public int feature(int node) {
    return features[node];
  }

  public double threshold(int node) {
    return thresholds[node];
  }

  /** Whether NaN goes the true way. */
  public boolean isMissingTrue(int node) {
    return missingIsTrue[node];
  }

  public int yes(int node) {
    return yes[node];
  }

  public int no(int node) {
    return no[node];
  }

  /** The weights of a node, from here to the next node's. */
  public int weightStart(int node) {
    return weightStarts[node];
  }

  public int weights() {
    return weights.length;
  }

  public int target(int weight) {
    return weightTargets[weight];
  }

  public double weight(int weight) {
    return weights[weight];
  }

  /** Whether a node's thresholds or weights are given in float64. */
  public static boolean isDouble(Node node) {
    return node.attributes().values().stream()
        .anyMatch(value -> value instanceof Tensor t && t.element() == OnnxModel.FLOAT64);
  }

  /** The greatest number of a feature that a node looks at; −1 where none does. */
  public int lastFeature() {
    int last = -1;
    for (int i = 0; i < modes.length; i++) {
      if (modes[i] != Mode.LEAF) {
        last = Math.max(last, features[i]);
      }
    }
    return last;
  }
}
