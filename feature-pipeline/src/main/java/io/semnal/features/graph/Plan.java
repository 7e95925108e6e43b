package io.semnal.features.graph;

/**
 * Some nodes of one context, brought up to date together in topological order.
 *
 * <p>A plan runs in one of two ways that give the same bits: this class goes from node to node;
 * {@link PlanWriter} writes a class whose methods name every node, so that the JIT compiler sees
 * exact types instead of calls that it cannot inline.
 */
class Plan {
  private final Node[] nodes;

  Plan(Node[] nodes) {
    this.nodes = nodes;
  }

  /** Computes the provisional values. */
  void update() {
    for (Node node : nodes) {
      node.update();
    }
  }

  /** Computes the values and commits them. */
  void close() {
    for (Node node : nodes) {
      node.close();
    }
  }
}
