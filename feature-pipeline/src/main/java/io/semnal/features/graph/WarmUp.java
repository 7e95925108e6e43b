package io.semnal.features.graph;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.ObjIntConsumer;
import java.util.function.ToIntFunction;

/** Counts the bars that a cold graph needs until some of its nodes are warm. */
public final class WarmUp {
  /** Looked up, and folded by maximum: the order of iteration does not show. */
  private final Map<Node, Map<GraphContext, Integer>> known = new IdentityHashMap<>();

  /** Closes of a node by itself. */
  private final ToIntFunction<Node> closes;

  private WarmUp(ToIntFunction<Node> closes) {
    this.closes = closes;
  }

  /**
   * Reports bars per context. A node with history over another timeframe's value needs its own bars
   * after that value is warm: they are counted as bars of that timeframe too. Where the data
   * decide, it is the number by which a node is usually warm.
   *
   * @param more bars of the context that must follow once all are warm: the rows of a window
   */
  public static void report(
      GraphContext context, List<Node> nodes, int more, ObjIntConsumer<GraphContext> report) {
    report(new WarmUp(Node::usuallyWarmAfter), context, nodes, more, report);
  }

  /** The same before which none can be warm, whatever the data are. */
  public static void reportEarliest(
      GraphContext context, List<Node> nodes, int more, ObjIntConsumer<GraphContext> report) {
    report(new WarmUp(Node::warmAfter), context, nodes, more, report);
  }

  /** What the data must have shown before all are warm, in words; empty where bars alone decide. */
  public static SortedSet<String> conditions(List<Node> nodes) {
    SortedSet<String> result = new TreeSet<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> open = new ArrayDeque<>(nodes);
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (seen.add(node)) {
        if (!node.warmWhen().isEmpty()) {
          result.add(node.warmWhen());
        }
        open.addAll(List.of(node.inputs()));
      }
    }
    return result;
  }

  /** The same until all have a value, converged or not. */
  public static void reportDefined(
      GraphContext context, List<Node> nodes, int more, ObjIntConsumer<GraphContext> report) {
    report(new WarmUp(Node::definedAfter), context, nodes, more, report);
  }

  private static void report(
      WarmUp warmUp,
      GraphContext context,
      List<Node> nodes,
      int more,
      ObjIntConsumer<GraphContext> report) {
    Map<GraphContext, Integer> total = new HashMap<>();
    if (more > 0) {
      total.put(context, 1);
    }
    for (Node node : nodes) {
      warmUp.need(context, node).forEach((c, bars) -> total.merge(c, bars, Math::max));
    }
    total.forEach((c, bars) -> report.accept(c, bars + converted(more, context, c)));
  }

  private Map<GraphContext, Integer> need(GraphContext context, Node node) {
    Map<GraphContext, Integer> cached = known.get(node);
    if (cached != null) {
      return cached;
    }
    Map<GraphContext, Integer> result = new HashMap<>();
    if (node instanceof RemoteNode remote) {
      result.putAll(need(remote.source(), remote.inputs()[0]));
      result.merge(context, 1, Math::max);
    } else if (!(node instanceof ConstantNode)) {
      result.put(context, 1);
      for (Node input : node.inputs()) {
        need(context, input).forEach((c, bars) -> result.merge(c, bars, Math::max));
      }
      int more = closes.applyAsInt(node) - 1;
      result.replaceAll((c, bars) -> bars + converted(more, context, c));
    }
    known.put(node, result);
    return result;
  }

  private static int converted(int bars, GraphContext from, GraphContext to) {
    long seconds = (long) bars * from.timeframe().seconds();
    return (int) Math.ceilDiv(seconds, (long) to.timeframe().seconds());
  }
}
