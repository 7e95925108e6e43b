package io.semnal.features.graph;

/**
 * A node with a history of one series, told the series' value: a written plan hands it over in a
 * register. Warm after a count of bars, never by what their data are.
 */
abstract class SeriesNode extends Node {
  private final Node x;

  /** As of {@link Node}. */
  SeriesNode(int definedAfter, int warmAfter, Node x) {
    super(definedAfter, warmAfter, x);
    this.x = x;
  }

  /** As {@link #compute()}, for that value of the series. */
  abstract double compute(double v);

  /**
   * As {@link #commit()}.
   *
   * @param value what {@link #compute} gave, NaN for an infinity
   */
  abstract void commit(double v, double value);

  /** Both at once, by the same operations. */
  double close(double v) {
    double value = finite(compute(v));
    commit(v, value);
    return value;
  }

  @Override
  protected final double compute() {
    return compute(x.out);
  }

  @Override
  protected final void commit() {
    commit(x.out, out);
  }

  @Override
  protected final boolean converged() {
    return true;
  }
}
