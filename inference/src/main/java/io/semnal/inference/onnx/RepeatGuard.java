package io.semnal.inference.onnx;

import io.semnal.inference.onnx.OnnxModel.Graph;
import io.semnal.inference.onnx.OnnxModel.Node;
import io.semnal.inference.registry.ModelRefusedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Refuses what repeats within what repeats: a scan in a scan's body, whose steps multiply, and
 * operators defined by operators until a few lines stand for millions of nodes. One scan, over the
 * rows of a window, is what recurrent networks are exported as.
 */
final class RepeatGuard {
  /** A large network has some thousands. */
  private static final long MOST_NODES = 1 << 17;

  private static final Set<String> REPEATING = Set.of("Scan", "SequenceMap");

  private final Map<String, List<Node>> functions = new HashMap<>();

  /** Nodes that a call of a function stands for, by function. */
  private final Map<String, Long> sizes = new HashMap<>();

  private final Set<String> open = new HashSet<>();

  /** Functions that repeat something, known once their size is. */
  private final Map<String, Node> repeating = new HashMap<>();

  /** Overloads of a name count as one that does what all of them do. */
  void define(String domain, String name, List<Node> nodes) {
    functions.computeIfAbsent(domain + ":" + name, key -> new ArrayList<>()).addAll(nodes);
  }

  void check(Graph graph) {
    for (Map.Entry<String, List<Node>> function : functions.entrySet()) {
      size(function.getKey());
      nested(function.getValue(), null);
    }
    limit(size(graph.nodes()));
    nested(graph.nodes(), null);
  }

  private long size(String function) {
    Long known = sizes.get(function);
    if (known != null) {
      return known;
    }
    if (!open.add(function)) {
      throw new ModelRefusedException("function " + function + " of the model calls itself");
    }
    List<Node> nodes = functions.get(function);
    long size = size(nodes);
    Node first = firstRepeating(nodes);
    if (first != null) {
      repeating.put(function, first);
    }
    open.remove(function);
    sizes.put(function, size);
    return size;
  }

  private long size(List<Node> nodes) {
    long size = 0;
    for (Node node : nodes) {
      String function = function(node);
      size += functions.containsKey(function) ? size(function) : 1;
      for (Object attribute : node.attributes().values()) {
        size += attribute instanceof Graph body ? size(body.nodes()) : 0;
      }
      limit(size);
    }
    return size;
  }

  private static void limit(long size) {
    if (size > MOST_NODES) {
      throw new ModelRefusedException(
          "the model's functions stand for more than " + MOST_NODES + " nodes");
    }
  }

  /** Of these nodes, the bodies in them, or functions that they call; null = none. */
  private Node firstRepeating(List<Node> nodes) {
    for (Node node : nodes) {
      if (isRepeating(node)) {
        return node;
      }
      Node called = repeating.get(function(node));
      if (called != null) {
        return called;
      }
      for (Object attribute : node.attributes().values()) {
        Node within = attribute instanceof Graph body ? firstRepeating(body.nodes()) : null;
        if (within != null) {
          return within;
        }
      }
    }
    return null;
  }

  /**
   * @param around the scan in whose body the nodes stand; null = none
   */
  private void nested(List<Node> nodes, Node around) {
    for (Node node : nodes) {
      Node again = isRepeating(node) ? node : repeating.get(function(node));
      if (around != null && again != null) {
        throw new ModelRefusedException(
            again.describe()
                + " would be repeated in each step of "
                + around.describe()
                + "; export the model with the inner one unrolled");
      }
      for (Object attribute : node.attributes().values()) {
        if (attribute instanceof Graph body) {
          nested(body.nodes(), isRepeating(node) ? node : around);
        }
      }
    }
  }

  private static boolean isRepeating(Node node) {
    return node.domain().isEmpty() && REPEATING.contains(node.operator());
  }

  private static String function(Node node) {
    return node.domain() + ":" + node.operator();
  }
}
