package io.semnal.inference.compiled;

import io.semnal.inference.compiled.TreeEnsemble.Aggregate;
import io.semnal.inference.onnx.OnnxModel;
import io.semnal.inference.onnx.TreeTable;

/** Ensembles of trees: base values, and the many ways in which two classes share one score. */
final class TreeOperators {
  /** In the order of their numbers in the format. */
  private static final Aggregate[] FLAT_AGGREGATES = {
    Aggregate.AVERAGE, Aggregate.SUM, Aggregate.MIN, Aggregate.MAX
  };

  private static final String SCORES = "only the scores of a classifier are computed";

  private TreeOperators() {}

  static void regressor(Call call) {
    ensemble(call, aggregate(call), PostTransform.of(call), base(call), OnnxModel.FLOAT32);
  }

  /** The operator of ai.onnx.ml 5, its choices by numbers. */
  static void flat(Call call) {
    long aggregate = call.integer("aggregate_function", 1);
    if (aggregate < 0 || aggregate >= FLAT_AGGREGATES.length) {
      throw call.unsupported("aggregate_function " + aggregate);
    }
    PostTransform transform = PostTransform.of(call, call.integer("post_transform", 0));
    Aggregate how = FLAT_AGGREGATES[(int) aggregate];
    ensemble(call, how, transform, new double[0], call.in(0).element());
  }

  private static void ensemble(
      Call call, Aggregate aggregate, PostTransform transform, double[] base, int element) {
    TreeTable table = TreeTable.read(call.node());
    int targets = table.targets();
    TreeEnsemble trees = TreeEnsemble.of(table, aggregate, call.in(0), features(call));
    boolean based = base.length == targets;
    boolean extreme = aggregate == Aggregate.MIN || aggregate == Aggregate.MAX;
    double count = aggregate == Aggregate.AVERAGE ? table.trees() : 1;
    Value result = call.result(0, element, new int[] {1, targets});
    double[] sums = result.isWide() ? result.wide() : new double[targets];
    float[] to = result.isWide() ? null : result.data();
    // Of the older operator ONNX Runtime leaves a single target as it is.
    boolean alone = targets == 1;
    call.step(
        () -> {
          trees.run();
          for (int i = 0; i < targets; i++) {
            boolean nothing = extreme && !trees.scored[i];
            double score = nothing ? 0 : trees.rounded(trees.scores[i] / count);
            // Of several targets, one that no tree scored stays 0 even with a base value.
            sums[i] =
                !based ? score : trees.scored[i] || alone ? trees.rounded(score + base[i]) : 0;
          }
          finish(sums, to, targets, alone ? PostTransform.NONE : transform);
        });
  }

  private static void finish(double[] sums, float[] to, int n, PostTransform transform) {
    if (to == null) {
      transform.apply(sums, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      to[i] = (float) sums[i];
    }
    transform.apply(to, n);
  }

  static void classifier(Call call) {
    if (call.wants(0)) {
      throw call.unsupported(SCORES);
    }
    TreeTable table = TreeTable.read(call.node());
    int classes = table.targets();
    PostTransform transform = PostTransform.of(call);
    double[] base = base(call);
    if (classes == 1
        || base.length > classes
        || classes > 2 && base.length != 0 && base.length != classes) {
      throw call.unsupported(classes + " classes with " + base.length + " base values");
    }
    TreeEnsemble trees = TreeEnsemble.of(table, Aggregate.SUM, call.in(0), features(call));
    Value result = Value.buffer(new int[] {1, classes}, OnnxModel.FLOAT32);
    call.result(1, result);
    float[] to = result.data();
    if (classes == 2) {
      call.step(new TwoClasses(trees, table, base, transform, to, call));
      return;
    }
    boolean based = base.length > 0;
    call.step(
        () -> {
          trees.run();
          for (int i = 0; i < classes; i++) {
            to[i] = (float) (based ? trees.scores[i] + base[i] : trees.scores[i]);
          }
          transform.apply(to, classes);
        });
  }

  /**
   * Two classes: scored each, or by one score from which the other follows, in ways that depend on
   * the signs of all weights. Follows ONNX Runtime case by case.
   */
  private static final class TwoClasses implements Step {
    private final TreeEnsemble trees;
    private final double[] base;
    private final PostTransform transform;
    private final float[] to;
    private final boolean oneScored;
    private final boolean allPositive;

    TwoClasses(
        TreeEnsemble trees,
        TreeTable table,
        double[] base,
        PostTransform transform,
        float[] to,
        Call call) {
      this.trees = trees;
      this.base = base;
      this.transform = transform;
      this.to = to;
      boolean positive = true;
      boolean one = true;
      for (int i = 0; i < table.weights(); i++) {
        positive &= table.weight(i) >= 0;
        one &= table.target(i) == table.target(0);
      }
      allPositive = positive;
      oneScored = one;
      if (base.length == 1 && !one) {
        throw call.unsupported("two scored classes with one base value");
      }
    }

    @Override
    public void run() {
      trees.run();
      double first = trees.scores[0];
      double second = trees.scores[1];
      boolean both = trees.scored[1];
      if (base.length == 2) {
        if (both) {
          second = trees.rounded(base[1] + first);
          first = -second;
        } else {
          second = 0;
          first = trees.rounded(first + base[0]);
          both = true;
        }
      } else if (base.length == 1) {
        first = trees.rounded(first + base[0]);
      }
      if (both) {
        // A class that no tree scored stays 0 whatever was added to it.
        to[0] = trees.scored[0] ? (float) first : 0;
        to[1] = (float) second;
        transform.apply(to, 2);
      } else {
        split((float) first);
      }
    }

    /** The one score to two. */
    private void split(float score) {
      if (transform == PostTransform.LOGISTIC) {
        to[0] = PostTransform.logistic(-score);
        to[1] = PostTransform.logistic(score);
      } else if (oneScored && allPositive) {
        to[0] = 1 - score;
        to[1] = score;
      } else {
        to[0] = -score;
        to[1] = score;
      }
    }
  }

  private static int features(Call call) {
    Value row = call.in(0);
    if (row.rank() == 0 || row.size() != row.dimension(row.rank() - 1) || row.isInteger()) {
      throw call.unsupported("an input of " + row);
    }
    return row.size();
  }

  private static double[] base(Call call) {
    OnnxModel.Tensor tensor = call.tensor("base_values_as_tensor");
    if (tensor != null) {
      return tensor.values();
    }
    float[] given = call.reals("base_values");
    double[] base = new double[given.length];
    for (int i = 0; i < base.length; i++) {
      base[i] = given[i];
    }
    return base;
  }

  private static Aggregate aggregate(Call call) {
    String name = call.text("aggregate_function", "SUM");
    for (Aggregate aggregate : Aggregate.values()) {
      if (aggregate.name().equals(name)) {
        return aggregate;
      }
    }
    throw call.unsupported("aggregate_function " + name);
  }
}
