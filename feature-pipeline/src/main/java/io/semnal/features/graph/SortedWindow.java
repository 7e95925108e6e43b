package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;

/**
 * The last n values in order: how many lie below a bound, and how far from it, in O(log n).
 *
 * <p>A weight-balanced tree (Adams 1992, with the factors 3 and 2 of Hirai and Yamamoto 2011) whose
 * nodes are the places of a ring, so that nothing is allocated and the value that leaves is known
 * by its place. Equal values are kept apart by their place. Each node knows the sum of its
 * subtree's distances to a {@link #recentre() centre}, always added up anew from its two subtrees:
 * what has left the window leaves no rounding error behind.
 */
final class SortedWindow implements Stateful {
  private static final int BALANCE = 3;
  private static final int ROTATION = 2;

  /** By place, from 1; place 0 is the empty tree. NaN stands for itself and is in no tree. */
  private final double[] values;

  private final int[] left;
  private final int[] right;
  private final int[] size;
  private final double[] sums;
  private double centre;
  private int root;
  private int head = 1;
  private int filled;
  private int countBelow;
  private double sumBelow;

  SortedWindow(int length) {
    values = new double[length + 1];
    left = new int[length + 1];
    right = new int[length + 1];
    size = new int[length + 1];
    sums = new double[length + 1];
  }

  /** Whether the window is full, and none of its values missing. */
  boolean isReady() {
    return size[root] == values.length - 1;
  }

  /** Whether the next value is the first of another turn around the ring. */
  boolean isTurned() {
    return head == 1;
  }

  double centre() {
    return centre;
  }

  /** How many values are less than the bound. */
  int below(double bound) {
    int count = 0;
    int t = root;
    while (t != 0) {
      if (values[t] < bound) {
        count += size[left[t]] + 1;
        t = right[t];
      } else {
        t = left[t];
      }
    }
    return count;
  }

  /** Σ|x − centre − bound|. */
  double distances(double bound) {
    countBelow(bound);
    int above = size[root] - countBelow;
    return (countBelow * bound - sumBelow) + (sums[root] - sumBelow - above * bound);
  }

  /** Counts and adds up the values whose distance to the centre is less than the bound. */
  private void countBelow(double bound) {
    int count = 0;
    double sum = 0;
    int t = root;
    while (t != 0) {
      double d = values[t] - centre;
      int l = left[t];
      if (d < bound) {
        count += size[l] + 1;
        sum += sums[l] + d;
        t = right[t];
      } else {
        t = l;
      }
    }
    countBelow = count;
    sumBelow = sum;
  }

  /** Σ(x − centre). */
  double sum() {
    return sums[root];
  }

  /** The newest value takes the oldest one's place. */
  void commit(double value) {
    int place = head;
    head = place + 1 == values.length ? 1 : place + 1;
    if (filled < values.length - 1) {
      filled++;
    } else if (!Double.isNaN(values[place])) {
      root = remove(root, place);
    }
    values[place] = value;
    if (!Double.isNaN(value)) {
      left[place] = 0;
      right[place] = 0;
      root = insert(root, place);
    }
  }

  /** Measures distances from the present mean. O(n). */
  void recentre() {
    centre = Centre.of(values, 1, filled + 1);
    sumUp(root);
  }

  @Override
  public void state(StateVisitor s) {
    s.of(values);
    s.of(left);
    s.of(right);
    s.of(size);
    s.of(sums);
    centre = s.of(centre);
    root = s.of(root);
    head = s.of(head);
    filled = s.of(filled);
  }

  private void sumUp(int t) {
    if (t != 0) {
      sumUp(left[t]);
      sumUp(right[t]);
      join(t);
    }
  }

  private boolean isBefore(int a, int b) {
    double x = values[a];
    double y = values[b];
    return x < y || (x == y && a < b);
  }

  private int insert(int t, int place) {
    if (t == 0) {
      join(place);
      return place;
    }
    if (isBefore(place, t)) {
      left[t] = insert(left[t], place);
    } else {
      right[t] = insert(right[t], place);
    }
    return balance(t);
  }

  private int remove(int t, int place) {
    if (t == place) {
      return without(t);
    }
    if (isBefore(place, t)) {
      left[t] = remove(left[t], place);
    } else {
      right[t] = remove(right[t], place);
    }
    return balance(t);
  }

  /** The subtree without its root. */
  private int without(int t) {
    if (left[t] == 0) {
      return right[t];
    }
    if (right[t] == 0) {
      return left[t];
    }
    int next = right[t];
    while (left[next] != 0) {
      next = left[next];
    }
    right[next] = withoutFirst(right[t]);
    left[next] = left[t];
    return balance(next);
  }

  private int withoutFirst(int t) {
    if (left[t] == 0) {
      return right[t];
    }
    left[t] = withoutFirst(left[t]);
    return balance(t);
  }

  private int balance(int t) {
    int l = left[t];
    int r = right[t];
    int weightLeft = size[l] + 1;
    int weightRight = size[r] + 1;
    if (weightRight > BALANCE * weightLeft) {
      if (size[left[r]] + 1 >= ROTATION * (size[right[r]] + 1)) {
        right[t] = rotateRight(r);
      }
      return rotateLeft(t);
    }
    if (weightLeft > BALANCE * weightRight) {
      if (size[right[l]] + 1 >= ROTATION * (size[left[l]] + 1)) {
        left[t] = rotateLeft(l);
      }
      return rotateRight(t);
    }
    join(t);
    return t;
  }

  private int rotateLeft(int t) {
    int r = right[t];
    right[t] = left[r];
    left[r] = t;
    join(t);
    join(r);
    return r;
  }

  private int rotateRight(int t) {
    int l = left[t];
    left[t] = right[l];
    right[l] = t;
    join(t);
    join(l);
    return l;
  }

  private void join(int t) {
    int l = left[t];
    int r = right[t];
    size[t] = size[l] + size[r] + 1;
    sums[t] = sums[l] + sums[r] + (values[t] - centre);
  }
}
