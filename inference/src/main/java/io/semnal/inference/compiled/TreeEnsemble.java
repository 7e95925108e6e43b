package io.semnal.inference.compiled;

import io.semnal.inference.onnx.TreeTable;
import io.semnal.inference.onnx.TreeTable.Mode;
import io.semnal.inference.registry.ModelRefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sums over an ensemble's trees, in float32 or float64 as the row is, and in the order of the
 * trees, as ONNX Runtime makes them on one thread.
 */
abstract class TreeEnsemble {
  /** How the trees' weights become one score. */
  enum Aggregate {
    SUM,
    AVERAGE,
    MIN,
    MAX
  }

  final double[] scores;

  /** Whether sums are made in float64. */
  private final boolean wide;

  /** Whether any tree gave that target a weight at the last row. */
  final boolean[] scored;

  private TreeEnsemble(int targets, boolean wide) {
    this.wide = wide;
    scores = new double[targets];
    scored = new boolean[targets];
  }

  /** Scores the row; the results stand in {@link #scores}. */
  abstract void run();

  /** As precise as the sums: of two float32, what float32 arithmetic gives. */
  final double rounded(double value) {
    return wide ? value : (float) value;
  }

  static TreeEnsemble of(TreeTable table, Aggregate aggregate, Value row, int features) {
    if (table.lastFeature() >= features) {
      throw new ModelRefusedException(
          "a tree looks at feature " + table.lastFeature() + " of " + features);
    }
    boolean summed = aggregate == Aggregate.SUM || aggregate == Aggregate.AVERAGE;
    int[] targets = summed ? targetsByTree(table) : null;
    return targets != null
        ? row.isWide()
            ? new OneTargetEachWide(table, targets, row, features)
            : new OneTargetEach(table, targets, row, features)
        : new Any(table, aggregate, row, features);
  }

  /**
   * The target of each tree, all of whose leaves have one weight for it; null where some do not.
   */
  private static int[] targetsByTree(TreeTable table) {
    int[] targets = new int[table.trees()];
    for (int tree = 0; tree < targets.length; tree++) {
      targets[tree] = -1;
      List<Integer> open = new ArrayList<>(List.of(table.root(tree)));
      while (!open.isEmpty()) {
        int node = open.removeLast();
        if (table.mode(node) != Mode.LEAF) {
          open.add(table.yes(node));
          open.add(table.no(node));
          continue;
        }
        int start = table.weightStart(node);
        if (table.weightStart(node + 1) - start != 1) {
          return null;
        }
        int target = table.target(start);
        if (targets[tree] >= 0 && targets[tree] != target) {
          return null;
        }
        targets[tree] = target;
      }
    }
    return targets;
  }

  /** Each tree scores one target, by one weight a leaf: boosted trees. */
  private static final class OneTargetEach extends TreeEnsemble {
    private final TreeWalk walk;
    private final float[] weights;

    /** The first tree of each target in the order of walking, and behind the last. */
    private final int[] starts;

    OneTargetEach(TreeTable table, int[] targets, Value row, int features) {
      super(table.targets(), false);
      starts = new int[table.targets() + 1];
      walk = TreeWalk.of(table, byTarget(targets, starts), row, features);
      weights = new float[walk.places()];
      for (int place = 0; place < weights.length; place++) {
        int node = walk.origin(place);
        // Minus zero changes no sum: the weight of the trees that only fill up a group of eight.
        weights[place] = node < 0 ? -0f : (float) table.weight(table.weightStart(node));
      }
    }

    @Override
    void run() {
      walk.run();
      int[] ends = walk.ends();
      for (int target = 0; target < scores.length; target++) {
        float sum = 0;
        for (int i = starts[target]; i < starts[target + 1]; i++) {
          sum += weights[ends[i]];
        }
        scores[target] = sum;
      }
    }
  }

  /** The same in float64. */
  private static final class OneTargetEachWide extends TreeEnsemble {
    private final TreeWalk walk;
    private final double[] weights;
    private final int[] starts;

    OneTargetEachWide(TreeTable table, int[] targets, Value row, int features) {
      super(table.targets(), true);
      starts = new int[table.targets() + 1];
      walk = TreeWalk.of(table, byTarget(targets, starts), row, features);
      weights = new double[walk.places()];
      for (int place = 0; place < weights.length; place++) {
        int node = walk.origin(place);
        weights[place] = node < 0 ? -0d : table.weight(table.weightStart(node));
      }
    }

    @Override
    void run() {
      walk.run();
      int[] ends = walk.ends();
      for (int target = 0; target < scores.length; target++) {
        double sum = 0;
        for (int i = starts[target]; i < starts[target + 1]; i++) {
          sum += weights[ends[i]];
        }
        scores[target] = sum;
      }
    }
  }

  /** Trees by target, each target's filled up to a multiple of those walked abreast. */
  int[] byTarget(int[] targets, int[] starts) {
    int[] order = new int[targets.length + scores.length * TreeWalk.ABREAST];
    Arrays.fill(order, -1);
    int at = 0;
    for (int target = 0; target < scores.length; target++) {
      for (int tree = 0; tree < targets.length; tree++) {
        if (targets[tree] == target) {
          order[at++] = tree;
          scored[target] = true;
        }
      }
      at = (at + TreeWalk.ABREAST - 1) / TreeWalk.ABREAST * TreeWalk.ABREAST;
      starts[target + 1] = at;
    }
    return Arrays.copyOf(order, at);
  }

  /** Any number of weights at a leaf, for any targets: forests, extremes. */
  private static final class Any extends TreeEnsemble {
    private final TreeTable table;
    private final Aggregate aggregate;
    private final TreeWalk walk;

    Any(TreeTable table, Aggregate aggregate, Value row, int features) {
      super(table.targets(), row.isWide());
      this.table = table;
      this.aggregate = aggregate;
      int groups = (table.trees() + TreeWalk.ABREAST - 1) / TreeWalk.ABREAST;
      int[] order = new int[groups * TreeWalk.ABREAST];
      for (int i = 0; i < order.length; i++) {
        order[i] = i < table.trees() ? i : -1;
      }
      walk = TreeWalk.of(table, order, row, features);
    }

    @Override
    void run() {
      walk.run();
      Arrays.fill(scores, 0);
      Arrays.fill(scored, false);
      for (int tree = 0; tree < table.trees(); tree++) {
        int node = walk.origin(walk.ends()[tree]);
        int end = table.weightStart(node + 1);
        for (int i = table.weightStart(node); i < end; i++) {
          add(table.target(i), table.weight(i));
        }
      }
    }

    private void add(int target, double weight) {
      switch (aggregate) {
        case SUM, AVERAGE -> scores[target] = rounded(scores[target] + weight);
        case MIN -> {
          if (!scored[target] || weight < scores[target]) {
            scores[target] = weight;
          }
        }
        case MAX -> {
          if (!scored[target] || weight > scores[target]) {
            scores[target] = weight;
          }
        }
      }
      scored[target] = true;
    }
  }
}
