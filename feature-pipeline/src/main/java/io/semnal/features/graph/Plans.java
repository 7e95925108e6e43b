package io.semnal.features.graph;

import java.util.HashMap;
import java.util.Map;

/** Makes plans, writing a class for each shape of plan once. One thread. */
public final class Plans {
  /** Below it, a class of its own costs more than it saves. */
  private static final int FEWEST = 3;

  private final int fewest;

  /** Looked up by shape only, never iterated. */
  private final Map<String, PlanWriter.Shape> shapes = new HashMap<>();

  private Plans(int fewest) {
    this.fewest = fewest;
  }

  /** Writes classes for plans that are worth it. */
  public static Plans written() {
    return new Plans(FEWEST);
  }

  /** Goes from node to node. The values are the same. */
  public static Plans interpreted() {
    return new Plans(Integer.MAX_VALUE);
  }

  /** Of which only {@link Plan#close} is called. */
  Plan closing(Node[] nodes) {
    return plan(nodes, true);
  }

  /** Of which only {@link Plan#update} is called. */
  Plan updating(Node[] nodes) {
    return plan(nodes, false);
  }

  private Plan plan(Node[] nodes, boolean closing) {
    if (nodes.length < fewest) {
      return new Plan(nodes);
    }
    PlanWriter writer = new PlanWriter(nodes, closing);
    return shapes.computeIfAbsent(writer.shape(), shape -> writer.write()).plan(writer);
  }
}
