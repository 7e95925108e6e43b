package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxModel.Node;
import io.semnal.inference.onnx.OnnxModel.Tensor;
import io.semnal.inference.onnx.TreeTable.Mode;
import io.semnal.inference.registry.ModelRefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the operator {@code TreeEnsemble} of {@code ai.onnx.ml} 5: branches and leaves in tables of
 * their own, each tree by its root.
 *
 * <p>A branch on membership of a set becomes a chain of equalities that share their true child, as
 * ONNX Runtime does it.
 */
final class FlatTrees {
  private static final int MEMBER = 6;

  private final Node node;
  private final int branches;
  private final long[] trueIds;
  private final long[] falseIds;
  private final long[] trueLeaves;
  private final long[] falseLeaves;
  private final double[] leafWeights;
  private final long[] leafTargets;
  private final List<Mode> modes = new ArrayList<>();
  private final List<Integer> features = new ArrayList<>();
  private final List<Double> splits = new ArrayList<>();
  private final List<Boolean> missing = new ArrayList<>();
  private final List<int[]> children = new ArrayList<>();

  private FlatTrees(Node node) {
    this.node = node;
    trueIds = integers("nodes_truenodeids");
    branches = trueIds.length;
    falseIds = integers("nodes_falsenodeids", branches);
    trueLeaves = integers("nodes_trueleafs", branches);
    falseLeaves = integers("nodes_falseleafs", branches);
    leafWeights = tensor("leaf_weights");
    leafTargets = integers("leaf_targetids", leafWeights.length);
  }

  static TreeTable read(Node node) {
    return new FlatTrees(node).table();
  }

  private TreeTable table() {
    double[] modeNumbers = tensor("nodes_modes");
    double[] given = tensor("nodes_splits");
    long[] featureIds = integers("nodes_featureids", branches);
    long[] tracks = integers("nodes_missing_value_tracks_true");
    if (modeNumbers.length != branches || given.length != branches || branches == 0) {
      throw refused("its tables of nodes are empty or of different lengths");
    }
    double[] members = tensor("membership_values");
    int[] firsts = new int[branches];
    int member = 0;
    for (int i = 0; i < branches; i++) {
      firsts[i] = modes.size();
      int feature = TreeTable.small(node, "a feature's number", featureIds[i]);
      boolean missingIsTrue = i < tracks.length && tracks[i] == 1;
      if (modeNumbers[i] != MEMBER) {
        add(mode(modeNumbers[i]), feature, given[i], missingIsTrue, i, false);
        continue;
      }
      int end = member;
      while (end < members.length && !Double.isNaN(members[end])) {
        end++;
      }
      if (end == member) {
        throw refused("a branch on membership of nothing");
      }
      for (; member < end; member++) {
        add(Mode.BRANCH_EQ, feature, members[member], missingIsTrue, i, member + 1 < end);
      }
      member++;
    }
    return filled(firsts);
  }

  private void add(
      Mode mode, int feature, double split, boolean missingIsTrue, int branch, boolean goesOn) {
    modes.add(mode);
    features.add(feature);
    splits.add(split);
    missing.add(missingIsTrue);
    children.add(new int[] {branch, goesOn ? 1 : 0});
  }

  /** Leaves behind the branches, children by their places. */
  private TreeTable filled(int[] firsts) {
    int inner = modes.size();
    int all = inner + leafWeights.length;
    Mode[] allModes = new Mode[all];
    int[] allFeatures = new int[all];
    double[] thresholds = new double[all];
    boolean[] missingIsTrue = new boolean[all];
    int[][] ways = new int[2][all];
    Arrays.fill(allModes, Mode.LEAF);
    for (int i = 0; i < inner; i++) {
      allModes[i] = modes.get(i);
      allFeatures[i] = features.get(i);
      thresholds[i] = splits.get(i);
      missingIsTrue[i] = missing.get(i);
      int branch = children.get(i)[0];
      boolean goesOn = children.get(i)[1] != 0;
      ways[0][i] = place(trueLeaves[branch], trueIds[branch], firsts, inner);
      ways[1][i] = goesOn ? i + 1 : place(falseLeaves[branch], falseIds[branch], firsts, inner);
    }
    long[] rootIds = integers("tree_roots");
    int[] roots = new int[rootIds.length];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = place(0, rootIds[i], firsts, inner);
      checkRoot((int) rootIds[i]);
    }
    int targets =
        TreeTable.small(
            node,
            "n_targets",
            node.attributes().get("n_targets") instanceof Long given ? given : 1);
    int[] starts = new int[all + 1];
    int[] weightTargets = new int[leafWeights.length];
    for (int i = 0; i < leafWeights.length; i++) {
      starts[inner + i + 1] = i + 1;
      weightTargets[i] = TreeTable.small(node, "a target's number", leafTargets[i]);
      if (weightTargets[i] >= targets) {
        throw refused("a weight is for target " + leafTargets[i] + " of " + targets);
      }
    }
    return new TreeTable(
        allModes,
        allFeatures,
        thresholds,
        missingIsTrue,
        ways,
        roots,
        targets,
        new int[][] {starts, weightTargets},
        leafWeights);
  }

  /**
   * ONNX Runtime takes a root whose ways bear one number, be they leaves or not, for a leaf, and
   * looks for that under the root's own number, checked or not.
   */
  private void checkRoot(int root) {
    boolean alike = trueIds[root] == falseIds[root];
    boolean leaf = trueLeaves[root] != 0 && falseLeaves[root] != 0 && trueIds[root] == root;
    if (alike && !leaf) {
      throw refused(
          "both ways of root "
              + root
              + " bear the number "
              + trueIds[root]
              + ", which ONNX Runtime misreads");
    }
  }

  private int place(long isLeaf, long id, int[] firsts, int inner) {
    int most = isLeaf == 0 ? branches : leafWeights.length;
    if (id < 0 || id >= most) {
      throw refused("there is no " + (isLeaf == 0 ? "node " : "leaf ") + id);
    }
    return isLeaf == 0 ? firsts[(int) id] : inner + (int) id;
  }

  private Mode mode(double number) {
    if (!(number >= 0 && number < MEMBER)) {
      throw refused("a node's mode is " + number);
    }
    return Mode.values()[(int) number];
  }

  private double[] tensor(String name) {
    return node.attributes().get(name) instanceof Tensor tensor ? tensor.values() : new double[0];
  }

  private long[] integers(String name) {
    return node.attributes().get(name) instanceof long[] values ? values : new long[0];
  }

  private long[] integers(String name, int count) {
    long[] values = integers(name);
    if (values.length != count) {
      throw refused(name + " has " + values.length + " values, expected " + count);
    }
    return values;
  }

  private ModelRefusedException refused(String reason) {
    return new ModelRefusedException(node.describe() + ": " + reason);
  }
}
