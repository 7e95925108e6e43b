package io.semnal.inference.compiled;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Random ensembles of trees as the operators' tables, and the thresholds in them. */
final class RandomTrees {
  static final String[] MODES = {
    "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"
  };

  private final Random random;
  private final int features;
  private final String[] modes;
  private final boolean missing;
  final List<Float> thresholds = new ArrayList<>();
  private final List<Long> treeIds = new ArrayList<>();
  private final List<Long> nodeIds = new ArrayList<>();
  private final List<Long> featureIds = new ArrayList<>();
  private final List<Long> yes = new ArrayList<>();
  private final List<Long> no = new ArrayList<>();
  private final List<Long> tracks = new ArrayList<>();
  private final List<String> nodeModes = new ArrayList<>();
  private final List<Float> values = new ArrayList<>();
  private final List<Long> weightTrees = new ArrayList<>();
  private final List<Long> weightNodes = new ArrayList<>();
  private final List<Long> weightTargets = new ArrayList<>();
  private final List<Float> weights = new ArrayList<>();
  private long nodes;

  RandomTrees(Random random, int features, String[] modes, boolean missing) {
    this.random = random;
    this.features = features;
    this.modes = modes;
    this.missing = missing;
  }

  /** Which targets a leaf has weights for, and of what sign. */
  interface Leaves {
    long[] targets(int tree);
  }

  void grow(int trees, int depth, Leaves leaves, boolean positive) {
    for (int tree = 0; tree < trees; tree++) {
      nodes = 0;
      node(tree, depth, leaves, positive);
    }
  }

  private long node(int tree, int depth, Leaves leaves, boolean positive) {
    long id = nodes++;
    int at = treeIds.size();
    boolean leaf = depth == 0 || random.nextInt(6) == 0;
    // Coarse thresholds, so that equality happens.
    float threshold = leaf ? 0 : Math.round(random.nextGaussian() * 4) / 4f;
    treeIds.add((long) tree);
    nodeIds.add(id);
    featureIds.add(leaf ? 0L : (long) random.nextInt(features));
    values.add(threshold);
    tracks.add(missing && !leaf ? (long) random.nextInt(2) : 0L);
    nodeModes.add(leaf ? "LEAF" : modes[random.nextInt(modes.length)]);
    yes.add(0L);
    no.add(0L);
    if (leaf) {
      for (long target : leaves.targets(tree)) {
        weightTrees.add((long) tree);
        weightNodes.add(id);
        weightTargets.add(target);
        float weight = (float) random.nextGaussian() * 0.3f;
        weights.add(positive ? Math.abs(weight) * 0.1f : weight);
      }
    } else {
      thresholds.add(threshold);
      yes.set(at, node(tree, depth - 1, leaves, positive));
      no.set(at, node(tree, depth - 1, leaves, positive));
    }
    return id;
  }

  Map<String, Object> attributes(boolean classifier) {
    String prefix = classifier ? "class" : "target";
    Map<String, Object> all = new TreeMap<>();
    all.put("nodes_treeids", longs(treeIds));
    all.put("nodes_nodeids", longs(nodeIds));
    all.put("nodes_featureids", longs(featureIds));
    all.put("nodes_truenodeids", longs(yes));
    all.put("nodes_falsenodeids", longs(no));
    all.put("nodes_modes", List.copyOf(nodeModes));
    all.put("nodes_values", floats(values));
    if (missing) {
      all.put("nodes_missing_value_tracks_true", longs(tracks));
    }
    all.put(prefix + "_treeids", longs(weightTrees));
    all.put(prefix + "_nodeids", longs(weightNodes));
    all.put(prefix + "_ids", longs(weightTargets));
    all.put(prefix + "_weights", floats(weights));
    return all;
  }

  /** Values at thresholds, a unit in the last place beside them, and what no number is. */
  Peers.Rows rows(boolean nan) {
    return (row, number) -> {
      for (int i = 0; i < row.length; i++) {
        float threshold =
            thresholds.isEmpty() ? 0 : thresholds.get(random.nextInt(thresholds.size()));
        row[i] =
            switch (random.nextInt(nan ? 9 : 7)) {
              case 0 -> threshold;
              case 1 -> Math.nextUp(threshold);
              case 2 -> Math.nextDown(threshold);
              case 3 -> -threshold;
              case 4 -> random.nextInt(4) == 0 ? Float.POSITIVE_INFINITY : -0f;
              case 5 -> random.nextInt(4) == 0 ? Float.NEGATIVE_INFINITY : threshold;
              case 6 -> (float) random.nextGaussian();
              default -> Float.NaN;
            };
      }
    };
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
