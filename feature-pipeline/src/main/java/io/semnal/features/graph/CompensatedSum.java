package io.semnal.features.graph;

import io.semnal.core.state.StateVisitor;
import io.semnal.core.state.Stateful;

/**
 * A sum in two doubles: what is added and later taken away again leaves nothing behind but 2⁻¹⁰⁶ of
 * the largest sum in between (error-free addition, Knuth 1969).
 */
final class CompensatedSum implements Stateful {
  private double sum;
  private double error;

  void add(double x) {
    double total = sum + x;
    double part = total - sum;
    error += (sum - (total - part)) + (x - part);
    sum = total;
  }

  double value() {
    return sum + error;
  }

  void clear() {
    sum = 0;
    error = 0;
  }

  @Override
  public void state(StateVisitor s) {
    sum = s.of(sum);
    error = s.of(error);
  }
}
