package io.semnal.inference.compiled;

import io.semnal.inference.onnx.TreeTable;
import io.semnal.inference.onnx.TreeTable.Mode;
import java.util.Arrays;

/**
 * Walks all trees of an ensemble for one row, eight abreast and without branches.
 *
 * <p>A node is one {@code long}: threshold, feature, and the distance to its children, which lie
 * side by side. Values and thresholds are integers in the order of their floats, so that a step is
 * an integer comparison whose sign bit chooses the child. A leaf leads to itself: all eight take as
 * many steps as the deepest needs.
 *
 * <p>Float64 has no room in a node: there the integers are the values' ranks among the thresholds.
 *
 * <p>NaN compares as false in every mode but "not equal", unless a node sends what is missing to
 * its true child. Each feature therefore has two integers, NaN above all in one and below all in
 * the other, and a node looks at the one that sends NaN its way.
 */
final class TreeWalk {
  static final int ABREAST = 8;

  private static final int FEATURE_BITS = 13;
  private static final int DISTANCE_BITS = 19;
  private static final int FEATURE_MASK = (1 << FEATURE_BITS) - 1;
  private static final int DISTANCE_MASK = (1 << DISTANCE_BITS) - 1;
  private static final int MAX_NODES = 1 << 24;
  private static final int NOWHERE = -1;

  /** Of infinity: no number is above, NaN is. */
  private static final int INFINITE = 0x7F800000;

  private final Value row;
  private final Ranks ranks;
  private final int[] keys;
  private final int features;
  private final boolean needsLow;
  private final long[] nodes;
  private final int[] roots;
  private final int[] depths;

  /** The node of the table at each place; −1 where the place is none's leaf. */
  private final int[] origins;

  /** Where each tree's way ended. */
  private final int[] ends;

  private TreeWalk(Value row, int features, Layout layout) {
    this.row = row;
    ranks = layout.ranks;
    this.features = features;
    keys = new int[1 << FEATURE_BITS];
    needsLow = layout.needsLow;
    nodes = Arrays.copyOf(layout.nodes, layout.size);
    origins = Arrays.copyOf(layout.origins, layout.size);
    roots = layout.roots;
    depths = layout.depths;
    ends = new int[roots.length];
  }

  /**
   * @param order trees in the order of their ends, a multiple of {@link #ABREAST}; −1 for none
   */
  static TreeWalk of(TreeTable table, int[] order, Value row, int features) {
    if (2 * features > 1 << FEATURE_BITS) {
      throw new UnsupportedModelException("trees over " + features + " features");
    }
    Ranks ranks = row.isWide() ? new Ranks(table, features) : null;
    return new TreeWalk(row, features, new Layout(table, order, features, ranks));
  }

  /** The node of the table in which a place is a leaf. */
  int origin(int place) {
    return origins[place];
  }

  int places() {
    return nodes.length;
  }

  /** Where each tree's way ended at the last {@link #run}. */
  int[] ends() {
    return ends;
  }

  /** Walks for the row's present values. */
  void run() {
    readRow();
    for (int tree = 0; tree < roots.length; tree += ABREAST) {
      walk(tree, depths[tree / ABREAST]);
    }
  }

  private void readRow() {
    if (ranks == null) {
      float[] values = row.data();
      for (int i = 0; i < features; i++) {
        keys[i] = key(values[i]);
      }
    } else {
      ranks.read(row.wide(), keys);
    }
    if (needsLow) {
      for (int i = 0; i < features; i++) {
        keys[features + i] = keys[i] > INFINITE ? Integer.MIN_VALUE : keys[i];
      }
    }
  }

  /** An integer in the order of the floats, both zeros alike, NaN above all. */
  static int key(float value) {
    int bits = Float.floatToIntBits(value + 0f);
    return bits ^ bits >> 31 & 0x7FFFFFFF;
  }

  private void walk(int tree, int depth) {
    long[] all = nodes;
    int[] values = keys;
    int a = roots[tree];
    int b = roots[tree + 1];
    int c = roots[tree + 2];
    int d = roots[tree + 3];
    int e = roots[tree + 4];
    int f = roots[tree + 5];
    int g = roots[tree + 6];
    int h = roots[tree + 7];
    for (int i = depth; i > 0; i--) {
      a = next(all, values, a);
      b = next(all, values, b);
      c = next(all, values, c);
      d = next(all, values, d);
      e = next(all, values, e);
      f = next(all, values, f);
      g = next(all, values, g);
      h = next(all, values, h);
    }
    ends[tree] = a;
    ends[tree + 1] = b;
    ends[tree + 2] = c;
    ends[tree + 3] = d;
    ends[tree + 4] = e;
    ends[tree + 5] = f;
    ends[tree + 6] = g;
    ends[tree + 7] = h;
  }

  private static int next(long[] nodes, int[] keys, int place) {
    long node = nodes[place];
    int value = keys[(int) node >>> DISTANCE_BITS];
    // One where the value is above the threshold: then the difference is negative.
    int above = (int) ((node >> Integer.SIZE) - value >>> Long.SIZE - 1);
    return place + ((int) node & DISTANCE_MASK) + above;
  }

  /** Trees as they are laid out, breadth first: the nodes near the root lie together. */
  private static final class Layout {
    private final TreeTable table;
    private final int features;
    private final Ranks ranks;
    private final int[] roots;
    private final int[] depths;
    private long[] nodes = new long[64];
    private int[] origins = new int[64];
    private int size;
    private boolean needsLow;

    /** What waits for its children: node of the table, place, half of an equality, depth. */
    private int[] queue = new int[256];

    private int head;
    private int tail;

    Layout(TreeTable table, int[] order, int features, Ranks ranks) {
      this.table = table;
      this.ranks = ranks;
      this.features = features;
      roots = new int[order.length];
      depths = new int[order.length / ABREAST];
      int nowhere = place();
      leaf(nowhere, NOWHERE);
      for (int i = 0; i < order.length; i++) {
        roots[i] = order[i] < 0 ? nowhere : place();
        if (order[i] >= 0) {
          int depth = lay(table.root(order[i]), roots[i]);
          depths[i / ABREAST] = Math.max(depths[i / ABREAST], depth);
        }
      }
    }

    private int place() {
      if (size == nodes.length) {
        nodes = Arrays.copyOf(nodes, size * 2);
        origins = Arrays.copyOf(origins, size * 2);
      }
      if (size == MAX_NODES) {
        throw new UnsupportedModelException("trees with more than " + MAX_NODES + " nodes");
      }
      return size++;
    }

    private void leaf(int place, int origin) {
      nodes[place] = (long) Integer.MAX_VALUE << Integer.SIZE;
      origins[place] = origin;
    }

    private int lay(int root, int place) {
      head = 0;
      tail = 0;
      enqueue(root, place, false, 0);
      int deepest = 0;
      while (head < tail) {
        int node = queue[head++];
        int at = queue[head++];
        boolean second = queue[head++] != 0;
        int depth = queue[head++];
        deepest = Math.max(deepest, depth);
        if (table.mode(node) == Mode.LEAF) {
          leaf(at, node);
        } else {
          branch(node, at, second, depth);
        }
      }
      return deepest;
    }

    private void enqueue(int node, int place, boolean second, int depth) {
      if (tail + 4 > queue.length) {
        queue = Arrays.copyOf(queue, queue.length * 2);
      }
      queue[tail++] = node;
      queue[tail++] = place;
      queue[tail++] = second ? 1 : 0;
      queue[tail++] = depth;
    }

    /**
     * @param second whether this is an equality's second half: not above, but is it below?
     */
    private void branch(int node, int at, boolean second, int depth) {
      int least = place();
      int above = place();
      double threshold = table.threshold(node);
      int key = ranks == null ? key((float) threshold) : ranks.of(table.feature(node), threshold);
      boolean never = Double.isNaN(threshold);
      boolean missing = table.isMissingTrue(node);
      int yes = table.yes(node);
      int no = table.no(node);
      origins[at] = NOWHERE;
      switch (table.mode(node)) {
        case BRANCH_LEQ, BRANCH_LT -> {
          int most = table.mode(node) == Mode.BRANCH_LEQ ? key : key - 1;
          node(at, least, never ? Integer.MIN_VALUE : most, node, missing);
          enqueue(yes, least, false, depth + 1);
          enqueue(no, above, false, depth + 1);
        }
        case BRANCH_GTE, BRANCH_GT -> {
          int most = table.mode(node) == Mode.BRANCH_GT ? key : key - 1;
          node(at, least, never ? INFINITE : most, node, !missing);
          enqueue(no, least, false, depth + 1);
          enqueue(yes, above, false, depth + 1);
        }
        default -> {
          boolean equal = table.mode(node) == Mode.BRANCH_EQ;
          boolean toEqual = equal && missing;
          if (second) {
            node(at, least, never ? INFINITE : key - 1, node, false);
            enqueue(equal ? no : yes, least, false, depth + 1);
            enqueue(equal ? yes : no, above, false, depth + 1);
          } else {
            node(at, least, never ? INFINITE : key, node, toEqual);
            enqueue(node, least, true, depth + 1);
            enqueue(equal ? no : yes, above, false, depth + 1);
          }
        }
      }
    }

    /**
     * @param missingIsLow whether NaN takes the way of what is not above
     */
    private void node(int at, int least, int threshold, int node, boolean missingIsLow) {
      int distance = least - at;
      if (distance > DISTANCE_MASK) {
        throw new UnsupportedModelException("a tree with more than " + DISTANCE_MASK + " nodes");
      }
      needsLow |= missingIsLow;
      int feature = table.feature(node) + (missingIsLow ? features : 0);
      nodes[at] =
          (long) threshold << Integer.SIZE
              | ((long) (feature & FEATURE_MASK) << DISTANCE_BITS | distance) & 0xFFFFFFFFL;
    }
  }
}
