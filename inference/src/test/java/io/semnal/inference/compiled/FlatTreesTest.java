package io.semnal.inference.compiled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.semnal.inference.onnx.OnnxGraph;
import io.semnal.inference.onnx.OnnxGraph.Element;
import io.semnal.inference.onnx.OnnxModel;
import io.semnal.inference.onnx.OnnxModel.Tensor;
import io.semnal.inference.registry.ModelRefusedException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** {@code TreeEnsemble} of ai.onnx.ml 5 against ONNX Runtime. */
class FlatTreesTest {
  private static final String ML = "ai.onnx.ml";
  private static final int FEATURES = 7;
  private static final double TOLERANCE = 1e-5;
  private static final int UNSIGNED_BYTE = 2;

  @Property(tries = 80)
  void ensemblesOfEveryMode(
      @ForAll @IntRange(min = 0, max = 6) int mode,
      @ForAll @IntRange(min = 1, max = 20) int trees,
      @ForAll @IntRange(min = 1, max = 3) int targets,
      @ForAll @IntRange(min = 0, max = 3) int aggregate,
      @ForAll boolean softmaxZero,
      @ForAll boolean missing,
      @ForAll boolean wide,
      @ForAll long seed) {
    Random random = new Random(seed);
    String[] modes = mode == 6 ? RandomTrees.MODES : new String[] {RandomTrees.MODES[mode]};
    RandomTrees grown = new RandomTrees(random, FEATURES, modes, missing);
    grown.grow(trees, 5, tree -> new long[] {random.nextInt(targets)}, false);
    Map<String, Object> attributes = flat(grown.attributes(false), wide);
    attributes.put("n_targets", (long) targets);
    attributes.put("aggregate_function", (long) aggregate);
    // A single target keeps its score only where there is nothing to do to it.
    attributes.put("post_transform", targets > 1 && softmaxZero ? 3L : 0L);
    byte[] onnx = model(attributes, targets, wide);
    if (isMisread(attributes)) {
      assertThatThrownBy(() -> CompiledScorer.open(onnx, FEATURES, ""))
          .isInstanceOf(ModelRefusedException.class)
          .hasMessageContaining("which ONNX Runtime misreads");
    } else {
      Peers.assertAgree(onnx, FEATURES, 40, TOLERANCE, grown.rows(true));
    }
  }

  /** Whether ONNX Runtime would take a root for a leaf that it is not. */
  private static boolean isMisread(Map<String, Object> attributes) {
    for (long root : (long[]) attributes.get("tree_roots")) {
      long yes = ((long[]) attributes.get("nodes_truenodeids"))[(int) root];
      long no = ((long[]) attributes.get("nodes_falsenodeids"))[(int) root];
      boolean leaf =
          ((long[]) attributes.get("nodes_trueleafs"))[(int) root] == 1
              && ((long[]) attributes.get("nodes_falseleafs"))[(int) root] == 1;
      if (yes == no && !(leaf && yes == root)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void branchesOnMembershipOfASet() {
    // Feature 0 in {1, 3, 4.5}: then leaf 0, else is feature 1 in {2}: leaf 1, else leaf 2.
    Map<String, Object> attributes = new TreeMap<>();
    attributes.put("nodes_featureids", new long[] {0, 1});
    attributes.put("nodes_modes", bytes(6, 6));
    attributes.put("nodes_splits", reals(false, 0, 0));
    attributes.put("nodes_truenodeids", new long[] {0, 1});
    attributes.put("nodes_trueleafs", new long[] {1, 1});
    attributes.put("nodes_falsenodeids", new long[] {1, 2});
    attributes.put("nodes_falseleafs", new long[] {0, 1});
    attributes.put("membership_values", reals(false, 1, 3, 4.5, Double.NaN, 2, Double.NaN));
    attributes.put("tree_roots", new long[] {0});
    attributes.put("leaf_targetids", new long[] {0, 0, 0});
    attributes.put("leaf_weights", reals(false, 10, 20, 30));
    attributes.put("n_targets", 1L);
    byte[] onnx = model(attributes, 1, false);
    float[] values = {1, 2, 3, 4.5f, 5, Float.NaN, 0};
    Random random = new Random(4);
    Peers.Rows rows =
        (row, number) -> {
          for (int i = 0; i < row.length; i++) {
            row[i] = values[random.nextInt(values.length)];
          }
        };
    Peers.assertAgree(onnx, FEATURES, 200, 0, rows);
    try (CompiledScorer scorer = CompiledScorer.open(onnx, FEATURES, "")) {
      Peers.score(scorer, new float[] {4.5f, 0, 0, 0, 0, 0, 0});
      assertThat(scorer.output(0)).isEqualTo(10);
      Peers.score(scorer, new float[] {2, 2, 0, 0, 0, 0, 0});
      assertThat(scorer.output(0)).isEqualTo(20);
    }
  }

  /** Sixty branches whose both ways lead to the next: a tree of 2^60 leaves. */
  @Test
  void waysThatMeetTooOftenAreRefused() {
    int count = 60;
    Map<String, Object> attributes = new TreeMap<>();
    long[] next = new long[count];
    long[] leaves = new long[count];
    for (int i = 0; i < count; i++) {
      next[i] = i + 1 < count ? i + 1 : 0;
      leaves[i] = i + 1 < count ? 0 : 1;
    }
    attributes.put("nodes_featureids", new long[count]);
    attributes.put("nodes_modes", bytes(new double[count]));
    attributes.put("nodes_splits", reals(false, new double[count]));
    attributes.put("nodes_truenodeids", next);
    attributes.put("nodes_trueleafs", leaves);
    long[] others = next.clone();
    others[0] = 2;
    attributes.put("nodes_falsenodeids", others);
    attributes.put("nodes_falseleafs", leaves);
    attributes.put("tree_roots", new long[] {0});
    attributes.put("leaf_targetids", new long[] {0});
    attributes.put("leaf_weights", reals(false, 1));
    attributes.put("n_targets", 1L);
    byte[] onnx = model(attributes, 1, false);
    assertThatThrownBy(() -> CompiledScorer.open(onnx, FEATURES, ""))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("the ways of a tree meet so often");
    attributes.put("nodes_falsenodeids", new long[count]);
    attributes.put("nodes_falseleafs", new long[count]);
    assertThatThrownBy(() -> CompiledScorer.open(model(attributes, 1, false), FEATURES, ""))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessage("a tree has a cycle");
  }

  /** The older operators' tables as the newer one has them. */
  private static Map<String, Object> flat(Map<String, Object> old, boolean wide) {
    long[] trees = (long[]) old.get("nodes_treeids");
    long[] ids = (long[]) old.get("nodes_nodeids");
    List<?> modes = (List<?>) old.get("nodes_modes");
    int count = ids.length;
    long[] weightTrees = (long[]) old.get("target_treeids");
    long[] weightNodes = (long[]) old.get("target_nodeids");
    Map<String, Integer> leaves = new TreeMap<>();
    for (int i = 0; i < weightTrees.length; i++) {
      leaves.put(weightTrees[i] + "/" + weightNodes[i], i);
    }
    Map<String, Integer> branches = new TreeMap<>();
    Table table = new Table(count);
    for (int i = 0; i < count; i++) {
      String key = trees[i] + "/" + ids[i];
      if (ids[i] == 0 && leaves.containsKey(key)) {
        // A tree that is one leaf is a branch whose both ways end there.
        table.root(table.size);
        table.add(0, 0, 0, 0);
        table.way(table.size - 1, leaves.get(key), true, true);
        table.way(table.size - 1, leaves.get(key), true, false);
      } else if (!leaves.containsKey(key)) {
        if (ids[i] == 0) {
          table.root(table.size);
        }
        branches.put(key, table.size);
        long[] tracks = (long[]) old.get("nodes_missing_value_tracks_true");
        int mode = Arrays.asList(RandomTrees.MODES).indexOf((String) modes.get(i));
        table.add(
            ((long[]) old.get("nodes_featureids"))[i],
            ((float[]) old.get("nodes_values"))[i],
            mode,
            tracks == null ? 0 : tracks[i]);
      }
    }
    for (int i = 0; i < count; i++) {
      Integer at = branches.get(trees[i] + "/" + ids[i]);
      for (boolean yes : at == null ? new boolean[0] : new boolean[] {true, false}) {
        String side = yes ? "nodes_truenodeids" : "nodes_falsenodeids";
        String child = trees[i] + "/" + ((long[]) old.get(side))[i];
        boolean leaf = leaves.containsKey(child);
        table.way(at, leaf ? leaves.get(child) : branches.get(child), leaf, yes);
      }
    }
    Map<String, Object> attributes = table.attributes(wide);
    attributes.put("leaf_targetids", old.get("target_ids"));
    float[] weights = (float[]) old.get("target_weights");
    double[] values = new double[weights.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = wide ? weights[i] * (4.0 / 3) : weights[i];
    }
    attributes.put("leaf_weights", reals(wide, values));
    return attributes;
  }

  /** Branches as they are gathered. */
  private static final class Table {
    private final long[] features;
    private final double[] splits;
    private final double[] modes;
    private final long[] tracks;
    private final long[][] ways;
    private final long[] roots;
    private int size;
    private int trees;

    Table(int most) {
      features = new long[most];
      splits = new double[most];
      modes = new double[most];
      tracks = new long[most];
      ways = new long[4][most];
      roots = new long[most];
    }

    void root(int place) {
      roots[trees++] = place;
    }

    void add(long feature, double split, int mode, long track) {
      features[size] = feature;
      splits[size] = split;
      modes[size] = mode;
      tracks[size++] = track;
    }

    void way(int from, long to, boolean leaf, boolean yes) {
      ways[yes ? 0 : 2][from] = to;
      ways[yes ? 1 : 3][from] = leaf ? 1 : 0;
    }

    Map<String, Object> attributes(boolean wide) {
      Map<String, Object> all = new TreeMap<>();
      all.put("nodes_featureids", Arrays.copyOf(features, size));
      all.put("nodes_splits", reals(wide, Arrays.copyOf(splits, size)));
      all.put("nodes_modes", bytes(Arrays.copyOf(modes, size)));
      all.put("nodes_missing_value_tracks_true", Arrays.copyOf(tracks, size));
      all.put("nodes_truenodeids", Arrays.copyOf(ways[0], size));
      all.put("nodes_trueleafs", Arrays.copyOf(ways[1], size));
      all.put("nodes_falsenodeids", Arrays.copyOf(ways[2], size));
      all.put("nodes_falseleafs", Arrays.copyOf(ways[3], size));
      all.put("tree_roots", Arrays.copyOf(roots, trees));
      return all;
    }
  }

  private static Tensor reals(boolean wide, double... values) {
    int element = wide ? OnnxModel.FLOAT64 : OnnxModel.FLOAT32;
    return new Tensor(element, new int[] {values.length}, values);
  }

  private static Tensor bytes(double... values) {
    return new Tensor(UNSIGNED_BYTE, new int[] {values.length}, values);
  }

  private static byte[] model(Map<String, Object> attributes, int targets, boolean wide) {
    Element element = wide ? Element.FLOAT64 : Element.FLOAT32;
    return new OnnxGraph("flat")
        .opset(ML, 5)
        .input("features", element, OnnxGraph.BATCH, FEATURES)
        .node(ML, "TreeEnsemble", List.of("features"), List.of("scores"), attributes)
        .output("scores", element, OnnxGraph.BATCH, targets)
        .toBytes();
  }
}
