package io.semnal.inference.compiled;

import io.semnal.inference.compiled.TreeEnsemble.Aggregate;
import io.semnal.inference.onnx.OnnxModel;
import io.semnal.inference.onnx.TreeTable;

/** Ensembles of trees: base values, and the many ways in which two classes share one score. */
final class TreeOperators {
  private static final String SCORES = "only the scores of a classifier are computed";

  private TreeOperators() {}

  static void regressor(Call call) {
    TreeTable table = table(call);
    Value row = call.in(0);
    Aggregate aggregate = aggregate(call);
    PostTransform transform = PostTransform.of(call);
    int targets = table.targets();
    TreeEnsemble trees = TreeEnsemble.of(table, aggregate, row.data(), features(call));
    float[] base = base(call);
    boolean based = base.length == targets;
    boolean extreme = aggregate == Aggregate.MIN || aggregate == Aggregate.MAX;
    float count = aggregate == Aggregate.AVERAGE ? table.trees() : 1;
    float[] to = call.result(new int[] {1, targets}).data();
    boolean alone = targets == 1;
    call.step(
        () -> {
          trees.run();
          for (int i = 0; i < targets; i++) {
            float score = extreme && !trees.scored[i] ? 0 : trees.scores[i] / count;
            // Of several targets, one that no tree scored stays 0 even with a base value.
            to[i] = !based ? score : trees.scored[i] || alone ? score + base[i] : 0;
          }
          if (!alone) {
            transform.apply(to, targets);
          }
        });
  }

  static void classifier(Call call) {
    if (call.wants(0)) {
      throw call.unsupported(SCORES);
    }
    TreeTable table = table(call);
    Value row = call.in(0);
    int classes = table.targets();
    PostTransform transform = PostTransform.of(call);
    float[] base = base(call);
    if (classes == 1
        || base.length > classes
        || classes > 2 && base.length != 0 && base.length != classes) {
      throw call.unsupported(classes + " classes with " + base.length + " base values");
    }
    TreeEnsemble trees = TreeEnsemble.of(table, Aggregate.SUM, row.data(), features(call));
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
            to[i] = based ? trees.scores[i] + base[i] : trees.scores[i];
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
    private final float[] base;
    private final PostTransform transform;
    private final float[] to;
    private final boolean oneScored;
    private final boolean allPositive;

    TwoClasses(
        TreeEnsemble trees,
        TreeTable table,
        float[] base,
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
      float first = trees.scores[0];
      float second = trees.scores[1];
      boolean both = trees.scored[1];
      if (base.length == 2) {
        if (both) {
          second = base[1] + first;
          first = -second;
        } else {
          second = 0;
          first += base[0];
          both = true;
        }
      } else if (base.length == 1) {
        first += base[0];
      }
      if (both) {
        // A class that no tree scored stays 0 whatever was added to it.
        to[0] = trees.scored[0] ? first : 0;
        to[1] = second;
        transform.apply(to, 2);
      } else {
        split(first);
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

  private static TreeTable table(Call call) {
    if (TreeTable.isDouble(call.node())) {
      throw call.unsupported("thresholds in float64");
    }
    return TreeTable.read(call.node());
  }

  private static int features(Call call) {
    Value row = call.in(0);
    if (row.rank() == 0 || row.size() != row.dimension(row.rank() - 1) || row.isInteger()) {
      throw call.unsupported("an input of " + row);
    }
    return row.size();
  }

  private static float[] base(Call call) {
    OnnxModel.Tensor tensor = call.tensor("base_values_as_tensor");
    return tensor == null
        ? call.reals("base_values")
        : Value.constant(tensor.shape(), tensor.element(), tensor.values()).data().clone();
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
