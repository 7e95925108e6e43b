package io.semnal.features.graph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which values of a written plan somebody finds in {@link Node#out}, and which must be looked at
 * for infinity; the others never leave their method's registers.
 *
 * <p>A node reads its inputs from registers if it is an operation or a {@link SeriesNode} of the
 * same method; else by their fields.
 */
final class ValueFlow {
  /** Give an infinity or NaN for an infinity, wherever it stands. */
  private static final Set<String> CARRYING =
      Set.of("add", "subtract", "multiply", "negate", "abs", "sqrt", "floor");

  /** Likewise, if it does not stand second. */
  private static final Set<String> DIVIDING = Set.of("divide", "ratio");

  /** Give no infinity where they get none. */
  private static final Set<String> BOUNDED =
      Set.of(
          "less",
          "lessOrEqual",
          "more",
          "moreOrEqual",
          "equal",
          "notEqual",
          "negate",
          "abs",
          "sqrt",
          "sign",
          "floor",
          "lesser",
          "greater");

  private final Map<Node, Integer> methods = new IdentityHashMap<>();
  private final Map<Node, List<Node>> readers = new IdentityHashMap<>();
  private final Map<Node, Boolean> infinite = new IdentityHashMap<>();
  private final boolean closing;

  /**
   * @param nodes in topological order
   * @param closing whether values are closed, not provisional
   */
  ValueFlow(Node[] nodes, int nodesAMethod, boolean closing) {
    this.closing = closing;
    for (int i = 0; i < nodes.length; i++) {
      methods.put(nodes[i], i / nodesAMethod);
      for (Node input : nodes[i].inputs()) {
        readers.computeIfAbsent(input, n -> new ArrayList<>()).add(nodes[i]);
      }
    }
    for (Node node : nodes) {
      infinite.put(node, !isChecked(node) && !isBounded(node));
    }
  }

  /** The static method of {@link Elementwise} that computes it; null where there is none. */
  static String operation(Node node) {
    return node instanceof Elementwise.Pure pure ? pure.operation() : null;
  }

  /** Whether it is given its inputs' values. */
  static boolean isGiven(Node node) {
    return node instanceof SeriesNode || operation(node) != null;
  }

  /** Whether {@link Node#out} is read by anybody. */
  boolean isStored(Node node) {
    if (!isGiven(node) || (closing ? node.escapes : node.observed)) {
      return true;
    }
    for (Node reader : readers.getOrDefault(node, List.of())) {
      if (!isGiven(reader) || !methods.get(reader).equals(methods.get(node))) {
        return true;
      }
    }
    return false;
  }

  /** Whether an operation's result must be made NaN where it is infinite. */
  boolean isChecked(Node node) {
    if (node.observed) {
      return true;
    }
    return !isBounded(node) && (isStored(node) || !isCarried(node));
  }

  /** Whether all that read it would give an infinity or NaN for an infinity. */
  private boolean isCarried(Node node) {
    for (Node reader : readers.getOrDefault(node, List.of())) {
      String operation = operation(reader);
      boolean carries =
          operation != null
              && (CARRYING.contains(operation)
                  || DIVIDING.contains(operation) && reader.inputs()[1] != node);
      if (!carries) {
        return false;
      }
    }
    return true;
  }

  private boolean isBounded(Node node) {
    String operation = operation(node);
    if (operation == null || !BOUNDED.contains(operation)) {
      return false;
    }
    for (Node input : node.inputs()) {
      if (infinite.getOrDefault(input, false)) {
        return false;
      }
    }
    return true;
  }
}
