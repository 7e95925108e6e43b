package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;
import java.util.Arrays;

/**
 * Sum over the last n values in O(1), by additions alone: nothing is ever taken away, so that a
 * value leaves no trace, and the error is that of summing the window afresh.
 *
 * <p>The n − 1 values that a window holds before its newest are the end of one block and the
 * beginning of the next. Of a full block the sums from each position to its end are made once; the
 * present block's sum grows. A missing value makes the sum missing as long as the window holds it,
 * and so do the values before the first.
 */
final class BlockSum implements Stateful {
  /** Values of the present block below {@link #position}, sums of the block before from there. */
  private final double[] parts;

  private final boolean single;
  private int position;
  private double present;

  BlockSum(int period) {
    single = period == 1;
    parts = new double[Math.max(period - 1, 1)];
    Arrays.fill(parts, single ? 0 : Double.NaN);
  }

  /** Sum of the window that ends with {@code x}; NaN where it is not full. */
  double with(double x) {
    return parts[position] + present + x;
  }

  void commit(double x) {
    if (single) {
      return;
    }
    parts[position] = x;
    present += x;
    if (++position == parts.length) {
      endBlock();
    }
  }

  private void endBlock() {
    double sum = 0;
    for (int i = parts.length - 1; i >= 0; i--) {
      sum += parts[i];
      parts[i] = sum;
    }
    position = 0;
    present = 0;
  }

  @Override
  public void state(StateVisitor s) {
    s.of(parts);
    position = s.of(position);
    present = s.of(present);
  }
}
